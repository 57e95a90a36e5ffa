package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.TlsIdentity;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What a proxy is told, and that nobody else hears of it. */
@ExtendWith(ScriptedServers.class)
class ProxyCredentialsTest {

  private static final String USER = "me";
  private static final String PASSWORD = "proxy pässword";

  /** {@code me:proxy pässword} in UTF-8. */
  private static final String TOLD = "Basic bWU6cHJveHkgcMOkc3N3b3Jk";

  private static final String ENCODED = "bWU6cHJveHk";

  private static OAuthClientBuilder builder(String tokenEndpoint) {
    return OAuthClient.builder()
        .tokenEndpoint(tokenEndpoint)
        .allowPlainHttp("id.example.test")
        .allowPlainHttp("api.example.test")
        .clientSecretBasic("id", "secret")
        .proxyCredentials(USER, PASSWORD);
  }

  private static ProxySelector at(URI proxy) {
    return ProxySelector.of(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.getPort()));
  }

  @Test
  void theProxyIsToldWithEachCallBesideWhatIsForTheServerAndTheApi(
      ScriptedAuthorizationServer proxy) throws Exception {
    proxy.registerClient("id", "secret");
    proxy.script("/token").answerAlways(Answer.healthy());
    proxy.script("/user").answerAlways(Answer.status(200));
    try (OAuthClient client =
        builder("http://id.example.test/token").proxy(at(proxy.issuer())).build()) {
      HttpClient api = client.httpClientFor("http://api.example.test", Grant.clientCredentials());
      URI user = URI.create("http://api.example.test/user");
      assertThat(Api.get(api, user).statusCode()).isEqualTo(200);
      assertThat(Api.getAsync(api, user).statusCode()).isEqualTo(200);
      assertThat(client + " " + api + " " + client.diagnose()).doesNotContain(ENCODED, PASSWORD);
    }
    assertThat(proxy.requests())
        .hasSize(3)
        .allSatisfy(sent -> assertThat(sent.headers("Proxy-Authorization")).containsExactly(TOLD))
        .allSatisfy(sent -> assertThat(sent.headers("Authorization")).hasSize(1));
  }

  @Test
  @Spec("SE-03")
  void withoutAProxyOnTheWayNoServerIsTold(ScriptedAuthorizationServer server) throws Exception {
    server.registerClient("id", "secret");
    try (ScriptedApi direct = ScriptedApi.open();
        CapturedLogs logs = CapturedLogs.of("dev.everbearer");
        OAuthClient client =
            builder(server.tokenEndpoint().toString()).proxy(HttpClient.Builder.NO_PROXY).build()) {
      HttpClient api = client.httpClientFor(direct.origin().toString(), Grant.clientCredentials());
      assertThat(Api.get(api, direct.uri("/x")).statusCode()).isEqualTo(200);
      URI socket = URI.create(direct.uri("/ws").toString().replace("http:", "ws:"));
      api.newWebSocketBuilder()
          .connectTimeout(Duration.ofSeconds(10))
          .buildAsync(socket, new WebSocket.Listener() {})
          .get(10, TimeUnit.SECONDS)
          .abort();
      assertThat(direct.requests())
          .hasSize(2)
          .allMatch(sent -> sent.header("Authorization").isPresent())
          .noneMatch(sent -> sent.header("Proxy-Authorization").isPresent());
      assertThat(server.requests())
          .hasSize(1)
          .noneMatch(sent -> sent.header("Proxy-Authorization").isPresent());
      assertThat(logs.everything()).isNotEmpty().noneMatch(line -> line.contains(ENCODED));
    }
  }

  @Test
  void aProxyThatIsNotContentIsAskedOnceAndNamedInTheError(ScriptedAuthorizationServer proxy) {
    proxy
        .script("/token")
        .answerAlways(Answer.status(407).header("Proxy-Authenticate", "Basic realm=\"proxy\""));
    try (OAuthClient client =
        builder("http://id.example.test/token").proxy(at(proxy.issuer())).build()) {
      assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
          .isInstanceOf(OAuthException.class)
          .hasMessageContainingAll("407", "proxyCredentials(...)")
          .hasMessageNotContaining(PASSWORD);
    }
    assertThat(proxy.requests()).hasSize(1);
  }

  // ---- tunnels

  @Test
  void withoutJavasLeaveATunnelIsAskedForWithoutThemAndTheErrorSaysHowToGiveIt() throws Exception {
    TlsIdentity identity = TlsIdentity.ofLoopback();
    try (ScriptedAuthorizationServer server =
            ScriptedAuthorizationServer.builder().tls(identity).issuerOverTls(true).start();
        TunnelProxy proxy = TunnelProxy.wanting(TOLD)) {
      OAuthClientBuilder byIssuer =
          OAuthClient.builder()
              .issuer(server.issuer().toString())
              .clientSecretBasic("id", "secret")
              .proxy(proxy.selector())
              .proxyCredentials(USER, PASSWORD)
              .sslContext(identity.trustingContext());
      try (OAuthClient client = byIssuer.build()) {
        assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
            .isInstanceOf(OAuthException.class)
            .hasMessageContainingAll("407", "-Djdk.http.auth.tunneling.disabledSchemes=");
      }
      try (OAuthClient client =
          builder(server.tlsUri("/token").toString())
              .proxy(proxy.selector())
              .sslContext(identity.trustingContext())
              .build()) {
        assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
            .isInstanceOf(OAuthException.class)
            .hasMessageContainingAll("407", "-Djdk.http.auth.tunneling.disabledSchemes=");
      }
      assertThat(proxy.told()).isNotEmpty().containsOnly("");
      assertThat(server.requestCount()).isZero();
    }
  }

  @Test
  void theSameAnswerOfAProxyBeforeAnApiIsHandedOverAsItIs() throws Exception {
    TlsIdentity identity = TlsIdentity.ofLoopback();
    try (ScriptedAuthorizationServer server =
            ScriptedAuthorizationServer.builder().tls(identity).start();
        TunnelProxy proxy = TunnelProxy.wanting(TOLD);
        OAuthClient client =
            builder(server.tokenEndpoint().toString())
                .proxy(onlyForHttps(proxy.selector()))
                .sslContext(identity.trustingContext())
                .build()) {
      server.registerClient("id", "secret");
      URI user = server.tlsUri("/jwks");
      HttpClient api =
          client.httpClientFor("https://" + user.getAuthority(), Grant.clientCredentials());
      assertThat(Api.get(api, user).statusCode()).isEqualTo(407);
      assertThat(Api.getAsync(api, user).statusCode()).isEqualTo(407);
      assertThat(proxy.told()).containsOnly("");
    }
  }

  private static ProxySelector onlyForHttps(ProxySelector selector) {
    return new ProxySelector() {
      @Override
      public List<Proxy> select(URI uri) {
        return uri.getScheme().equals("https") ? selector.select(uri) : List.of(Proxy.NO_PROXY);
      }

      @Override
      public void connectFailed(URI uri, SocketAddress address, IOException trouble) {
        selector.connectFailed(uri, address, trouble);
      }
    };
  }

  @Test
  void aProxyThatOpensNoTunnelIsTheReasonWhyTheServerIsNotReached() throws Exception {
    TlsIdentity identity = TlsIdentity.ofLoopback();
    try (ScriptedAuthorizationServer server =
            ScriptedAuthorizationServer.builder().tls(identity).issuerOverTls(true).start();
        TunnelProxy proxy = TunnelProxy.refusingAll(403);
        OAuthClient client =
            builder(server.tlsUri("/token").toString())
                .proxy(proxy.selector())
                .sslContext(identity.trustingContext())
                .build()) {
      assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
          .isInstanceOfSatisfying(
              OAuthException.class,
              e ->
                  assertThat(e.failure())
                      .hasValueSatisfying(
                          failure ->
                              assertThat(failure.kind()).isEqualTo(FailureKind.NOT_CONNECTED)))
          .hasMessageContaining("the proxy opened no tunnel to it, and answered 403");
      assertThat(server.requestCount()).isZero();
    }
  }

  /** Through a tunnel to the server and to the API; prints who was told what. */
  static final class Tunnelled {

    private Tunnelled() {}

    public static void main(String[] args) throws Exception {
      TlsIdentity identity = TlsIdentity.ofLoopback();
      try (ScriptedAuthorizationServer server =
              ScriptedAuthorizationServer.builder().tls(identity).issuerOverTls(true).start();
          TunnelProxy proxy = TunnelProxy.wanting(TOLD)) {
        server.registerClient("id", "secret");
        try (OAuthClient client =
            builder(server.tlsUri("/token").toString())
                .proxy(proxy.selector())
                .sslContext(identity.trustingContext())
                .build()) {
          HttpClient api =
              client.httpClientFor(server.issuer().toString(), Grant.clientCredentials());
          System.out.println("status " + Api.get(api, server.tlsUri("/jwks")).statusCode());
        }
        System.out.println("proxy " + proxy.told());
        server
            .requests()
            .forEach(
                sent ->
                    System.out.println(
                        "server %s %s %s"
                            .formatted(
                                sent.path(),
                                sent.header("Authorization").orElse("-").split(" ")[0],
                                sent.header("Proxy-Authorization").orElse("-"))));
      }
      System.exit(0);
    }
  }

  @Test
  @Spec("SE-03")
  void withJavasLeaveTheProxyOfATunnelIsToldAndNobodyBehindIt(@TempDir Path folder)
      throws Exception {
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.http.auth.tunneling.disabledSchemes=",
                "-cp",
                System.getProperty("java.class.path"),
                Tunnelled.class.getName())
            .redirectError(folder.resolve("error").toFile())
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(output)
        .content(StandardCharsets.UTF_8)
        .isEqualToIgnoringNewLines(
            """
            status 200
            proxy [%s, %s]
            server /token Basic -
            server /jwks Bearer -
            """
                .formatted(TOLD, TOLD));
  }

  // ---- settings

  @Test
  void theyGoWithAProxyThatIsNamedAndWithNoClientOfOnesOwn() {
    OAuthClientBuilder unnamed = builder("https://id.example.com/token");
    assertThatIllegalStateException()
        .isThrownBy(unnamed::build)
        .withMessageContaining("proxy(...)");
    OAuthClientBuilder own =
        builder("https://id.example.com/token").httpClient(HttpClient.newHttpClient());
    assertThatIllegalStateException()
        .isThrownBy(own::build)
        .withMessageContaining("proxyCredentials(...)");
  }

  @Test
  void whatCannotBeSaidIsRefusedAndNotRepeated() {
    OAuthClientBuilder builder = OAuthClient.builder();
    for (List<String> bad :
        List.of(List.of("", "p"), List.of("a:b", "p"), List.of("a\n", "p"), List.of("a", "p\r"))) {
      assertThatIllegalArgumentException()
          .isThrownBy(() -> builder.proxyCredentials(bad.get(0), bad.get(1)))
          .satisfies(e -> assertThat(e.getMessage()).doesNotContain("a:b"));
    }
  }
}
