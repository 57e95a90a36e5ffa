package dev.everbearer;

import static dev.everbearer.AtIssuer.clientOf;
import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.everbearer.client.DecryptionKey;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.Jwt;
import dev.everbearer.testing.server.JwtKind;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.ServerUnavailableException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.UserInfo;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** UserInfo (OpenID Connect Core section 5.3): of the person of the ID token, or of nobody. */
@ExtendWith(ScriptedServers.class)
class UserInfoTest {

  private ScriptedAuthorizationServer server;
  private AccessToken token;

  @BeforeEach
  void start(ScriptedAuthorizationServer scripted) {
    server = scripted;
    server.registerClient(ID, "any");
    server.userInfo(Map.of("email", CANARY + "@example.com"));
    token = AccessToken.bearer(server.issueAccessToken(ID, "openid"));
  }

  private OAuthClientBuilder client() {
    return clientOf(server).maxWait(Duration.ZERO).exchangeTimeout(Duration.ofSeconds(2));
  }

  /** The scripted server names the client itself where nobody has logged in. */
  private IdToken idToken(String subject) {
    Map<String, Object> claims =
        Map.of(
            "iss",
            server.issuer().toString(),
            "sub",
            subject,
            "aud",
            ID,
            "iat",
            BigDecimal.ONE,
            "exp",
            BigDecimal.TEN);
    return IdToken.checked(Secret.of("e30.e30.e30"), claims);
  }

  private UserInfo ask(UnaryOperator<UserInfoReader> how) {
    try (OAuthClient client = client().build()) {
      return how.apply(client.userInfo()).of(token, idToken(ID));
    }
  }

  private void refuse(UnaryOperator<UserInfoReader> how, String why) {
    assertRefusal(
        refusal(MalformedAnswerException.class, () -> ask(how)),
        FailureKind.MALFORMED,
        200,
        "UserInfo endpoint " + server.endpoint("userinfo_endpoint"),
        why);
  }

  private void answer(Answer answer) {
    server.script(server.endpoint("userinfo_endpoint").getPath()).answerAlways(answer);
  }

  // ---- plain answers

