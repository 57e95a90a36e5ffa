package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everbearer.grant.Grant;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.OAuthException;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A proxy between us, the authorization server and the API, of which neither name exists: the
 * scripted server stands in for all three.
 */
@ExtendWith(ScriptedServers.class)
class ProxyTest {

  private static final URI API = URI.create("http://api.example.test/user");
  private static final String ORIGIN = "http://api.example.test";
  private static final Answer WHO_ARE_YOU =
      Answer.status(407).header("Proxy-Authenticate", "Basic realm=\"proxy\"");

  private final ScriptedAuthorizationServer proxy;

  ProxyTest(ScriptedAuthorizationServer proxy) {
    this.proxy = proxy;
    proxy.script("/user").answerAlways(Answer.status(200));
    proxy.script("/token").answerAlways(Answer.healthy());
    proxy.registerClient("id", "secret");
  }

  private ProxySelector selector() {
    return ProxySelector.of(
        new InetSocketAddress(InetAddress.getLoopbackAddress(), proxy.issuer().getPort()));
  }

  private static OAuthClientBuilder builder() {
    return OAuthClient.builder()
        .tokenEndpoint("http://id.example.test/token")
        .allowPlainHttp("id.example.test")
        .allowPlainHttp("api.example.test")
        .clientSecretBasic("id", "secret");
  }

  private List<String> hosts() {
    return proxy.requests().stream().map(request -> request.header("Host").orElseThrow()).toList();
  }

  private List<RecordedRequest> withProxyCredentials() {
    return proxy.requests().stream()
        .filter(request -> request.header("Proxy-Authorization").isPresent())
        .toList();
  }

  @Test
  void oneProxyServesTheTokenCallAndTheApiCall() throws Exception {
    try (OAuthClient client = builder().proxy(selector()).build()) {
      HttpClient api = client.httpClientFor(ORIGIN, Grant.clientCredentials());
      assertThat(Api.get(api, API).statusCode()).isEqualTo(200);
    }
    assertThat(hosts()).containsExactly("id.example.test", "api.example.test");
    assertThat(withProxyCredentials()).isEmpty();
    assertThat(proxy.requests().get(0).header("Authorization").orElseThrow()).startsWith("Basic ");
    assertThat(proxy.requests().get(1).header("Authorization").orElseThrow()).startsWith("Bearer ");
  }

  @Test
  void aProxyThatWantsToKnowWhoWeAreIsNotToldByTheClientsOwnCredentials() throws Exception {
    proxy.script("/token").answerAlways(WHO_ARE_YOU);
    try (OAuthClient client = builder().proxy(selector()).build()) {
      assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("407");
      proxy.script("/token").answerAlways(Answer.healthy());
      proxy.script("/user").answerAlways(WHO_ARE_YOU);
      HttpClient api = client.httpClientFor(ORIGIN, Grant.clientCredentials());
      HttpResponse<String> answer = Api.get(api, API);
      assertThat(answer.statusCode()).as("handed over as it is").isEqualTo(407);
    }
    assertThat(hosts()).as("nothing is repeated").hasSize(3);
    assertThat(withProxyCredentials()).isEmpty();
  }

  @Test
  void theProxysOwnCredentialsGoToTheProxyAloneWithBothCalls() throws Exception {
    HttpClient.Builder mine =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .proxy(selector())
            .authenticator(credentials());
    assumeTrue(Runtime.version().feature() >= 21, "an older one drops our header with it");
    proxy.script("/token").answerNext(WHO_ARE_YOU);
    try (ScriptedApi direct = ScriptedApi.open();
        OAuthClient client = builder().httpClient(mine.build()).build()) {
      HttpClient api =
          client.http().bind(Grant.clientCredentials(), ORIGIN).over(mine.build()).build();
      proxy.script("/user").answerNext(WHO_ARE_YOU);
      assertThat(Api.get(api, API).statusCode()).isEqualTo(200);
      HttpClient without =
          client
              .http()
              .bind(Grant.clientCredentials(), direct.origin().toString())
              .over(HttpClient.newHttpClient())
              .build();
      direct.answerAlways(Answer.status(200));
      assertThat(Api.get(without, direct.uri("/x")).statusCode()).isEqualTo(200);
      assertThat(direct.requests())
          .noneMatch(request -> request.header("Proxy-Authorization").isPresent());
    }
    assertThat(withProxyCredentials())
        .extracting(request -> request.header("Host").orElseThrow())
        .contains("id.example.test", "api.example.test");
    assertThat(withProxyCredentials())
        .extracting(request -> request.header("Authorization").orElseThrow().split(" ")[0])
        .as("beside what is for the server and the API")
        .contains("Basic", "Bearer");
  }

  private static Authenticator credentials() {
    return new Authenticator() {
      @Override
      protected PasswordAuthentication getPasswordAuthentication() {
        return getRequestorType() == RequestorType.PROXY
            ? new PasswordAuthentication("me", "proxy password".toCharArray())
            : null;
      }
    };
  }
}
