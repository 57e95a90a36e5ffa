package dev.everbearer.client;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.granted;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.crypto.ECDSAVerifier;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.everbearer.OAuthClient;
import dev.everbearer.grant.AssertionSource;
import dev.everbearer.grant.Grant;
import dev.everbearer.jose.Keys;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.security.interfaces.ECPublicKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The JWTs of a jwt-bearer grant that a program signs itself (RFC 7523 section 3). */
@ExtendWith(ScriptedServers.class)
class JwtAssertionTest {

  private static final SigningKey KEY =
      SigningKey.of(Keys.P256.getPrivate(), Keys.P256.getPublic()).withKeyId("k1");
  private static final String ISSUER = "https://id.example.com";

  private static SignedJWT parse(String jwt) {
    try {
      SignedJWT parsed = SignedJWT.parse(jwt);
      assertThat(parsed.verify(new ECDSAVerifier((ECPublicKey) Keys.P256.getPublic()))).isTrue();
      return parsed;
    } catch (java.text.ParseException | com.nimbusds.jose.JOSEException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @Spec("JA-07")
  @ValueSource(strings = {ISSUER, "https://id.example.com/token"})
  void theOneAudienceIsWhatTheServerWants(String audience) throws Exception {
    String jwt = JwtAssertion.signedBy(KEY, "service", audience).source().get().reveal();
    assertThat(parse(jwt).getPayload().toJSONObject()).containsEntry("aud", audience);
  }

  @Test
  @Spec("JA-07")
  void thereIsNoAssertionWithoutAnAudience() {
    assertThatThrownBy(() -> JwtAssertion.signedBy(KEY, "service", " "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The assertion's audience is empty.");
    assertThatThrownBy(() -> JwtAssertion.signedBy(KEY, "service", ISSUER).claim("aud", "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("aud is set by the library.");
  }

  @Test
  @Spec("JA-07")
  void itSaysWhoForWhomUntilWhen(SettableClock clock) throws Exception {
    String jwt =
        JwtAssertion.signedBy(KEY, "service", ISSUER)
            .subject("user")
            .claim("roles", List.of("a"))
            .life(Duration.ofMinutes(5))
            .clock(clock)
            .source()
            .get()
            .reveal();
    SignedJWT parsed = parse(jwt);
    assertThat(parsed.getHeader().toJSONObject())
        .containsExactlyInAnyOrderEntriesOf(Map.of("alg", "ES256", "kid", "k1", "typ", "JWT"));
    long now = clock.instant().getEpochSecond();
    assertThat(parsed.getPayload().toJSONObject())
        .containsEntry("iss", "service")
        .containsEntry("sub", "user")
        .containsEntry("iat", now)
        .containsEntry("exp", now + 300)
        .containsEntry("roles", List.of("a"));
  }

  @Test
  void withoutMoreItSpeaksOfItselfForAMinute(SettableClock clock) throws Exception {
    AssertionSource source = JwtAssertion.signedBy(KEY, "service", ISSUER).clock(clock).source();
    JWTClaimsSet claims = parse(source.get().reveal()).getJWTClaimsSet();
    assertThat(claims.getSubject()).isEqualTo("service");
    assertThat(claims.getExpirationTime().toInstant()).isEqualTo(clock.instant().plusSeconds(60));
  }

  @Test
  @Spec({"JA-07", "LC-28"})
  void eachRequestCarriesANewOne(ScriptedAuthorizationServer server) {
    server.answerAlways(granted(""));
    Grant grant = Grant.jwtBearer(JwtAssertion.signedBy(KEY, "service", ISSUER).source());
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(grant);
      client.fetch(grant);
    }
    assertThat(server.tokenRequests())
        .map(request -> parse(request.form().get("assertion").get(0)))
        .map(jwt -> jwt.getPayload().toJSONObject().get("jti").toString())
        .allMatch(id -> id.length() >= 22)
        .doesNotHaveDuplicates()
        .hasSize(2);
  }

  @Test
  void aLifeIsOneSecondToOneHour() {
    JwtAssertion assertion = JwtAssertion.signedBy(KEY, "service", ISSUER);
    assertion.life(Duration.ofSeconds(1)).life(Duration.ofHours(1));
    for (Duration bad : List.of(Duration.ofMillis(999), Duration.ofSeconds(3601))) {
      assertThatThrownBy(() -> assertion.life(bad)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void sourcesThatSayTheSameAreEqualAndShowNoClaim() {
    JwtAssertion assertion = JwtAssertion.signedBy(KEY, "service", ISSUER).claim("a", CANARY);
    SigningKey newKey = SigningKey.of(Keys.P384.getPrivate(), Keys.P384.getPublic());
    assertThat(assertion.source())
        .isEqualTo(JwtAssertion.signedBy(newKey, "service", ISSUER).claim("a", CANARY).source())
        .isNotEqualTo(assertion.claim("a", "other").source())
        .isNotEqualTo(assertion.subject("other").source());
    assertThat(assertion + assertion.source().name() + assertion.source()).doesNotContain(CANARY);
  }
}
