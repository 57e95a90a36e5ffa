package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.server.RefreshPolicy.Successor;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class RefreshTest {

  private static final Duration WINDOW = Duration.ofSeconds(10);

  private final Http http = new Http();
  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final String first;

  RefreshTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.clock = clock;
    this.server = server;
    server.registerPublicClient("app");
    first = server.issueRefreshToken("app", "a", "b");
  }

  private HttpResponse<String> refresh(String token, String more) throws IOException {
    String form = "grant_type=refresh_token&client_id=app&refresh_token=" + token + more;
    return http.post(server.tokenEndpoint(), form);
  }

  private HttpResponse<String> refresh(String token) throws IOException {
    return refresh(token, "");
  }

  private void assertRefused(HttpResponse<String> response) {
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(string(response, "error")).isEqualTo("invalid_grant");
  }

  @Test
  void rotatesOnEachUse() throws IOException {
    HttpResponse<String> response = refresh(first);
    String second = string(response, "refresh_token");
    String third = string(refresh(second), "refresh_token");

    assertThat(string(response, "scope")).isEqualTo("a b");
    assertThat(first).isNotEqualTo(second);
    assertThat(second).isNotEmpty().isNotEqualTo(third);
    assertThat(server.isActive(second)).isFalse();
    assertThat(server.isActive(third)).isTrue();
    assertThat(server.rotations()).isEqualTo(2);
    assertThat(server.reuseDetected()).isZero();
  }

  @Test
  void strictReuseRevokesTheWholeFamily() throws IOException {
    String unrelated = server.issueRefreshToken("app");
    HttpResponse<String> response = refresh(first);
    String second = string(response, "refresh_token");
    String access = string(response, "access_token");
    assertThat(server.isActive(access)).isTrue();

    assertRefused(refresh(first));

    assertThat(server.isActive(access)).isFalse();
    assertThat(server.isActive(second)).isFalse();
    assertThat(server.isActive(unrelated)).isTrue();
    assertRefused(refresh(second));
    assertThat(server.reuseDetected()).isEqualTo(1);
    assertThat(server.familiesRevoked()).isEqualTo(1);
    assertThat(server.rotations()).isEqualTo(1);
  }

  @Test
  void refusingReuseLetsTheSuccessorLive() throws IOException {
    server.refreshPolicy(RefreshPolicy.REFUSE_REUSE);
    HttpResponse<String> response = refresh(first);

    assertRefused(refresh(first));

    assertThat(server.isActive(string(response, "access_token"))).isTrue();
    assertThat(refresh(string(response, "refresh_token")).statusCode()).isEqualTo(200);
    assertThat(server.reuseDetected()).isEqualTo(1);
    assertThat(server.familiesRevoked()).isZero();
  }

  @Test
  void aWindowForgivesReuseWithTheSameChild() throws IOException {
    server.refreshPolicy(RefreshPolicy.window(WINDOW, Successor.SAME_CHILD));
    String second = string(refresh(first), "refresh_token");

    clock.advance(WINDOW.minusNanos(1));
    HttpResponse<String> again = refresh(first);
    assertThat(string(again, "refresh_token")).isEqualTo(second);
    assertThat(server.isActive(string(again, "access_token"))).isTrue();
    assertThat(server.rotations()).isEqualTo(1);

    clock.advance(Duration.ofNanos(1));
    assertRefused(refresh(first));
    assertThat(server.isActive(second)).isFalse();
    assertThat(server.familiesRevoked()).isEqualTo(1);
  }

  @Test
  void aWindowMayGiveANewChildEachTime() throws IOException {
    server.refreshPolicy(RefreshPolicy.window(WINDOW, Successor.NEW_CHILD));
    String second = string(refresh(first), "refresh_token");
    String sibling = string(refresh(first), "refresh_token");

    assertThat(sibling).isNotEmpty().isNotEqualTo(second);
    assertThat(server.isActive(second)).isTrue();
    assertThat(server.isActive(sibling)).isTrue();
    assertThat(server.reuseDetected()).isZero();
  }

  @Test
  void withoutRotationTheTokenStays() throws IOException {
    server.refreshPolicy(RefreshPolicy.NO_ROTATION);

    assertThat(string(refresh(first), "refresh_token")).isEmpty();
    assertThat(refresh(first).statusCode()).isEqualTo(200);
    assertThat(server.isActive(first)).isTrue();
    assertThat(server.rotations()).isZero();
  }

  @Test
  void narrowsTheScopeButNeverWidensIt() throws IOException {
    server.refreshPolicy(RefreshPolicy.NO_ROTATION);

    assertThat(string(refresh(first, "&scope=a"), "scope")).isEqualTo("a");
    assertThat(string(refresh(first, "&scope=a+c"), "error")).isEqualTo("invalid_scope");
    assertThat(string(refresh(first), "scope")).isEqualTo("a b");
  }

  @Test
  void aWiderScopeDoesNotUseTheTokenUp() throws IOException {
    refresh(first, "&scope=c");

    assertThat(server.isActive(first)).isTrue();
    assertThat(refresh(first).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesTokensOfOtherClients() throws IOException {
    assertRefused(refresh(server.issueRefreshToken("other")));
  }

  @Test
  void revokedRefreshTokensLeaveAccessTokensAlone() throws IOException {
    HttpResponse<String> response = refresh(first);
    String second = string(response, "refresh_token");

    server.revokeRefreshToken(second);

    assertRefused(refresh(second));
    assertThat(server.isActive(string(response, "access_token"))).isTrue();
    assertThat(server.reuseDetected()).isZero();
  }

  @Test
  void revocationByRequestEndsTheFamily() throws IOException {
    HttpResponse<String> response = refresh(first);
    String second = string(response, "refresh_token");

    http.post(server.revocationEndpoint(), "client_id=app&token=" + second);

    assertThat(server.isActive(string(response, "access_token"))).isFalse();
    assertThat(server.isActive(second)).isFalse();
    assertThat(server.familiesRevoked()).isEqualTo(1);
  }

  @Test
  void clientCredentialsMayComeWithARefreshToken() throws IOException {
    server.registerClient("c", "s");
    String form = "grant_type=client_credentials&client_id=c&client_secret=s";
    assertThat(string(http.post(server.tokenEndpoint(), form), "refresh_token")).isEmpty();

    server.refreshTokensForClientCredentials(true);

    String token = string(http.post(server.tokenEndpoint(), form), "refresh_token");
    assertThat(server.isActive(token)).isTrue();
  }

  @Test
  void publicClientsGetNoClientCredentials() throws IOException {
    String form = "grant_type=client_credentials&client_id=app";

    assertThat(string(http.post(server.tokenEndpoint(), form), "error"))
        .isEqualTo("unauthorized_client");
  }

  @Test
  void anAnswerThatIsLostHasRotatedAllTheSame() throws IOException {
    server.answerNext(Answer.healthy().sentAs(Answer.status(502)));

    assertThat(refresh(first).statusCode()).isEqualTo(502);

    assertThat(server.rotations()).isEqualTo(1);
    assertRefused(refresh(first));
  }
}
