package dev.everbearer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jwt.SignedJWT;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.TlsScene.Seen;
import dev.everbearer.grant.Grant;
import dev.everbearer.jose.Keys;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Objects;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A client that names itself by a certificate: RFC 8705. */
class MutualTlsTest {

  private static final String TOKEN =
      "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":300}";

  private static TlsScene scene;
  private static Path directory;
  private static int port;
  private static int aliasPort;

  @BeforeAll
  static void serve(@TempDir Path temporary) throws Exception {
    directory = temporary;
    scene = new TlsScene(temporary);
    aliasPort = scene.serve("server", request -> TOKEN);
    port = scene.serve("server", MutualTlsTest::answer);
    scene.write("app", temporary.resolve("app.p12"));
  }

  @AfterAll
  static void stop() {
    scene.close();
  }

  @BeforeEach
  void forget() {
    scene.seen.clear();
  }

  private static String issuer() {
    return "https://localhost:" + port;
  }

  private static String answer(Seen request) {
    if (!request.path().startsWith("/.well-known/")) {
      return request.path().equals("/introspect") ? "{\"active\":true}" : TOKEN;
    }
    String issuer = issuer();
    return """
        {"issuer":"%s","token_endpoint":"%s/token","introspection_endpoint":"%s/introspect",
        "token_endpoint_auth_methods_supported":["tls_client_auth"],
        "tls_client_certificate_bound_access_tokens":true,
        "mtls_endpoint_aliases":{"token_endpoint":"https://localhost:%d/mtls/token"}}
        """
        .formatted(issuer, issuer, issuer, aliasPort);
  }

  private static ClientCertificate app() {
    return ClientCertificate.fromPkcs12(directory.resolve("app.p12"), TlsScene.PASSWORD);
  }

  private static OAuthClientBuilder client(ClientAuthentication authentication) throws Exception {
    return OAuthClient.builder()
        .issuer(issuer())
        .authentication(authentication)
        .trustStore(scene.trust());
  }

  private static Seen last(String path) {
    return Objects.requireNonNull(scene.last(path), path);
  }

  @Spec({"MT-01", "MT-02", "MT-05"})
  @Test
  void theCertificateIsShownAtTheAliasAndTheBodyNamesTheClient() throws Exception {
    try (OAuthClient client = client(ClientAuthentication.tlsClientAuth("app", app())).build()) {
      assertThat(client.tokens(Grant.clientCredentials()).token().value()).isEqualTo("t");
    }
    assertThat(last("/mtls/token").certificate()).isEqualTo("CN=app");
    assertThat(last("/mtls/token").body()).contains("client_id=app");
    assertThat(last("/.well-known/oauth-authorization-server").certificate())
        .as("where nobody needs to know")
        .isEmpty();
    assertThat(scene.last("/token")).isNull();
  }

  @Spec("MT-02")
  @Test
  void aCertificateBesideAnotherMethodUsesTheAliasAsWell() throws Exception {
    try (OAuthClient client =
        client(ClientAuthentication.clientSecretPost("app", "secret"))
            .clientCertificate(app())
            .build()) {
      client.fetch(Grant.clientCredentials());
    }
    assertThat(last("/mtls/token").certificate()).isEqualTo("CN=app");
    assertThat(last("/mtls/token").body()).contains("client_secret=secret");
  }

  @Spec("MT-02")
  @Test
  void withoutACertificateTheUsualEndpointIsUsed() throws Exception {
    try (OAuthClient client =
        client(ClientAuthentication.clientSecretPost("app", "secret")).build()) {
      client.fetch(Grant.clientCredentials());
    }
    assertThat(last("/token").certificate()).isEmpty();
    assertThat(scene.last("/mtls/token")).isNull();
  }

  @Spec({"MT-01", "MT-02"})
  @Test
  void anEndpointWithoutAnAliasIsCalledAtItsUsualPlaceAndShownTheCertificateThere()
      throws Exception {
    try (OAuthClient client = client(ClientAuthentication.tlsClientAuth("app", app())).build()) {
      assertThat(client.introspector().build().introspect(Secret.of("t")).isActive()).isTrue();
    }
    assertThat(last("/introspect").certificate()).isEqualTo("CN=app");
    assertThat(last("/introspect").body()).contains("client_id=app");
    assertThat(scene.last("/mtls/introspect")).isNull();
  }

  @Spec({"MT-02", "JA-02"})
  @Test
  void anAssertionForAnAliasIsForTheIssuerAllTheSame() throws Exception {
    SigningKey key = SigningKey.of(Keys.P256.getPrivate(), Keys.P256.getPublic());
    try (OAuthClient client =
        client(ClientAuthentication.privateKeyJwt("app", key)).clientCertificate(app()).build()) {
      client.fetch(Grant.clientCredentials());
    }
    Seen asked = last("/mtls/token");
    assertThat(asked.certificate()).isEqualTo("CN=app");
    String assertion = asked.body().replaceFirst(".*client_assertion=([^&]*).*", "$1");
    assertThat(SignedJWT.parse(assertion).getJWTClaimsSet().getAudience())
        .containsExactly(issuer());
  }

  @Spec("MT-05")
  @Test
  void anApiIsShownTheCertificateAndAnUnboundHostIsNot() throws Exception {
    try (OAuthClient client = client(ClientAuthentication.tlsClientAuth("app", app())).build()) {
      HttpClient api =
          client.http().bind(Grant.clientCredentials(), issuer()).allowUnbound().build();
      get(api, issuer() + "/data");
      assertThat(last("/data").certificate()).isEqualTo("CN=app");
      get(api, "https://127.0.0.1:" + port + "/foreign");
      assertThat(last("/foreign").certificate()).isEmpty();
    }
  }

  private static void get(HttpClient api, String url) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url)).build();
    assertThat(api.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
  }

  @Spec("MT-03")
  @Test
  void aRenewedCertificateIsShownOnNewConnections() throws Exception {
    Path file = directory.resolve("rotating.p12");
    scene.write("app", file);
    ClientCertificate certificate = ClientCertificate.fromPkcs12(file, TlsScene.PASSWORD);
    try (OAuthClient client =
        client(ClientAuthentication.tlsClientAuth("app", certificate)).build()) {
      client.fetch(Grant.clientCredentials());
      assertThat(last("/mtls/token").certificate()).isEqualTo("CN=app");

      scene.write("renewed", file);
      Files.setLastModifiedTime(file, FileTime.fromMillis(1));
      client.fetch(Grant.clientCredentials());
      assertThat(last("/mtls/token").certificate()).isEqualTo("CN=renewed");

      Files.writeString(file, "half a file");
      Files.setLastModifiedTime(file, FileTime.fromMillis(2));
      client.fetch(Grant.clientCredentials());
      assertThat(last("/mtls/token").certificate()).isEqualTo("CN=renewed");
    }
  }

  @Spec("MT-04")
  @Test
  void aPublicClientsRefreshTokenIsNotSentUnderAnotherCertificate() throws Exception {
    Path file = directory.resolve("public.p12");
    scene.write("app", file);
    ClientCertificate certificate = ClientCertificate.fromPkcs12(file, TlsScene.PASSWORD);
    try (OAuthClient client =
        client(ClientAuthentication.none("app")).clientCertificate(certificate).build()) {
      TokenSource tokens = client.tokens(Grant.refreshToken("r"));
      AccessToken bound = tokens.token();
      tokens.invalidate(bound);
      assertThat(tokens.token()).isNotNull();

      scene.write("renewed", file);
      Files.setLastModifiedTime(file, FileTime.fromMillis(1));
      scene.seen.clear();
      tokens.invalidate(bound);
      assertThatThrownBy(tokens::token)
          .isInstanceOf(LoginRequiredException.class)
          .hasMessageContaining("client certificate");
      assertThat(scene.last("/mtls/token")).as("no blind retry").isNull();
    }
  }

  @Spec("MT-03")
  @Test
  void aTokenThatIsBoundToAnotherCertificateIsNotTakenFromTheStore() throws Exception {
    Path file = directory.resolve("store.p12");
    scene.write("app", file);
    ClientCertificate certificate = ClientCertificate.fromPkcs12(file, TlsScene.PASSWORD);
    TokenStore store = new MemoryTokenStore();
    ask(certificate, store);
    scene.seen.clear();
    ask(certificate, store);
    assertThat(scene.last("/mtls/token")).as("taken from the store").isNull();

    scene.write("renewed", file);
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    ask(certificate, store);
    assertThat(last("/mtls/token").certificate()).isEqualTo("CN=renewed");
  }

  private static void ask(ClientCertificate certificate, TokenStore store) throws Exception {
    try (OAuthClient client =
        client(ClientAuthentication.tlsClientAuth("app", certificate)).store(store).build()) {
      assertThat(client.tokens(Grant.clientCredentials()).token()).isNotNull();
    }
  }

  @Spec("BP-07")
  @Test
  void aServerOfAnUnknownAuthorityIsNotTrusted() {
    try (OAuthClient client =
        OAuthClient.builder().issuer(issuer()).clientSecretPost("app", "secret").build()) {
      assertUntrusted(() -> client.fetch(Grant.clientCredentials()));
    }
    assertThat(scene.seen).isEmpty();
  }

  @Spec("BP-07")
  @Test
  void aCertificateOfAnotherHostIsNotTrusted() throws Exception {
    int elsewhere = scene.serve("elsewhere", request -> TOKEN);
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint("https://localhost:" + elsewhere + "/token")
            .clientSecretPost("app", "secret")
            .trustStore(scene.trust())
            .build()) {
      assertUntrusted(() -> client.fetch(Grant.clientCredentials()));
    }
    assertThat(scene.seen).isEmpty();
  }

  private static OAuthClientBuilder plain() {
    return OAuthClient.builder().issuer(issuer()).clientSecretPost("app", "secret");
  }

  @Spec("BP-07")
  @Test
  void anAuthorityOfOnesOwnIsTrustedBesideThePlatforms() throws Exception {
    try (OAuthClient client = plain().trustAlso(scene.trust()).build()) {
      assertThat(client.fetch(Grant.clientCredentials())).isNotNull();
    }
  }

  @Spec("BP-07")
  @Test
  void aServerIsPinnedByATrustStoreWithItsOwnCertificateAlone() throws Exception {
    try (OAuthClient client = plain().trustStore(scene.trust("server")).build()) {
      assertThat(client.fetch(Grant.clientCredentials())).isNotNull();
    }
    int before = scene.seen.size();
    try (OAuthClient client = plain().trustStore(scene.trust("elsewhere")).build()) {
      assertUntrusted(() -> client.fetch(Grant.clientCredentials()));
    }
    assertThat(scene.seen).as("of the same authority, and not the pinned one").hasSize(before);
  }

  private static void assertUntrusted(Runnable fetch) {
    assertThatThrownBy(fetch::run)
        .isInstanceOfSatisfying(
            OAuthException.class,
            e -> assertThat(e.failure().map(Failure::kind)).contains(FailureKind.UNTRUSTED_SERVER));
  }

  @Test
  void aContextOfTheUsersOwnIsNotMixedWithOurs() throws Exception {
    OAuthClientBuilder mixed =
        client(ClientAuthentication.tlsClientAuth("app", app()))
            .httpClient(HttpClient.newHttpClient());
    assertThatThrownBy(mixed::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("httpClient");
  }
}
