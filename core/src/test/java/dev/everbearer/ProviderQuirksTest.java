package dev.everbearer;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.lastRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ClientAuthMethod;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthErrorException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What requests look like at servers that want them otherwise. */
@ExtendWith(ScriptedServers.class)
class ProviderQuirksTest {

  private final ScriptedAuthorizationServer server;

  ProviderQuirksTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  // ---- in place of resource

  @Test
  @Spec("PQ-14")
  void eachAudienceGetsATokenOfItsOwn() {
    try (OAuthClient client = clientOf(server).build()) {
      AccessToken orders = client.tokens(Grant.clientCredentials().audience("orders")).token();
      AccessToken bills = client.tokens(Grant.clientCredentials().audience("bills")).token();
      assertThat(bills).isNotEqualTo(orders);
      assertThat(client.tokens(Grant.clientCredentials().parameter("audience", "orders")).token())
          .as("the same by whatever name it is set")
          .isSameAs(orders);
      assertThat(server.tokenRequests())
          .extracting(request -> request.form().get("audience"))
          .containsExactly(List.of("orders"), List.of("bills"));
    }
  }

  @ParameterizedTest
  @Spec("PQ-14")
  @CsvSource({"organization, org_1, org_2", "tenant, a, b"})
  void anyExtraParameterTellsTokensApart(String name, String one, String other) {
    try (OAuthClient client = clientOf(server).build()) {
      AccessToken first = client.tokens(Grant.clientCredentials().parameter(name, one)).token();
      AccessToken second = client.tokens(Grant.clientCredentials().parameter(name, other)).token();
      assertThat(second).isNotEqualTo(first);
      assertThat(client.tokens(Grant.clientCredentials().parameter(name, one)).token())
          .isSameAs(first);
      assertThat(server.tokenRequests()).hasSize(2);
    }
  }

  @Test
  @Spec("PQ-14")
  void aScopeOfAResourceIsAScope() {
    try (OAuthClient client = clientOf(server).build()) {
      String graph = "https://graph.example.com/.default";
      String vault = "https://vault.example.com/.default";
      AccessToken first = client.tokens(Grant.clientCredentials().scope(graph)).token();
      assertThat(client.tokens(Grant.clientCredentials().scope(vault)).token()).isNotEqualTo(first);
      assertThat(server.tokenRequests())
          .extracting(request -> request.form().get("scope"))
          .containsExactly(List.of(graph), List.of(vault));
    }
  }

  @Test
  @Spec("PQ-14")
  void whatTheLibrarySendsItselfIsNoExtra() {
    assertThatThrownBy(() -> Grant.clientCredentials().parameter("resource", "an id"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("resource is set by the library");
  }

  // ---- one fixed way to authenticate

  @Test
  @Spec({"PQ-15", "ERR-03"})
  void aServerThatTakesTheOtherMethodIsNotProbed() {
    server.registerClient(ID, SECRET);
    server.acceptOnly(ClientAuthMethod.CLIENT_SECRET_POST);
    assertIsRefusedOnce(ClientAuthentication.clientSecretBasic(ID, SECRET));
    assertThat(lastRequest(server).header("Authorization")).isPresent();
    assertThat(lastRequest(server).form()).doesNotContainKeys("client_id", "client_secret");
    server.acceptOnly(ClientAuthMethod.CLIENT_SECRET_BASIC);
    assertIsRefusedOnce(ClientAuthentication.clientSecretPost(ID, SECRET));
    assertThat(lastRequest(server).header("Authorization")).isEmpty();
  }

  private void assertIsRefusedOnce(ClientAuthentication method) {
    server.clearRequests();
    try (OAuthClient client = fixed(method).build()) {
      for (int i = 0; i < 2; i++) {
        assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
            .isInstanceOf(OAuthErrorException.class)
            .hasMessageContaining("invalid_client");
      }
      assertThat(server.tokenRequests()).as("one for each time that it was asked for").hasSize(2);
      assertThat(server.tokenRequests().get(0).bodyText())
          .isEqualTo(server.tokenRequests().get(1).bodyText());
    }
  }

  private OAuthClientBuilder fixed(ClientAuthentication method) {
    return OAuthClient.builder()
        .tokenEndpoint(server.tokenEndpoint().toString())
        .authentication(method);
  }

  @Test
  @Spec("PQ-15")
  void theMethodThatAServerTakesIsChosenOnce() {
    server.registerClient(ID, SECRET);
    server.acceptOnly(ClientAuthMethod.CLIENT_SECRET_POST);
    try (OAuthClient client = fixed(ClientAuthentication.clientSecretPost(ID, SECRET)).build()) {
      assertThat(client.fetch(Grant.clientCredentials())).isNotNull();
    }
    server.acceptOnly(ClientAuthMethod.CLIENT_SECRET_BASIC);
    try (OAuthClient client = fixed(ClientAuthentication.clientSecretBasic(ID, SECRET)).build()) {
      assertThat(client.fetch(Grant.clientCredentials())).isNotNull();
    }
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  @Spec("PQ-15")
  void switchesSendBasicRawAndRepeatTheClientId() {
    String secret = "s/+= %";
    Answer any = Exchanges.granted("");
    server.answerNext(any, any);
    RecordedRequest standard = requestOf(ProviderProfile.standard(), secret);
    RecordedRequest switched =
        requestOf(ProviderProfile.builder().rawBasic().clientIdWithBasic().build(), secret);
    assertThat(basic(standard)).isEqualTo(ID + ":s%2F%2B%3D+%25");
    assertThat(standard.form()).doesNotContainKey("client_id");
    assertThat(basic(switched)).isEqualTo(ID + ":" + secret);
    assertThat(switched.form()).containsEntry("client_id", List.of(ID));
  }

  private RecordedRequest requestOf(ProviderProfile profile, String secret) {
    ClientAuthentication method = ClientAuthentication.clientSecretBasic(ID, secret);
    try (OAuthClient client = fixed(method).profile(profile).build()) {
      client.fetch(Grant.clientCredentials());
    }
    return lastRequest(server);
  }

  private static String basic(RecordedRequest request) {
    String header = request.header("Authorization").orElseThrow();
    byte[] text = Base64.getDecoder().decode(header.substring("Basic ".length()));
    return new String(text, StandardCharsets.UTF_8);
  }

  @Test
  @Spec("PQ-15")
  void aCallOfAnApiTriesOneMethodToo() {
    server.registerClient(ID, SECRET);
    server.acceptOnly(ClientAuthMethod.CLIENT_SECRET_POST);
    try (OAuthClient client = fixed(ClientAuthentication.clientSecret(ID, () -> SECRET)).build()) {
      HttpClient api = client.httpClientFor("http://127.0.0.1:1", Grant.clientCredentials());
      assertThatThrownBy(
              () ->
                  api.send(
                      HttpRequest.newBuilder(URI.create("http://127.0.0.1:1")).build(),
                      BodyHandlers.ofString()))
          .hasMessageContaining("invalid_client");
      assertThat(server.tokenRequests())
          .singleElement()
          .matches(request -> request.header("Authorization").isPresent());
    }
  }
}
