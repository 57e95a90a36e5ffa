package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.AnswerScript;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenSource;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What is still in memory when a client or a source is closed, or a grant is given back. */
@Spec("SE-43")
@ExtendWith(ScriptedServers.class)
class ForgottenSecretsTest {

  private static final String SECRET = "CanaryClientSecret";
  private static final String ACCESS_TOKEN = "CanaryAccessToken";
  private static final String REFRESH_TOKEN = "CanaryRefreshToken";
  private static final String NEXT_REFRESH_TOKEN = "CanaryNextRefresh";
  private static final List<String> TOKENS =
      List.of(ACCESS_TOKEN, REFRESH_TOKEN, NEXT_REFRESH_TOKEN);
  private static final List<String> ALL =
      List.of(SECRET, ACCESS_TOKEN, REFRESH_TOKEN, NEXT_REFRESH_TOKEN);

  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;

  ForgottenSecretsTest(ScriptedAuthorizationServer server, ScriptedApi api) {
    this.server = server;
    this.api = api;
  }

  @BeforeEach
  void answer() {
    server.registerClient("id", SECRET);
    tokenScript().answerAlways(Answer.computedFrom(ForgottenSecretsTest::answerTo));
    api.answerAlways(Answer.status(200));
  }

  private static Answer answerTo(RecordedRequest request) {
    boolean isRefresh = request.bodyText().contains("refresh_token");
    return Answer.json(
        200,
        "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":300%s}"
            .formatted(
                ACCESS_TOKEN,
                isRefresh ? ",\"refresh_token\":\"" + NEXT_REFRESH_TOKEN + "\"" : ""));
  }

  private AnswerScript tokenScript() {
    return server.script(server.tokenEndpoint().getPath());
  }

  private OAuthClient client() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clientSecretPost("id", SECRET)
        .onRotated(tokens -> {})
        .build();
  }

  private static Grant refreshGrant() {
    return Grant.refreshToken(REFRESH_TOKEN);
  }

  @Test
  void theSearchFindsWhatIsThere() {
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(refreshGrant());
      source.token();
      for (String canary : ALL) {
        assertThat(Reachable.ways(client, List.of(canary))).as(canary).isNotEmpty();
        assertThat(Reachable.ways(source, List.of(canary))).as(canary).isNotEmpty();
      }
    }
  }

  @Test
  void aClosedClientHoldsNoTokenAndWhatItGaveHoldsNoSecretAtAll() throws Exception {
    OAuthClient client = client();
    TokenSource rotating = client.tokens(refreshGrant());
    TokenSource own = client.tokens(Grant.clientCredentials());
    HttpClient http = client.httpClientFor(api.origin().toString(), Grant.clientCredentials());
    BearerAuthorizer authorizer =
        client.authorizer().bind(refreshGrant(), api.origin().toString()).build();
    rotating.token();
    rotating.invalidate(rotating.token());
    rotating.token();
    own.token();
    assertThat(Api.get(http, api.uri("/x")).statusCode()).isEqualTo(200);
    client.close();
    assertThat(Reachable.ways(client, TOKENS)).isEmpty();
    for (Object given : List.of(rotating, own, http, authorizer)) {
      assertThat(Reachable.ways(given, ALL)).as("%s", given).isEmpty();
    }
    assertThatThrownBy(own::token).isInstanceOf(SourceClosedException.class);
  }

  @Test
  void aClosedSourceHoldsNothingWhileItsClientLives() {
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(refreshGrant());
      source.token();
      source.close();
      assertThat(Reachable.ways(source, ALL)).isEmpty();
    }
  }

  @Test
  void aTokenThatArrivesAfterTheEndIsNotKept() throws Exception {
    tokenScript().answerNext(Answer.hang());
    OAuthClient client = client();
    TokenSource source = client.tokens(Grant.clientCredentials());
    source.tokenAsync();
    server.awaitHung(1, Duration.ofSeconds(10));
    client.close();
    assertThat(Reachable.ways(source, ALL)).isEmpty();
  }

  @Test
  void aGrantThatIsGivenBackLeavesNoTokenBehind() {
    server.script(server.revocationEndpoint().getPath()).answerAlways(Answer.status(200));
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(refreshGrant());
      AccessToken token = source.token();
      assertThat(token.value()).isEqualTo(ACCESS_TOKEN);
      client.revoke(refreshGrant());
      assertThatThrownBy(source::token).isInstanceOf(LoginRequiredException.class);
      assertThat(Reachable.ways(client, List.of(ACCESS_TOKEN, NEXT_REFRESH_TOKEN))).isEmpty();
    }
  }
}