  @Test
  @Spec("ID-10")
  void thePersonOfTheIdTokenIsTold() {
    UserInfo info = ask(reader -> reader);
    assertThat(info.subject()).isEqualTo(ID);
    assertThat(info.text("email")).contains(CANARY + "@example.com");
    assertThat(info.text("sub")).contains(ID);
    assertThat(info.claims()).containsOnlyKeys("sub", "email");
    assertThat(info).hasToString("UserInfo");
    RecordedRequest request = server.requestsTo("userinfo_endpoint").get(0);
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.headers("Authorization")).containsExactly("Bearer " + token.value());
    assertThat(request.headers("Accept")).containsExactly("application/json");
  }

  @Test
  @Spec("ID-10")
  void thoseOfAnotherPersonAreRefused() {
    server.userInfo(Map.of("sub", "other"));
    refuse(reader -> reader, "its sub is not that of the ID token");
  }

  @Test
  @Spec("ID-10")
  void thoseOfNobodyAreRefused() {
    answer(Answer.json(200, "{\"email\":\"x\"}"));
    refuse(reader -> reader, "it has no sub");
  }

  @Test
  void theTokensOfALoginAreEnough() {
    try (OAuthClient client = client().build()) {
      TokenSet bare = TokenSet.builder(token).build();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> client.userInfo().of(bare))
          .withMessageContaining("openid");
      TokenSet tokens = bare.toBuilder().validatedIdToken(idToken(ID)).build();
      assertThat(client.userInfo().of(tokens).subject()).isEqualTo(ID);
    }
  }

  @Test
  void aRefusedTokenIsSaidToBeSo() {
    token = AccessToken.bearer(CANARY);
    OAuthException refused = refusal(OAuthErrorException.class, () -> ask(reader -> reader));
    assertRefusal(refused, FailureKind.REFUSED, 401, "it does not take the token");
    assertThat(((OAuthErrorException) refused).error()).isEqualTo("invalid_token");

    answer(Answer.status(401));
    assertRefusal(
        refusal(ServerUnavailableException.class, () -> ask(reader -> reader)),
        FailureKind.REFUSED,
        401,
        "it does not take the token");
  }

  @Test
  void aTokenWithoutTheScopeIsSaidToBeSo() {
    token = AccessToken.bearer(server.issueAccessToken(ID, "other"));
    assertRefusal(
        refusal(OAuthErrorException.class, () -> ask(reader -> reader)),
        FailureKind.REFUSED,
        403,
        "insufficient_scope",
        "Ask for the scope that it needs");
  }

  @Test
  void aServerWithoutTheEndpointIsNamed() {
    server.withoutMetadata("userinfo_endpoint");
    assertRefusal(
        refusal(ServerUnavailableException.class, () -> ask(reader -> reader)),
        FailureKind.REFUSED,
        0,
        "has no UserInfo endpoint");
  }

  // ---- tokens that are bound to a key

  @Test
  @Spec("ID-10")
  void aBoundTokenIsShownWithAProofAndTheNonceThatIsWanted() {
    server.userInfoDpop().requireNonce(true);
    try (OAuthClient client = client().dpop().build()) {
      AccessToken bound = client.fetch(Grant.clientCredentials().scope("openid")).accessToken();
      assertThat(client.userInfo().of(bound, idToken(ID)).subject()).isEqualTo(ID);
      List<RecordedRequest> requests = server.requestsTo("userinfo_endpoint");
      assertThat(requests).hasSize(2);
      assertThat(requests.get(1).headers("Authorization")).containsExactly("DPoP " + bound.value());
      assertThat(requests.get(1).headers("DPoP"))
          .hasSize(1)
          .isNotEqualTo(requests.get(0).headers("DPoP"));
    }
  }

  @Test
  void aBoundTokenWithoutItsKeyIsNotSent() {
    token = AccessToken.dpop(CANARY, "thumbprint", null, null, null);
    assertThat(catchThrowableOfType(OAuthException.class, () -> ask(reader -> reader)))
        .hasMessageContaining("bound to a key that is not at hand");
    assertThat(server.requestsTo("userinfo_endpoint")).isEmpty();
  }

  // ---- signed answers

  private void sign(UnaryOperator<Jwt> alteration) {
    server.clientMetadata(ID, Map.of("userinfo_signed_response_alg", "RS256"));
    server.alterJwts(JwtKind.USERINFO, alteration);
  }

  @Test
  @Spec("ID-10")
  void aSignedAnswerIsVerified() {
    sign(jwt -> jwt);
    assertThat(
            ask(reader -> reader.registered(JwtRegistration.standard().signedBy("RS256")))
                .subject())
        .isEqualTo(ID);
    assertThat(server.requestsTo("userinfo_endpoint").get(0).headers("Accept"))
        .containsExactly("application/jwt");
    assertThat(ask(reader -> reader).subject()).isEqualTo(ID);
  }

  @Test
  @Spec("ID-10")
  void anUnsignedAnswerIsRefusedWhereSignedOnesAreRegistered() {
    refuse(
        reader -> reader.registered(JwtRegistration.standard().signedBy("RS256")),
        "it is not signed");
  }

  @Test
  @Spec("ID-10")
  void aSignatureThatIsNotTheServersIsRefused() {
    sign(Jwt::brokenSignature);
    refuse(reader -> reader.registered(JwtRegistration.standard().signedBy("RS256")), "signature");
    refuse(reader -> reader, "signature");
    sign(Jwt::unsigned);
    refuse(reader -> reader, "not signed");
    sign(jwt -> jwt);
    refuse(
        reader -> reader.registered(JwtRegistration.standard().signedBy("ES256")),
        "it is signed by RS256");
  }

  @Test
  @Spec("ID-10")
  void aSignedAnswerOfAnotherIssuerOrForAnotherClientIsRefused() {
    sign(jwt -> jwt.claim("iss", server.issuer() + "/"));
    refuse(reader -> reader, "another issuer");
    sign(jwt -> jwt.without("iss"));
    refuse(reader -> reader, "no iss");
    sign(jwt -> jwt.claim("aud", "other"));
    refuse(reader -> reader, "another client");
    sign(jwt -> jwt.without("aud"));
    refuse(reader -> reader, "no aud");
  }

  @Test
  @Spec("ID-10")
  void aSignedAnswerThatIsOverOrOfAnotherKindOrPersonIsRefused() {
    sign(jwt -> jwt.claim("exp", 1000));
    refuse(reader -> reader, "it ended at 1970");
    sign(jwt -> jwt.header("typ", "token-introspection+jwt"));
    refuse(reader -> reader, "another kind of JWT");
    sign(jwt -> jwt.claim("events", Map.of()));
    refuse(reader -> reader, "another kind of JWT");
    sign(jwt -> jwt.claim("sub", "other"));
    refuse(reader -> reader, "its sub is not that of the ID token");
  }

  @Test
  @Spec("ID-10")
  void anEncryptedAnswerIsOpenedWhereThatIsRegisteredAndNothingElseIs() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID("ours").generate();
    JwtRegistration registration =
        JwtRegistration.standard()
            .encryptedTo(DecryptionKey.of(key.toPrivateKey(), "ECDH-ES", "A256GCM"));
    sign(jwt -> jwt.encrypted(key.toPublicJWK().toJSONString(), "ECDH-ES", "A256GCM"));
    assertThat(ask(reader -> reader.registered(registration)).subject()).isEqualTo(ID);
    sign(jwt -> jwt);
    refuse(reader -> reader.registered(registration), "encrypted");
  }
}
