package dev.everbearer;

import static dev.everbearer.AtIssuer.clientOf;
import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.DecryptionKey;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.Jwt;
import dev.everbearer.testing.server.JwtKind;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.Introspection;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Introspection answers that the server signs (RFC 9701). */
@ExtendWith(ScriptedServers.class)
class SignedIntrospectionTest {

  private static final String MEDIA_TYPE = "application/token-introspection+jwt";
  private static final JwtRegistration STANDARD = JwtRegistration.standard();

  private SettableClock clock;
  private ScriptedAuthorizationServer server;
  private Secret token;

  @BeforeEach
  void start(SettableClock settable, ScriptedAuthorizationServer scripted) {
    clock = settable;
    server = scripted;
    server.registerClient(ID, "any");
    token = Secret.of(server.issueAccessToken(ID, "a"));
  }

  private OAuthClientBuilder client() {
    return clientOf(server).clocks(clock, clock::nanoTime);
  }

  private Introspection introspect(JwtRegistration registration) {
    try (OAuthClient client = client().build()) {
      return client.introspector().signed(registration).build().introspect(token);
    }
  }

  private void alter(UnaryOperator<Jwt> alteration) {
    server.alterJwts(JwtKind.INTROSPECTION, alteration);
  }

  private void refuses(UnaryOperator<Jwt> alteration, String why) {
    alter(alteration);
    assertRefusal(
        refusal(MalformedAnswerException.class, () -> introspect(STANDARD)),
        FailureKind.MALFORMED,
        200,
        "introspection endpoint " + server.introspectionEndpoint(),
        why);
  }

  @Test
  @Spec({"IJ-01", "IJ-02"})
  void aSignedAnswerIsAskedForAndTaken() {
    Introspection answer = introspect(STANDARD);
    assertThat(answer.isActive()).isTrue();
    assertThat(answer.clientId()).contains(ID);
    assertThat(answer.members()).doesNotContainKeys("token_introspection", "iss");
    assertThat(server.requestsTo("introspection_endpoint").get(0).headers("Accept"))
        .containsExactly(MEDIA_TYPE);
    alter(jwt -> jwt.header("typ", MEDIA_TYPE));
    assertThat(introspect(STANDARD).isActive()).isTrue();
  }

  @Test
  @Spec("IJ-01")
  void plainJsonIsRefused() {
    server
        .script(server.introspectionEndpoint().getPath())
        .answerAlways(Answer.json(200, "{\"active\":true}"));
    assertRefusal(
        refusal(MalformedAnswerException.class, () -> introspect(STANDARD)),
        FailureKind.MALFORMED,
        200,
        "it is not " + MEDIA_TYPE);
  }

  @Test
  @Spec("IJ-01")
  void anotherMediaTypeIsRefused() {
    server
        .script(server.introspectionEndpoint().getPath())
        .answerAlways(Answer.status(200).header("Content-Type", "application/jwt"));
    refusal(MalformedAnswerException.class, () -> introspect(STANDARD));
  }

  @Test
  @Spec("IJ-01")
  void anotherTypIsRefused() {
    refuses(jwt -> jwt.header("typ", "JWT"), "another kind of JWT");
    refuses(jwt -> jwt.header("typ", "at+jwt"), "another kind of JWT");
    refuses(jwt -> jwt.withoutHeader("typ"), "another kind of JWT");
  }

  @Test
  @Spec("IJ-02")
  void anotherIssuerIsRefused() {
    refuses(jwt -> jwt.claim("iss", server.issuer() + "/"), "another issuer");
    refuses(jwt -> jwt.without("iss"), "no iss");
  }

  @Test
  @Spec("IJ-02")
  void anotherAudienceIsRefused() {
    refuses(jwt -> jwt.claim("aud", "other"), "for another client");
    refuses(jwt -> jwt.without("aud"), "no aud");
  }

  @Test
  @Spec("IJ-02")
  void anOldOneOrOneWithoutATimeIsRefused() {
    long now = clock.instant().getEpochSecond();
    refuses(jwt -> jwt.without("iat"), "no iat");
    refuses(jwt -> jwt.claim("iat", now - 601), "it was made at");
    refuses(jwt -> jwt.claim("iat", now + 61), "it was made at");
    alter(jwt -> jwt.claim("iat", now - 600));
    assertThat(introspect(STANDARD).isActive()).isTrue();
  }

  @Test
  @Spec("IJ-02")
  void anotherSignatureIsRefused() {
    refuses(Jwt::brokenSignature, "signature");
    refuses(Jwt::unsigned, "not signed");
  }

  @Test
  @Spec("IJ-02")
  void theRegisteredAlgorithmAloneIsTakenAndRs256WhenNoneIs() {
    server.clientMetadata(ID, Map.of("introspection_signed_response_alg", "ES256"));
    assertThat(introspect(STANDARD.signedBy("ES256")).isActive()).isTrue();
    refuses(jwt -> jwt, "it is signed by ES256, and expected is RS256");
    server.clientMetadata(ID, Map.of("introspection_signed_response_alg", "RS256"));
    assertThat(introspect(STANDARD).isActive()).isTrue();
    refusal(MalformedAnswerException.class, () -> introspect(STANDARD.signedBy("ES256")));
  }

  @Test
  @Spec("IJ-02")
  void whatStandsOutsideOfTheMemberCountsForNothing() {
    server.revokeAllAccessTokens();
    alter(jwt -> jwt.claim("active", true));
    assertThat(introspect(STANDARD).isActive()).isFalse();
    refuses(
        jwt -> jwt.without("token_introspection").claim("active", true),
        "no object token_introspection");
    refuses(jwt -> jwt.claim("token_introspection", List.of()), "no object token_introspection");
    refuses(
        jwt -> jwt.claim("token_introspection", Map.of("active", "true")),
        "its active is neither true nor false");
  }

  @Test
  @Spec("IN-02")
  void anErrorIsToldAsEver() {
    server
        .script(server.introspectionEndpoint().getPath())
        .answerAlways(Answer.json(400, "{\"error\":\"invalid_request\"}"));
    refusal(OAuthErrorException.class, () -> introspect(STANDARD));
  }

  @Test
  void anHmacNeedsASecret() {
    server.registerPublicClient("public");
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .authentication(ClientAuthentication.none("public"))
            .maxWait(Duration.ZERO)
            .build()) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> client.introspector().signed(STANDARD.signedBy("HS256")).build());
      assertThatIllegalArgumentException()
          .isThrownBy(() -> client.userInfo().registered(STANDARD.signedBy("HS256")));
    }
  }

  @Test
  @Spec("IJ-02")
  void anEncryptedAnswerIsOpenedWhereThatIsRegistered() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("ours").generate();
    JwtRegistration registration =
        STANDARD.encryptedTo(DecryptionKey.of(key.toPrivateKey(), "ECDH-ES", "A256GCM"));
    refusal(MalformedAnswerException.class, () -> introspect(registration));
    alter(jwt -> jwt.encrypted(key.toPublicJWK().toJSONString(), "ECDH-ES", "A256GCM"));
    assertThat(introspect(registration).isActive()).isTrue();
    refusal(MalformedAnswerException.class, () -> introspect(STANDARD));
  }
}
