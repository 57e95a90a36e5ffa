package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A program on the person's own machine: authorization code with PKCE, back by loopback. */
@WithKeycloak
class CodeLoginTest {

  private static final AuthorizationCodeGrant OPENID = Grant.authorizationCode().scope("openid");

  private final Keycloak keycloak;
  private final List<TokenSet> kept = new CopyOnWriteArrayList<>();

  CodeLoginTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  private OAuthClient client(RegisteredClient registered, Windows windows) {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .authentication(ClientAuthentication.none(registered.id()))
        .login(windows.asLogin())
        .onRotated(kept::add)
        .build();
  }

  private void assertTokenOf(String username, AccessToken token) {
    assertThat(keycloak.introspect(token.value()))
        .containsEntry("active", true)
        .containsEntry("username", username);
  }

  private String lastRefreshToken() {
    return kept.get(kept.size() - 1).refreshToken().orElseThrow().reveal();
  }

  @Test
  void oneLoginServesAllWhoAsk() {
    Windows windows = new Windows(FormLogin.as(Person.ALICE));
    try (OAuthClient client = client(RegisteredClient.NATIVE, windows)) {
      TokenSource tokens = client.tokens(OPENID);
      List<AccessToken> got =
          IntStream.range(0, 8).parallel().mapToObj(i -> tokens.token()).distinct().toList();
      assertThat(got).hasSize(1);
      assertTokenOf("alice", got.get(0));
      assertThat(windows.ends()).hasSize(1);
    }
  }

  @Test
  void theAnswerComesToTheLoopbackLiteralAndNamesKeycloak() {
    Windows windows = new Windows(FormLogin.as(Person.ALICE));
    try (OAuthClient client = client(RegisteredClient.NATIVE, windows)) {
      client.tokens(OPENID).token();
    }
    URI end = windows.ends().get(0);
    assertThat(end.getHost()).isEqualTo("127.0.0.1");
    assertThat(FlowsByHand.query(end)).containsEntry("iss", keycloak.issuer());
  }

  @Test
  @Spec("RF-02")
  void theRefreshTokenIsFollowedWithoutAnotherLogin() {
    Windows windows = new Windows(FormLogin.as(Person.ALICE));
    try (OAuthClient client = client(RegisteredClient.NATIVE_5S, windows)) {
      TokenSource tokens = client.tokens(OPENID);
      AccessToken token = tokens.token();
      for (int i = 0; i < 3; i++) {
        tokens.invalidate(token);
        assertThat(tokens.token()).isNotEqualTo(token);
        token = tokens.token();
      }
      assertTokenOf("alice", token);
    }
    assertThat(kept).hasSize(4);
    assertThat(kept).extracting(TokenSet::refreshToken).doesNotHaveDuplicates();
    assertThat(windows.opened()).hasSize(1);
  }

  @Test
  void aRevokedGrantHasThePersonAskedOnceMore() {
    Windows windows = new Windows(FormLogin.as(Person.ALICE));
    try (OAuthClient client = client(RegisteredClient.NATIVE, windows)) {
      TokenSource tokens = client.tokens(OPENID);
      AccessToken first = tokens.token();
      keycloak.revoke(RegisteredClient.NATIVE, lastRefreshToken());
      tokens.invalidate(first);
      AccessToken second = tokens.token();
      assertTokenOf("alice", second);
      assertThat(windows.ends()).hasSize(2);
    }
  }

  @Test
  void whoDeclinesIsNotAskedAgain() {
    Windows windows = new Windows(FormLogin.refusingAs(Person.BOB));
    AuthorizationCodeGrant asking = OPENID.authorizationParameter("prompt", "consent");
    try (OAuthClient client = client(RegisteredClient.NATIVE_CONSENT, windows)) {
      TokenSource tokens = client.tokens(asking);
      assertDeclined(tokens);
      assertDeclined(tokens);
      assertThat(windows.ends()).hasSize(1);
    }
  }

  private void assertDeclined(TokenSource tokens) {
    assertThatThrownBy(tokens::token)
        .isInstanceOfSatisfying(
            LoginFailedException.class, e -> assertThat(e.error()).contains("access_denied"))
        .hasMessageContaining(keycloak.issuer())
        .hasMessageContaining("declined");
  }
}
