package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class OptionsTest {

  private static final String FORM = "grant_type=client_credentials&client_id=c&client_secret=s";

  private final Http http = new Http();

  @Test
  void aPathOfTheIssuerLeadsToTheMetadata() throws IOException {
    try (ScriptedAuthorizationServer server =
        ScriptedAuthorizationServer.builder().issuerPath("/tenant").start()) {
      server.registerClient("c", "s");
      assertThat(server.issuer()).isEqualTo(server.uri("/tenant"));
      for (String path :
          new String[] {
            "/.well-known/oauth-authorization-server/tenant",
            "/.well-known/openid-configuration/tenant",
            "/tenant/.well-known/openid-configuration"
          }) {
        HttpResponse<String> document = http.get(server.uri(path));
        assertThat(string(document, "issuer")).isEqualTo(server.issuer().toString());
        assertThat(string(document, "token_endpoint")).endsWith("/tenant/token");
      }
      String wrong = "/.well-known/oauth-authorization-server";
      assertThat(http.get(server.uri(wrong)).statusCode()).isEqualTo(404);
      assertThat(http.post(server.tokenEndpoint(), FORM).statusCode()).isEqualTo(200);
      assertThat(server.tokenRequests()).hasSize(1);
    }
    assertThatThrownBy(() -> ScriptedAuthorizationServer.builder().issuerPath("tenant"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPublishedQueryMustBeSent() throws IOException {
    try (ScriptedAuthorizationServer server =
        ScriptedAuthorizationServer.builder().tokenEndpointQuery("policy=p%201").start()) {
      server.registerClient("c", "s");

      assertThat(server.tokenEndpoint().getRawQuery()).isEqualTo("policy=p%201");
      assertThat(http.post(server.tokenEndpoint(), FORM).statusCode()).isEqualTo(200);
      assertThat(http.post(server.uri("/token"), FORM).statusCode()).isEqualTo(400);
      assertThat(server.tokenRequests()).hasSize(2);
    }
  }

  @Test
  void leniencyMakesTheBestOfIt() throws IOException {
    try (ScriptedAuthorizationServer server =
        ScriptedAuthorizationServer.builder().strict(false).start()) {
      server.registerClient("c", "s");

      HttpResponse<String> response =
          http.post(server.uri("/token?x=y"), FORM + "&scope=&resource=&client_id=c");

      assertThat(response.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void closesMoreThanOnce() {
    ScriptedAuthorizationServer server = ScriptedAuthorizationServer.start();
    server.close();
    server.close();
    assertThatThrownBy(() -> http.get(server.issuer())).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> server.registerClient("c", ""))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
