package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.DpopKey;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.client.SigningKey;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** FAPI 2.0 as one switch: whatever weakens it fails. */
@ExtendWith(ScriptedServers.class)
class Fapi2Test {

  private static final String CALLBACK = "https://app.example.com/callback";
  private static final ECKey KEY = ec();

  private final ScriptedAuthorizationServer server;

  Fapi2Test(ScriptedAuthorizationServer server) {
    this.server = server;
    register(KEY);
  }

  private static ECKey ec() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("k").generate();
    } catch (com.nimbusds.jose.JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private void register(JWK key) {
    server.registerClientKey("bank", key.toPublicJWK().toJSONString());
    server.registerRedirectUris("bank", CALLBACK);
    server.clientMetadata("bank", Map.of("id_token_signed_response_alg", "ES256"));
  }

  private static SigningKey signing(JWK key) {
    return SigningKey.fromJwk(key.toJSONString());
  }

  private OAuthClientBuilder good() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .privateKeyJwt("bank", signing(KEY))
        .dpop()
        .fapi2();
  }

  private static TokenSet login(OAuthClient client, String scope) throws Exception {
    AuthorizationCodeFlow flow =
        client.authorizationCodeFlow(Grant.authorizationCode().scope(scope), CALLBACK);
    AuthorizationRedirect redirect = flow.start();
    String back = new UserAgent().redirectOf(redirect.url()).toString();
    return flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(back));
  }

  @Spec({"FA-01", "FA-02", "FA-03"})
  @Test
  void aLoginIsPushedProvedAndBound() throws Exception {
    try (OAuthClient client = good().build()) {
      TokenSet tokens = login(client, "openid read");
      assertThat(tokens.accessToken().keyThumbprint()).isPresent();
      assertThat(tokens.validatedIdToken()).isPresent();
      assertThat(server.requestsTo("pushed_authorization_request_endpoint")).hasSize(1);
      assertThat(client.fetch(Grant.clientCredentials()).accessToken().keyThumbprint()).isPresent();
    }
  }

  static Stream<Arguments> weaker() {
    return Stream.of(
        weaker(
            "a secret",
            "privateKeyJwt(...)",
            builder -> builder.clientSecretBasic("bank", "a secret")),
        weaker(
            "a public client",
            "privateKeyJwt(...)",
            builder -> builder.authentication(ClientAuthentication.none("bank"))),
        weaker(
            "a secret among others",
            "privateKeyJwt(...)",
            builder ->
                builder.authentication(
                    ClientAuthentication.firstSupported(
                        ClientAuthentication.privateKeyJwt("bank", signing(KEY)),
                        ClientAuthentication.clientSecretBasic("bank", "a secret")))),
        weaker("binding where offered", "dpop()", OAuthClientBuilder::dpopWhenOffered),
        weaker(
            "deviations",
            "profile(...)",
            builder -> builder.profile(ProviderProfile.builder().strict().rawBasic().build())),
        weaker(
            "a key of proofs that signs by another algorithm",
            "give dpop(...) a key",
            builder -> builder.dpop(DpopKey.generate("ES384"))),
        weaker("plain http", "allowPlainHttp(...)", builder -> builder.allowPlainHttp("internal")),
        weaker(
            "another algorithm of ID tokens",
            "ID tokens signed by",
            builder -> builder.idTokens(JwtRegistration.standard().signedBy("RS256"))),
        weaker(
            "another algorithm of answers",
            "authorization responses signed by",
            builder ->
                builder.authorizationResponses(JwtRegistration.standard().signedBy("ES512"))));
  }

  private static Arguments weaker(
      String name, String missing, UnaryOperator<OAuthClientBuilder> change) {
    return Arguments.of(name, missing, change);
  }

  @Spec({"FA-01", "FA-02"})
  @ParameterizedTest(name = "{0}")
  @MethodSource("weaker")
  void aWeakerConfigurationIsNotBuilt(
      String name, String missing, UnaryOperator<OAuthClientBuilder> change) {
    assertThatThrownBy(() -> change.apply(good()).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(missing);
  }

  @Spec({"FA-01", "FA-03"})
  @Test
  void allThatIsMissingIsNamedAtOnce() {
    assertThatThrownBy(
            () ->
                OAuthClient.builder()
                    .tokenEndpoint(server.tokenEndpoint().toString())
                    .clientSecretBasic("bank", "a secret")
                    .fapi2()
                    .build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("issuer(...)")
        .hasMessageContaining("privateKeyJwt(...)")
        .hasMessageContaining("dpop()");
  }

  @Spec({"FA-02", "FA-03"})
  @ParameterizedTest
  @ValueSource(strings = {"ES256", "PS256", "Ed25519"})
  void proofsAreSignedByTheAllowedAlgorithms(String algorithm) {
    try (OAuthClient client = good().dpop(DpopKey.generate(algorithm)).build()) {
      assertThat(client.fetch(Grant.clientCredentials())).isNotNull();
    }
  }

  @Spec("FA-03")
  @Test
  void endpointsComeFromTheMetadataOfTheIssuerAlone() {
    for (Endpoint endpoint : List.of(Endpoint.AUTHORIZATION, Endpoint.REVOCATION)) {
      OAuthClientBuilder overriding =
          good().endpoint(endpoint, "https://elsewhere.example.com/endpoint");
      assertThatThrownBy(overriding::build)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("endpoint(...) goes with tokenEndpoint(...)");
    }
    OAuthClientBuilder both = good().tokenEndpoint("https://elsewhere.example.com/token");
    assertThatThrownBy(both::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("not both");
    assertThat(server.requests()).isEmpty();
  }

  @Spec({"FA-01", "PQ-22"})
  @Test
  void nobodyIsSentToAServerThatOffersLess() {
    Map<String, String> missing = new HashMap<>();
    missing.put("pushed_authorization_request_endpoint", "pushed authorization requests");
    missing.put("authorization_response_iss_parameter_supported", "does not name itself");
    missing.put("code_challenge_methods_supported", "PKCE");
    missing.forEach(
        (name, why) -> {
          try (ScriptedAuthorizationServer less = ScriptedAuthorizationServer.start();
              OAuthClient client = good().issuer(less.issuer().toString()).build()) {
            less.withoutMetadata(name);
            assertThatThrownBy(() -> login(client, "read"))
                .as(name)
                .isInstanceOf(LoginFailedException.class)
                .hasMessageContaining(why);
          }
        });
  }

  @Spec({"PK-03", "PQ-22"})
  @Test
  void aMissingListOfChallengeMethodsIsToleratedOnlyWithoutTheSwitch() throws Exception {
    server.withoutMetadata("code_challenge_methods_supported");
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .privateKeyJwt("bank", signing(KEY))
            .build()) {
      assertThat(login(client, "read")).isNotNull();
    }
  }

  @Spec("RSP-02")
  @Test
  void aMissingTokenTypeFails() {
    server.alterAnswers(
        "token_endpoint",
        answer -> {
          Map<String, Object> rest = new HashMap<>(answer);
          rest.remove("token_type");
          return rest;
        });
    try (OAuthClient client = good().build()) {
      assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("token_type");
    }
  }

  @Spec("FA-02")
  @Test
  void assertionsAreSignedByTheAllowedAlgorithmsOnly() throws Exception {
    RSAKey rsa = new RSAKeyGenerator(2048).keyID("r").generate();
    register(rsa);
    try (OAuthClient client = good().privateKeyJwt("bank", signing(rsa)).build()) {
      assertThat(client.fetch(Grant.clientCredentials())).isNotNull();
      String assertion = server.tokenRequests().get(0).form().get("client_assertion").get(0);
      assertThat(com.nimbusds.jwt.SignedJWT.parse(assertion).getHeader().getAlgorithm().getName())
          .isEqualTo("PS256");
      assertThat(com.nimbusds.jwt.SignedJWT.parse(assertion).getJWTClaimsSet().getAudience())
          .containsExactly(server.issuer().toString());
    }
    SigningKey old = signing(rsa).withAlgorithm("RS256");
    try (OAuthClient client = good().privateKeyJwt("bank", old).build()) {
      int before = server.tokenRequests().size();
      assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
          .isInstanceOf(OAuthException.class);
      assertThat(server.tokenRequests()).hasSize(before);
    }
  }

  @Spec("FA-02")
  @Test
  void idTokensByAnotherAlgorithmAreRefusedEvenIfTheServerListsIt() {
    server.metadata(Map.of("id_token_signing_alg_values_supported", List.of("RS256", "ES256")));
    server.clientMetadata("bank", Map.of("id_token_signed_response_alg", "RS256"));
    try (OAuthClient client = good().build()) {
      assertThatThrownBy(() -> login(client, "openid"))
          .isInstanceOf(LoginFailedException.class)
          .hasMessageContaining("ES256");
    }
  }
}
