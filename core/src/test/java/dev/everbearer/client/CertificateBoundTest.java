package dev.everbearer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.TlsIdentity;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.TokenSet;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Self-signed certificates and what is bound to them, with servers that look at each (RFC 8705).
 */
class CertificateBoundTest {

  private static final String ID = "app";
  private static final String CALLBACK = "https://app.example.com/callback";
  private static final char[] PASSWORD = "everbearer".toCharArray();

  private static TlsIdentity serverIdentity;
  private static TlsIdentity mine;
  private static TlsIdentity other;

  private ScriptedAuthorizationServer server;
  private ScriptedApi api;

  @BeforeAll
  static void makeIdentities() {
    serverIdentity = TlsIdentity.ofLoopback();
    mine = TlsIdentity.ofClient("CN=app");
    other = TlsIdentity.ofClient("CN=other");
  }

  @BeforeEach
  void start() {
    server = ScriptedAuthorizationServer.builder().tls(serverIdentity).start();
    server.certificateBoundAccessTokens(true);
    api = ScriptedApi.protectedBy(server);
    server.registerClientCertificate(ID, mine.certificate());
    server.registerRedirectUris(ID, CALLBACK);
  }

  @AfterEach
  void stop() {
    api.close();
    server.close();
  }

  private static ClientCertificate certificate(TlsIdentity identity) {
    return ClientCertificate.of(identity.privateKey(), identity.certificate());
  }

  private OAuthClientBuilder client(ClientCertificate certificate) throws Exception {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("server", serverIdentity.certificate());
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .authentication(ClientAuthentication.selfSignedTlsClientAuth(ID, certificate))
        .trustStore(trust);
  }

  private HttpClient http(OAuthClient client) {
    return client.httpClientFor(api.tlsUri("").toString(), Grant.clientCredentials());
  }

  private int get(HttpClient http) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(api.tlsUri("/data")).build();
    return http.send(request, BodyHandlers.discarding()).statusCode();
  }

  private int getAs(TlsIdentity identity, String token) throws Exception {
    HttpClient thief =
        HttpClient.newBuilder().sslContext(identity.contextTrusting(serverIdentity)).build();
    HttpRequest request =
        HttpRequest.newBuilder(api.tlsUri("/data"))
            .header("Authorization", "Bearer " + token)
            .build();
    return thief.send(request, BodyHandlers.discarding()).statusCode();
  }

  @Test
  @Spec({"MT-01", "MT-03", "CA-03"})
  void aCertificateThatIsRegisteredItselfProvesTheClientAndItsTokensAreBoundToIt()
      throws Exception {
    try (OAuthClient client = client(certificate(mine)).build()) {
      assertThat(get(http(client))).isEqualTo(200);
      RecordedRequest asked = server.tokenRequests().get(0);
      assertThat(asked.clientCertificate()).contains(mine.certificate());
      assertThat(asked.header("Authorization")).isEmpty();
      assertThat(asked.bodyText()).isEqualTo("grant_type=client_credentials&client_id=app");
      String token = client.tokens(Grant.clientCredentials()).token().value();
      assertThat(getAs(mine, token)).isEqualTo(200);
      assertThat(getAs(other, token)).as("a thief").isEqualTo(401);
    }
  }

  @Test
  @Spec("MT-01")
  void anotherCertificateIsRefusedAndNothingElseTried() throws Exception {
    try (OAuthClient client = client(certificate(other)).build()) {
      assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
          .isInstanceOfSatisfying(
              OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("invalid_client"));
    }
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("MT-03")
  void whenTheCertificateIsRenewedTheApiIsShownTheNewOneWithATokenOfItsOwn(@TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("client.p12");
    write(mine, file);
    try (OAuthClient client = client(ClientCertificate.fromPkcs12(file, PASSWORD)).build()) {
      HttpClient http = http(client);
      assertThat(get(http)).isEqualTo(200);
      write(other, file);
      Files.setLastModifiedTime(file, FileTime.fromMillis(1));
      server.registerClientCertificate(ID, other.certificate());
      assertThat(get(http)).isEqualTo(200);
      assertThat(get(http)).isEqualTo(200);
    }
    assertThat(api.requests())
        .extracting(sent -> sent.clientCertificate().orElseThrow().getSubjectX500Principal())
        .extracting(Object::toString)
        .as("the second is the old token's, which is replaced")
        .containsExactly("CN=app", "CN=other", "CN=other", "CN=other");
    assertThat(server.tokenRequests()).hasSize(2);
  }

  private static void write(TlsIdentity identity, Path file) throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    Certificate[] chain = {identity.certificate()};
    store.setKeyEntry("client", identity.privateKey(), PASSWORD, chain);
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD);
    }
  }

  @Test
  @Spec({"FA-01", "FA-03", "MT-02", "PR-01"})
  void underFapi2ACertificateDoesForBothAuthenticationAndBinding() throws Exception {
    try (OAuthClient client = client(certificate(mine)).fapi2().build()) {
      AuthorizationCodeFlow flow =
          client.authorizationCodeFlow(Grant.authorizationCode().scope("read"), CALLBACK);
      AuthorizationRedirect redirect = flow.start();
      assertThat(redirect.url().getRawQuery()).contains("request_uri=").doesNotContain("scope=");
      String back = new UserAgent().redirectOf(redirect.url()).toString();
      TokenSet tokens = flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(back));
      assertThat(getAs(mine, tokens.accessToken().value())).isEqualTo(200);
      assertThat(getAs(other, tokens.accessToken().value())).isEqualTo(401);
      assertThat(get(http(client))).isEqualTo(200);
    }
    assertShown(server.requestsTo("pushed_authorization_request_endpoint").get(0));
    server.tokenRequests().forEach(CertificateBoundTest::assertShown);
  }

  private static void assertShown(RecordedRequest sent) {
    X509Certificate shown = mine.certificate();
    assertThat(sent.clientCertificate()).contains(shown);
    assertThat(sent.form()).doesNotContainKeys("client_secret", "client_assertion");
    assertThat(sent.headers("DPoP")).isEmpty();
  }

  @Test
  @Spec("FA-01")
  void underFapi2ASecretBesideACertificateIsNotEnough() throws Exception {
    OAuthClientBuilder weaker =
        client(certificate(mine))
            .clientSecretBasic(ID, "a secret")
            .clientCertificate(certificate(mine))
            .fapi2();
    assertThatThrownBy(weaker::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("privateKeyJwt(...) or a client certificate");
  }
}
