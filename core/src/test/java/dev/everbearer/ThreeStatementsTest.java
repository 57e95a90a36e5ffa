package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.grant.Grant;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class ThreeStatementsTest {

  @Test
  void threeStatementsGetAnAnswerFromAProtectedApi(
      ScriptedAuthorizationServer server, ScriptedApi protectedApi) throws Exception {
    server.registerClient("my_client_id", "my_client_secret");

    OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .clientSecretPost("my_client_id", "my_client_secret")
            .build();
    HttpClient api =
        client.httpClientFor(protectedApi.origin().toString(), Grant.clientCredentials());
    HttpResponse<String> user =
        api.send(
            HttpRequest.newBuilder(protectedApi.uri("/user")).build(), BodyHandlers.ofString());

    assertThat(user.statusCode()).isEqualTo(200);
    assertThat(user.request().headers().map()).doesNotContainKey("Authorization");
    assertThat(user.request().uri()).isEqualTo(URI.create(protectedApi.origin() + "/user"));
    assertThat(
            api.send(
                    HttpRequest.newBuilder(protectedApi.uri("/user")).build(),
                    BodyHandlers.ofString())
                .statusCode())
        .isEqualTo(200);
    assertThat(server.tokenRequests()).hasSize(1);
    client.close();
  }

  @Test
  void aRevokedTokenIsHealed(ScriptedAuthorizationServer server, ScriptedApi protectedApi)
      throws Exception {
    server.registerClient("id", "secret");
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .clientSecretBasic("id", "secret")
            .build()) {
      HttpClient api =
          client.httpClientFor(protectedApi.origin().toString(), Grant.clientCredentials());
      HttpRequest request = HttpRequest.newBuilder(protectedApi.uri("/user")).build();
      assertThat(api.send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
      server.revokeAllAccessTokens();
      assertThat(api.sendAsync(request, BodyHandlers.ofString()).get().statusCode()).isEqualTo(200);
      server.revokeAllAccessTokens();
      assertThat(api.send(request, BodyHandlers.ofString()).body()).contains("/user");
      assertThat(server.tokenRequests()).hasSize(3);
      System.out.println(client.diagnose());
    }
  }
}
