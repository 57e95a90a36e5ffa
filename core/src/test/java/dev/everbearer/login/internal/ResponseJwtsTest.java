package dev.everbearer.login.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.client.JwtRegistration;
import dev.everbearer.jose.BadJwts;
import dev.everbearer.jose.InvalidJwtException;
import dev.everbearer.jose.KeySource;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.testing.Spec;
import dev.everbearer.wire.FormBody;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The JWTs of JARM, against those that are bad whatever they are for. */
class ResponseJwtsTest {

  private static final String ISSUER = "https://id.example.com";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final AuthorizationServer SERVER =
      AuthorizationServer.discovered(ISSUER, URI.create(ISSUER + "/token"), null, Map.of());
  private static final Map<String, Object> GOOD =
      Map.of(
          "iss",
          ISSUER,
          "aud",
          "us",
          "exp",
          NOW.plusSeconds(60).getEpochSecond(),
          "state",
          "s",
          "code",
          "c");

  private static AuthorizationResponse verified(KeySource keys, String token) throws Exception {
    return new ResponseJwts("us", JwtRegistration.standard(), keys, null, () -> NOW)
        .verified(SERVER, AuthorizationResponse.ofQuery("response=" + FormBody.encode(token)));
  }

  static Stream<Arguments> bad() {
    return Stream.concat(BadJwts.forged(GOOD), BadJwts.misused(GOOD));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  @Spec({"JM-02", "SE-13", "SE-21"})
  void badOnesAreRefused(String name, String token, String why) {
    assertThatThrownBy(() -> verified(BadJwts.KEYS, token))
        .isInstanceOf(InvalidJwtException.class)
        .hasMessageContaining(why);
  }

  @Test
  @Spec({"JM-02", "FA-04"})
  void aGoodOneIsTakenAlsoAmongDecoys() throws Exception {
    String good = BadJwts.signed(GOOD);
    assertThat(verified(BadJwts.KEYS, good).value("code")).contains("c");
    assertThat(verified(BadJwts.DECOYS, good).value("state")).contains("s");
    assertThatThrownBy(() -> verified(BadJwts.DECOYS, BadJwts.byDecoy(GOOD)))
        .isInstanceOf(InvalidJwtException.class)
        .hasMessageContaining("does not bear");
  }
}
