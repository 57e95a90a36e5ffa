package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import dev.everbearer.client.SigningKey;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.TlsIdentity;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.StrongTls;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Connections under FAPI 2.0: TLS 1.3, or TLS 1.2 by the cipher suites of BCP 195. */
class Fapi2TlsTest {

  private static final String WEAK = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256";

  private static TlsIdentity identity;
  private static ECKey key;

  @BeforeAll
  static void make() throws Exception {
    identity = TlsIdentity.ofLoopback();
    key = new ECKeyGenerator(Curve.P_256).keyID("k").generate();
  }

  private static ScriptedAuthorizationServer offering(String... suites) {
    ScriptedAuthorizationServer server =
        ScriptedAuthorizationServer.builder()
            .tls(identity)
            .issuerOverTls(true)
            .tlsCipherSuites(suites)
            .start();
    server.registerClientKey("bank", key.toPublicJWK().toJSONString());
    return server;
  }

  private static OAuthClientBuilder client(ScriptedAuthorizationServer server) {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .privateKeyJwt("bank", SigningKey.fromJwk(key.toJSONString()))
        .dpop()
        .sslContext(identity.trustingContext());
  }

  @Spec("FA-05")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "TLS_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
        "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384"
      })
  void aServerWithARecommendedSuiteIsCalled(String suite) {
    try (ScriptedAuthorizationServer server = offering(suite);
        OAuthClient client = client(server).fapi2().build()) {
      assertThat(client.fetch(Grant.clientCredentials())).isNotNull();
    }
  }

  @Spec("FA-05")
  @Test
  void aServerWithAWeakSuiteAloneIsRefused() {
    try (ScriptedAuthorizationServer server = offering(WEAK)) {
      try (OAuthClient client = client(server).fapi2().build()) {
        assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
            .isInstanceOf(OAuthException.class)
            .hasMessageContaining("cipher suite")
            .hasRootCauseInstanceOf(SSLHandshakeException.class);
        assertThat(server.requestCount()).isZero();
      }
      try (OAuthClient client = client(server).build()) {
        assertThat(client.fetch(Grant.clientCredentials())).as("without FAPI").isNotNull();
      }
    }
  }

  @Spec("FA-05")
  @Test
  void anApiWithAWeakSuiteAloneGetsNoToken() {
    try (ScriptedAuthorizationServer server = offering();
        ScriptedAuthorizationServer weak = offering(WEAK);
        OAuthClient client = client(server).fapi2().build()) {
      HttpClient api = client.httpClientFor(weak.issuer().toString(), Grant.clientCredentials());
      assertThatThrownBy(
              () ->
                  api.send(
                      HttpRequest.newBuilder(weak.tlsUri("/jwks")).build(),
                      BodyHandlers.ofString()))
          .isInstanceOf(SSLHandshakeException.class);
      assertThat(weak.requestCount()).isZero();
    }
  }

  @Spec("FA-05")
  @Test
  void aClientOfOnesOwnMustHoldToThemToo() {
    SSLContext context = identity.trustingContext();
    try (ScriptedAuthorizationServer server = offering()) {
      OAuthClientBuilder settings =
          OAuthClient.builder()
              .issuer(server.issuer().toString())
              .privateKeyJwt("bank", SigningKey.fromJwk(key.toJSONString()))
              .dpop()
              .fapi2();
      settings.httpClient(HttpClient.newBuilder().sslContext(context).build());
      assertThatThrownBy(settings::build)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("BCP 195");
      settings.httpClient(
          HttpClient.newBuilder()
              .sslContext(context)
              .sslParameters(StrongTls.parameters(context))
              .build());
      try (OAuthClient client = settings.build()) {
        assertThat(client.fetch(Grant.clientCredentials())).isNotNull();
      }
    }
  }
}
