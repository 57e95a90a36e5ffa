package dev.everbearer.login.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everbearer.Untrusting;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.jose.JwtText;
import dev.everbearer.jose.Keys;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.login.LocalTarget;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.Secret;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What comes through a person's browser, where anybody may have written it. */
class RedirectFuzzTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ISSUER = "https://id.example.com";
  private static final String STATE = "s-1";
  private static final AuthorizationServer SERVER =
      AuthorizationServer.discovered(ISSUER, URI.create(ISSUER + "/token"), null, Map.of());
  private static final PendingAuthorization PENDING =
      new PendingAuthorization(
          ISSUER, "https://app.example.com/cb", STATE, Secret.of("v"), "n-1", NOW);
  private static final ResponseJwts JWTS =
      new ResponseJwts(
          "us",
          JwtRegistration.standard().signedBy("HS256"),
          Keys.source(),
          () -> JwtText.SECRET,
          () -> NOW);

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static Secret code(AuthorizationResponse response, AnswerMode mode) throws Exception {
    ResponseRules rules = new ResponseRules(SERVER, ProviderProfile.standard(), mode, JWTS);
    Secret code = rules.code(PENDING, response, NOW);
    assertThat(mode.isJwt() || response.values("state").equals(List.of(STATE))).isTrue();
    return code;
  }

  @FuzzTest(maxDuration = "1m")
  @Spec("SE-12")
  void url(byte[] url) throws Exception {
    AuthorizationResponse response = AuthorizationResponse.ofUrl(text(url));
    Untrusting.survives(response::state);
    Untrusting.survives(() -> code(response, AnswerMode.QUERY));
    Untrusting.survives(() -> code(response, AnswerMode.QUERY.byJwt()));
  }

  @FuzzTest(maxDuration = "1m")
  void form(byte[] body) throws Exception {
    AuthorizationResponse response =
        AuthorizationResponse.ofFormPost("POST", "application/x-www-form-urlencoded", text(body));
    Untrusting.survives(response::state);
    Untrusting.survives(() -> code(response, AnswerMode.QUERY.byFormPost()));
  }

  @FuzzTest(maxDuration = "1m")
  @Spec("JM-02")
  void jwt(byte[] headerAndClaims) throws Exception {
    AuthorizationResponse response =
        AuthorizationResponse.ofQuery("response=" + JwtText.signed(headerAndClaims));
    Untrusting.survives(response::state);
    Untrusting.survives(() -> code(response, AnswerMode.QUERY.byJwt()));
  }

  @FuzzTest(maxDuration = "1m")
  void loopbackRequest(byte[] head) throws Exception {
    LoopbackRequest request = LoopbackRequest.read(new ByteArrayInputStream(head));
    if (request != null) {
      Untrusting.survives(request::toString);
      request.isVisitTo("127.0.0.1:8400", "/cb");
      Untrusting.survives(() -> AuthorizationResponse.ofQuery(request.query()));
    }
  }

  @FuzzTest(maxDuration = "1m")
  void session(byte[] kept) throws Exception {
    Untrusting.survives(() -> PendingAuthorization.load(text(kept)));
  }

  @FuzzTest(maxDuration = "1m")
  void notification(byte[] headerAndBody) throws Exception {
    String[] parts = text(headerAndBody).split("\n", 2);
    Pings pings = new Pings();
    try (Pings.Expected login = pings.expect()) {
      String own = "Bearer " + login.token().reveal();
      Untrusting.survives(() -> pings.notified(own, parts[parts.length - 1]));
      assertThat(pings.notified(parts[0], "{\"auth_req_id\":\"a\"}")).isEqualTo(401);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void localTarget(byte[] target) throws Exception {
    Untrusting.survives(
        () -> {
          URI next = URI.create(ISSUER + "/").resolve(LocalTarget.require(text(target)));
          assertThat(next.getRawAuthority()).isEqualTo("id.example.com");
          return "";
        },
        IllegalArgumentException.class);
  }
}
