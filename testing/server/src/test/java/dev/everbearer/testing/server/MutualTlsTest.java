package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MutualTlsTest {

  private static final String CLIENT_CREDENTIALS = "grant_type=client_credentials&client_id=c";

  private static TlsIdentity serverIdentity;
  private static TlsIdentity mine;
  private static TlsIdentity other;

  private ScriptedAuthorizationServer server;
  private ScriptedApi api;

  @BeforeAll
  static void makeIdentities() {
    serverIdentity = TlsIdentity.ofLoopback();
    mine = TlsIdentity.ofClient("CN=me, O=Example");
    other = TlsIdentity.ofClient("CN=other, O=Example");
  }

  @BeforeEach
  void start() {
    server = ScriptedAuthorizationServer.builder().tls(serverIdentity).start();
    api = ScriptedApi.protectedBy(server);
    server.registerClientCertificate("c", mine.certificate());
  }

  @AfterEach
  void stop() {
    api.close();
    server.close();
  }

  private static HttpResponse<String> send(SSLContext context, HttpRequest.Builder request)
      throws IOException {
    try {
      HttpClient client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .sslContext(context)
              .connectTimeout(Http.PATIENCE)
              .build();
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static SSLContext as(TlsIdentity client) {
    return client.contextTrusting(serverIdentity);
  }

  private HttpResponse<String> post(SSLContext context, String form) throws IOException {
    return send(context, Http.form(server.tlsUri("/token"), form));
  }

  private HttpResponse<String> call(SSLContext context, URI uri, String token) throws IOException {
    return send(context, HttpRequest.newBuilder(uri).header("Authorization", "Bearer " + token));
  }

  @Test
  void authenticatesByARegisteredCertificate() throws IOException {
    assertThat(post(as(mine), CLIENT_CREDENTIALS).statusCode()).isEqualTo(200);
    assertThat(post(as(other), CLIENT_CREDENTIALS).body())
        .contains("invalid_client", "not that of the client");
    assertThat(post(serverIdentity.trustingContext(), CLIENT_CREDENTIALS).statusCode())
        .isEqualTo(401);
    assertThat(new Http().post(server.tokenEndpoint(), CLIENT_CREDENTIALS).statusCode())
        .isEqualTo(401);
    assertThat(post(as(mine), "grant_type=client_credentials").statusCode()).isEqualTo(401);
  }

  @Test
  void authenticatesByARegisteredSubject() throws IOException {
    server.clientMetadata(
        "d",
        Map.of(
            "token_endpoint_auth_method",
            "tls_client_auth",
            "tls_client_auth_subject_dn",
            "CN=me,O=Example"));
    String form = "grant_type=client_credentials&client_id=d";

    assertThat(post(as(mine), form).statusCode()).isEqualTo(200);
    assertThat(post(as(other), form).statusCode()).isEqualTo(401);
  }

  @Test
  void recordsWhatCameOverTls() throws IOException {
    post(as(mine), CLIENT_CREDENTIALS);

    RecordedRequest request = server.tokenRequests().get(0);
    assertThat(request.isSecure()).isTrue();
    assertThat(request.clientCertificate()).contains(mine.certificate());
    assertThat(request.form()).containsEntry("client_id", List.of("c"));
    assertThat(server.requestCount()).isEqualTo(1);
  }

  @Test
  void publishesAliasesAndMethodsOnlyWithTls() throws Exception {
    URI place = server.uri("/.well-known/oauth-authorization-server");
    Map<String, Object> metadata = JSONObjectUtils.parse(new Http().get(place).body());

    assertThat(metadata.get("issuer")).isEqualTo(server.origin().toString());
    assertThat((Map<?, ?>) metadata.get("mtls_endpoint_aliases")).hasSize(7);
    assertThat(Json.write(metadata.get("mtls_endpoint_aliases")))
        .contains("\"token_endpoint\":\"" + server.tlsUri("/token") + "\"");
    assertThat(Json.write(metadata.get("token_endpoint_auth_methods_supported")))
        .contains("\"tls_client_auth\"", "self_signed_tls_client_auth");
    try (ScriptedAuthorizationServer plain = ScriptedAuthorizationServer.start()) {
      assertThat(new Http().get(plain.uri("/.well-known/oauth-authorization-server")).body())
          .doesNotContain("mtls_endpoint_aliases", "tls_client_auth");
      assertThatThrownBy(() -> plain.tlsUri("/")).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void bindsTokensToTheCertificate() throws IOException {
    server.clientMetadata("c", Map.of("tls_client_certificate_bound_access_tokens", true));
    HttpResponse<String> response = post(as(mine), CLIENT_CREDENTIALS);
    String token = string(response, "access_token");

    assertThat(string(response, "token_type")).isEqualTo("Bearer");
    assertThat(call(as(mine), api.tlsUri("/"), token).statusCode()).isEqualTo(200);
    assertThat(call(as(other), api.tlsUri("/"), token).statusCode()).isEqualTo(401);
    assertThat(call(serverIdentity.trustingContext(), api.tlsUri("/"), token).statusCode())
        .isEqualTo(401);
    assertThat(new Http().get(api.uri("/"), "Authorization", "Bearer " + token).statusCode())
        .isEqualTo(401);
    assertThat(
            send(as(mine), Http.form(server.tlsUri("/introspect"), "client_id=c&token=" + token))
                .body())
        .contains("\"cnf\":{\"x5t#S256\":\"" + mine.thumbprint() + "\"}");
    String issued = server.issueCertificateBoundAccessToken("c", other.thumbprint());
    assertThat(call(as(other), api.tlsUri("/"), issued).statusCode()).isEqualTo(200);
  }

  @Test
  void aCertificateIsWantedOfThoseWhoseTokensAreBound() throws IOException {
    server.registerClient("s", "s");
    server.clientMetadata("s", Map.of("tls_client_certificate_bound_access_tokens", true));
    String form = "grant_type=client_credentials&client_id=s&client_secret=s";

    assertThat(new Http().post(server.tokenEndpoint(), form).body()).contains("invalid_request");
    assertThat(post(as(mine), form).statusCode()).isEqualTo(200);
  }

  @Test
  void refreshTokensOfPublicClientsKeepTheirCertificate() throws IOException {
    server.registerPublicClient("p");
    server.registerRedirectUris("p", CodeFlow.REDIRECT);
    server.certificateBoundAccessTokens(true);
    CodeFlow flow = new CodeFlow(server, "p");
    HttpResponse<String> login = post(as(mine), CodeFlow.form(flow.tokenRequest(flow.code())));
    String refresh =
        "grant_type=refresh_token&client_id=p&refresh_token=" + string(login, "refresh_token");

    assertThat(post(as(other), refresh).body()).contains("invalid_grant");
    assertThat(post(as(mine), refresh).statusCode()).isEqualTo(200);
  }

  @Test
  void proofsOverTlsNameTheUriOfTls() throws IOException {
    server.registerClient("s", "s");
    DpopClient dpop = new DpopClient(InstantSource.system());
    String form = "grant_type=client_credentials&client_id=s&client_secret=s";
    URI uri = server.tlsUri("/token");

    HttpRequest.Builder good = Http.form(uri, form, "DPoP", dpop.proof("POST", uri).compact());
    HttpRequest.Builder bad =
        Http.form(uri, form, "DPoP", dpop.proof("POST", server.tokenEndpoint()).compact());

    assertThat(string(send(as(mine), good), "token_type")).isEqualTo("DPoP");
    assertThat(send(as(mine), bad).body()).contains("htu must be https://");
  }

  @Test
  void theIssuerCanBeOverTls() throws IOException {
    try (ScriptedAuthorizationServer secure =
        ScriptedAuthorizationServer.builder().tls(serverIdentity).issuerOverTls(true).start()) {
      URI place = secure.tlsUri("/.well-known/oauth-authorization-server");
      HttpResponse<String> metadata =
          send(serverIdentity.trustingContext(), HttpRequest.newBuilder(place));

      assertThat(secure.issuer().getScheme()).isEqualTo("https");
      assertThat(string(metadata, "issuer")).isEqualTo(secure.issuer().toString());
      assertThat(string(metadata, "token_endpoint")).isEqualTo(secure.tokenEndpoint().toString());
      assertThat(metadata.body()).doesNotContain("mtls_endpoint_aliases");
    }
  }

  @Test
  void clientsFindOutWhatIsWrongWithAServer() throws IOException {
    for (TlsIdentity wrong : List.of(TlsIdentity.expired(), TlsIdentity.ofHost("other.example"))) {
      try (ScriptedAuthorizationServer bad =
          ScriptedAuthorizationServer.builder().tls(wrong).start()) {
        assertThatThrownBy(
                () -> send(wrong.trustingContext(), HttpRequest.newBuilder(bad.tlsUri("/jwks"))))
            .isInstanceOf(SSLHandshakeException.class);
      }
    }
    assertThatThrownBy(
            () -> send(mine.trustingContext(), HttpRequest.newBuilder(server.tlsUri("/jwks"))))
        .isInstanceOf(SSLHandshakeException.class);
  }

  @Test
  void cipherSuitesAreThoseOfTheTest() throws IOException {
    String suite = "TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA";
    try (ScriptedAuthorizationServer weak =
        ScriptedAuthorizationServer.builder().tls(serverIdentity).tlsCipherSuites(suite).start()) {
      HttpResponse<String> response =
          send(serverIdentity.trustingContext(), HttpRequest.newBuilder(weak.tlsUri("/jwks")));
      assertThat(response.sslSession().orElseThrow().getCipherSuite()).isEqualTo(suite);
    }
  }

  @Test
  void faultsHappenOverTlsToo() throws IOException {
    server.answerNext(
        Answer.status(503),
        Answer.reset(),
        Answer.cutBody("{\"a", 100),
        Answer.drip("{}", Duration.ofMillis(1)),
        Answer.closeBeforeAnswer(),
        Answer.healthy());

    assertThat(post(as(mine), CLIENT_CREDENTIALS).statusCode()).isEqualTo(503);
    assertThatThrownBy(() -> post(as(mine), CLIENT_CREDENTIALS)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> post(as(mine), CLIENT_CREDENTIALS)).isInstanceOf(IOException.class);
    assertThat(post(as(mine), CLIENT_CREDENTIALS).body()).isEqualTo("{}");
    assertThatThrownBy(() -> post(as(mine), CLIENT_CREDENTIALS)).isInstanceOf(IOException.class);
    assertThat(post(as(mine), CLIENT_CREDENTIALS).statusCode()).isEqualTo(200);
  }
}
