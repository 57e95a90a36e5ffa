package dev.everbearer.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everbearer.Untrusting;
import dev.everbearer.jose.JwtText;
import dev.everbearer.jose.Keys;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;

/** ID tokens with a good signature and any header and claims. */
@Spec("ID-04")
class IdTokenFuzzTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final AuthorizationServer SERVER =
      AuthorizationServer.discovered(
          "https://id.example.com", URI.create("https://id.example.com/token"), null, Map.of());
  private static final IdTokenValidator VALIDATOR =
      new IdTokenValidator(
          () -> SERVER,
          Keys.source(),
          new IdTokenRules("us", Set.of("them"), "HS256", () -> JwtText.SECRET, null),
          () -> NOW);
  private static final IdTokenExpectation EXPECTED =
      IdTokenExpectation.ofLogin("n-1")
          .maxAge(Duration.ofMinutes(5), NOW)
          .acr(Set.of("high"))
          .accessToken(AccessToken.bearer("token"));

  @FuzzTest(maxDuration = "1m")
  void signed(byte[] headerAndClaims) throws Exception {
    Secret token = Secret.of(JwtText.signed(headerAndClaims));
    Untrusting.survives(() -> VALIDATOR.validate(token, EXPECTED));
    Untrusting.survives(() -> VALIDATOR.validate(token, IdTokenExpectation.ofLogin("n-1")));
  }
}
