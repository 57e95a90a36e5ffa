package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.DecryptionKey;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.JwtKind;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a client has registered about its ID tokens, as the builder takes it. */
@ExtendWith(ScriptedServers.class)
class IdTokenSettingsTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final ScriptedAuthorizationServer server;

  IdTokenSettingsTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  private WebLogin web(UnaryOperator<OAuthClientBuilder> options) {
    return new WebLogin(server, Grant.authorizationCode().scope("openid"), options);
  }

  private static void isTaken(WebLogin web) throws Exception {
    assertThat(web.login().validatedIdToken()).isPresent();
  }

  private static void isRefused(WebLogin web, String why) {
    assertThat(WebLogin.refusal(web::login)).hasMessageContaining(why);
  }

  @Spec("ID-03")
  @Test
  void onlyTheRegisteredAlgorithmIsTaken() throws Exception {
    try (WebLogin web =
        web(builder -> builder.idTokens(JwtRegistration.standard().signedBy("ES256")))) {
      isRefused(web, "expected is ES256");
      server.clientMetadata(WebLogin.ID, Map.of("id_token_signed_response_alg", "ES256"));
      isTaken(web);
    }
  }

  @Spec("ID-03")
  @Test
  void aRegisteredMacIsCheckedWithTheClientSecret() throws Exception {
    try (WebLogin web =
        web(
            builder ->
                builder
                    .clientSecretBasic(WebLogin.ID, SECRET)
                    .idTokens(JwtRegistration.standard().signedBy("HS256")))) {
      server.registerClient(WebLogin.ID, SECRET);
      server.registerRedirectUris(WebLogin.ID, WebLogin.CALLBACK);
      isRefused(web, "expected is HS256");
      server.clientMetadata(WebLogin.ID, Map.of("id_token_signed_response_alg", "HS256"));
      isTaken(web);
    }
  }

  @Spec("ID-03")
  @Test
  void aMacWithoutASecretIsRefusedWhenTheClientIsBuilt() {
    assertThatThrownBy(
            () ->
                OAuthClient.builder()
                    .issuer(server.issuer().toString())
                    .authentication(ClientAuthentication.none("native"))
                    .idTokens(JwtRegistration.standard().signedBy("HS256"))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("client secret");
  }

  @Spec("ID-02")
  @Test
  void furtherAudiencesCountWhenTheyAreTrusted() throws Exception {
    server.alterJwts(
        JwtKind.ID_TOKEN,
        jwt -> jwt.claim("aud", List.of(WebLogin.ID, "api")).claim("azp", WebLogin.ID));
    try (WebLogin web = web(builder -> builder)) {
      isRefused(web, "trusted audiences");
    }
    try (WebLogin web = web(builder -> builder.trustedAudiences("api"))) {
      isTaken(web);
    }
  }

  @Spec("ID-11")
  @Test
  void encryptedOnesAreOpenedWithTheGivenKey() throws Exception {
    ECKey key = new ECKeyGenerator(Curve.P_256).generate();
    DecryptionKey ours = DecryptionKey.of(key.toPrivateKey(), "ECDH-ES", "A256GCM");
    try (WebLogin web =
        web(builder -> builder.idTokens(JwtRegistration.standard().encryptedTo(ours)))) {
      isRefused(web, "not encrypted");
      server.alterJwts(
          JwtKind.ID_TOKEN,
          jwt -> jwt.encrypted(key.toPublicJWK().toJSONString(), "ECDH-ES", "A256GCM"));
      isTaken(web);
    }
    assertThatThrownBy(() -> DecryptionKey.of(key.toPrivateKey(), "RSA1_5", "A256GCM"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
