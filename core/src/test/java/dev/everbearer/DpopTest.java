package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.DpopKey;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.login.Login;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.RefreshTokensFor;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a login to calls, with servers that want a proof of everything, and a new nonce in each. */
@Timeout(60)
@ExtendWith(ScriptedServers.class)
class DpopTest {

  private static final String CALLBACK = "https://app.example/callback";

  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;

  DpopTest(ScriptedAuthorizationServer server, ScriptedApi api) {
    this.server = server;
    this.api = api;
  }

  @BeforeEach
  void wantEverything() {
    server.dpop().require(true).requireNonce(true).rotateNonceOnEveryAnswer(true);
    api.dpop().require(true).requireNonce(true).rotateNonceOnEveryAnswer(true);
    server.registerPublicClient("app");
    server.registerRedirectUris("app", CALLBACK);
  }

  private OAuthClientBuilder app() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .authentication(ClientAuthentication.none("app"));
  }

  @Test
  @Spec({"DP-02", "DP-03", "DP-08", "DP-09", "DP-10"})
  void callsGoThroughAndEachNonceIsAskedForOnce() throws Exception {
    try (OAuthClient client = Api.clientOf(server).dpop().build()) {
      HttpClient http = client.httpClientFor(api.origin().toString(), Grant.clientCredentials());
      for (int i = 0; i < 5; i++) {
        assertThat(Api.get(http, api.uri("/data?i=" + i)).statusCode()).isEqualTo(200);
      }
      assertThat(api.requests()).as("one challenge, at first").hasSize(6);
      assertThat(server.tokenRequests()).hasSize(2);
      server.revokeAllAccessTokens();
      assertThat(Api.getAsync(http, api.uri("/data")).statusCode()).isEqualTo(200);
      assertThat(server.tokenRequests()).as("the nonce of the last answer is good").hasSize(3);
    }
  }

  @Test
  @Spec({"DP-08", "DP-14"})
  void aPushedRequestNamesTheKeyThatItsProofShows() throws Exception {
    DpopKey key = DpopKey.generate();
    try (OAuthClient client = app().dpop(key).build()) {
      client.authorizationCodeFlow(Grant.authorizationCode().scope("read"), CALLBACK).start();
    }
    List<RecordedRequest> pushed = server.requestsTo("pushed_authorization_request_endpoint");
    assertThat(pushed).as("a nonce challenge in between").hasSize(2);
    assertThat(pushed)
        .allSatisfy(
            sent -> {
              assertThat(sent.form()).containsEntry("dpop_jkt", List.of(key.thumbprint()));
              assertThat(Proof.of(sent).thumbprint()).isEqualTo(key.thumbprint());
            });
  }

  @Test
  @Spec({"DP-08", "DP-14"})
  void aCodeIsBoundToTheKeyAndRedeemedOnceInSpiteOfANonceChallenge() throws Exception {
    server.withoutMetadata("pushed_authorization_request_endpoint");
    server.refreshTokensFor(RefreshTokensFor.EVERY_LOGIN);
    DpopKey key = DpopKey.generate();
    TokenSet tokens;
    try (OAuthClient client = app().dpop(key).build()) {
      AuthorizationCodeFlow flow =
          client.authorizationCodeFlow(Grant.authorizationCode().scope("read"), CALLBACK);
      AuthorizationRedirect redirect = flow.start();
      assertThat(redirect.url().getRawQuery()).contains("dpop_jkt=" + key.thumbprint());
      String back = new UserAgent().redirectOf(redirect.url()).toString();
      tokens = flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(back));
    }
    assertThat(tokens.accessToken().keyThumbprint()).contains(key.thumbprint());
    assertThat(server.tokenRequests()).hasSize(2);
    assertThat(server.codesReused()).isZero();
    try (OAuthClient client = app().dpop(key).build()) {
      String refreshToken = tokens.refreshToken().orElseThrow().reveal();
      TokenSource source = client.tokens(Grant.refreshToken(refreshToken));
      source.invalidate(source.token());
      assertThat(source.token().keyThumbprint()).contains(key.thumbprint());
      assertThat(server.reuseDetected()).isZero();
    }
  }

  @Test
  @Spec("DP-14")
  void aClientWithoutAKeySendsNoDpopJkt() {
    try (OAuthClient client = app().build()) {
      AuthorizationRedirect redirect =
          client.authorizationCodeFlow(Grant.authorizationCode(), CALLBACK).start();
      assertThat(redirect.url().getRawQuery()).doesNotContain("dpop");
    }
  }

  @Test
  @Spec("DP-13")
  void aPersonIsAskedAgainWhenTheKeyOfTheRefreshTokenIsLost() {
    server.registerRedirectUris("app", "http://127.0.0.1/callback");
    AtomicInteger logins = new AtomicInteger();
    Login login =
        Login.byPasting(
                url -> {
                  logins.incrementAndGet();
                  return redirect(url);
                })
            .path("/callback");
    MemoryTokenStore store = new MemoryTokenStore(InstantSource.system());
    DpopKey key = DpopKey.generate();
    Grant grant = Grant.authorizationCode().scope("read");
    for (int start = 0; start < 2; start++) {
      try (OAuthClient client = app().store(store).login(login).dpop(key).build()) {
        TokenSource source = client.tokens(grant);
        source.invalidate(source.token());
        assertThat(source.token().keyThumbprint()).contains(key.thumbprint());
      }
    }
    assertThat(logins).hasValue(1);
    try (OAuthClient client = app().store(store).dpop().build()) {
      assertThatThrownBy(() -> client.tokens(grant).token())
          .isInstanceOf(LoginRequiredException.class)
          .hasMessageContaining(key.thumbprint());
    }
    try (OAuthClient client = app().store(store).login(login).dpop().build()) {
      assertThat(client.tokens(grant).token().keyThumbprint()).isEqualTo(client.dpopThumbprint());
    }
    assertThat(logins).hasValue(2);
    assertThat(server.reuseDetected()).isZero();
  }

  private static String redirect(URI url) {
    try {
      return new UserAgent().redirectOf(url).toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  @Spec("SE-03")
  void neitherTokensNorProofsAreLogged() throws Exception {
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer");
        OAuthClient client = Api.clientOf(server).dpop().build()) {
      HttpClient http = client.httpClientFor(api.origin().toString(), Grant.clientCredentials());
      Api.get(http, api.uri("/data"));
      String token = client.tokens(Grant.clientCredentials()).token().value();
      List<String> proofs =
          Stream.concat(server.tokenRequests().stream(), api.requests().stream())
              .map(sent -> sent.header("DPoP").orElseThrow())
              .toList();
      assertThat(logs.everything())
          .isNotEmpty()
          .noneMatch(line -> line.contains(token) || proofs.stream().anyMatch(line::contains));
    }
  }

  @Test
  @Spec("DP-02")
  void noProofIsEverSentTwice() throws Exception {
    try (OAuthClient client = Api.clientOf(server).dpop().build()) {
      HttpClient http = client.httpClientFor(api.origin().toString(), Grant.clientCredentials());
      for (int i = 0; i < 3; i++) {
        Api.get(http, api.uri("/data"));
      }
    }
    Stream<RecordedRequest> all =
        Stream.concat(server.tokenRequests().stream(), api.requests().stream());
    assertThat(all.map(Proof::of).map(proof -> proof.claim("jti"))).doesNotHaveDuplicates();
  }
}
