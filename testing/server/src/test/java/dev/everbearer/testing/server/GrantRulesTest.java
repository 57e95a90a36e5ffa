package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.encode;
import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ScriptedServers.class)
class GrantRulesTest {

  private static final String DETAILS =
      "[{\"type\":\"payment\",\"amount\":12},{\"type\":\"info\"}]";

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;

  GrantRulesTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  @BeforeEach
  void register() {
    server.registerClient("s", "s");
    server.registerPublicClient("c");
    server.registerRedirectUris("c", CodeFlow.REDIRECT);
  }

  private HttpResponse<String> clientCredentials(String more) throws IOException {
    return http.post(
        server.tokenEndpoint(), "grant_type=client_credentials&client_id=s&client_secret=s" + more);
  }

  private HttpResponse<String> details(String json) throws IOException {
    return clientCredentials("&authorization_details=" + encode(json));
  }

  @Test
  void echoesAuthorizationDetails() throws IOException {
    HttpResponse<String> response = details(DETAILS);

    assertThat(response.body()).contains("\"authorization_details\":" + DETAILS);
    assertThat(
            http.post(
                    server.introspectionEndpoint(),
                    "client_id=s&client_secret=s&token=" + string(response, "access_token"))
                .body())
        .contains("\"authorization_details\":" + DETAILS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "[]", "[1]", "[{}]", "[{\"type\":1}]", "[{\"type\":\"\"}]", "x"})
  void refusesMalformedAuthorizationDetails(String json) throws IOException {
    assertThat(string(details(json), "error")).isEqualTo("invalid_authorization_details");
  }

  @Test
  void knowsOnlySomeTypesIfSaid() throws IOException {
    server.grants().authorizationDetailsTypes("info");
    assertThat(string(details(DETAILS), "error")).isEqualTo("invalid_authorization_details");
    assertThat(details("[{\"type\":\"info\"}]").statusCode()).isEqualTo(200);
    assertThat(http.get(server.uri("/.well-known/oauth-authorization-server")).body())
        .contains("\"authorization_details_types_supported\":[\"info\"]");
  }

  @Test
  void grantsOtherDetailsAndScopesThanAskedFor() throws IOException {
    server
        .grants()
        .alterAuthorizationDetails(
            asked -> List.of(Map.of("type", "payment"), Map.of("type", "extra")))
        .alterScope(asked -> List.of("b"));

    HttpResponse<String> response =
        clientCredentials("&scope=a+b&authorization_details=" + encode(DETAILS));

    assertThat(response.body())
        .contains("\"authorization_details\":[{\"type\":\"payment\"},{\"type\":\"extra\"}]");
    assertThat(string(response, "scope")).isEqualTo("b");
  }

  @Test
  void aLoginKeepsItsDetailsAndATokenRequestTakesAPart() throws IOException {
    CodeFlow flow = new CodeFlow(server, "c").with("authorization_details", DETAILS);
    Map<String, String> request = flow.tokenRequest(flow.code());
    request.put("authorization_details", "[{\"type\":\"info\"}]");

    HttpResponse<String> part = flow.redeem(request);
    HttpResponse<String> whole =
        http.post(
            server.tokenEndpoint(),
            "grant_type=refresh_token&client_id=c&refresh_token=" + string(part, "refresh_token"));

    assertThat(part.body()).contains("\"authorization_details\":[{\"type\":\"info\"}]");
    assertThat(whole.body()).contains("\"authorization_details\":" + DETAILS);
    request = flow.tokenRequest(flow.code());
    request.put("authorization_details", "[{\"type\":\"more\"}]");
    assertThat(string(flow.redeem(request), "error")).isEqualTo("invalid_authorization_details");
    assertThat(flow.with("authorization_details", "x").answer().get("error"))
        .containsExactly("invalid_authorization_details");
  }

  @Test
  void aTokenRequestTakesAPartOfTheResources() throws IOException {
    CodeFlow flow = new CodeFlow(server, "c");
    String login = flow.form() + "&resource=" + encode("https://a.example") + "&resource=urn%3Ab";
    HttpResponse<String> redirect = http.post(server.endpoint("authorization_endpoint"), login);
    String location = redirect.headers().firstValue("Location").orElseThrow();
    String code = FormData.parse(location.substring(location.indexOf('?') + 1)).get("code").get(0);
    Map<String, String> request = flow.tokenRequest(code);
    request.put("resource", "urn:b");
    HttpResponse<String> granted = flow.redeem(request);
    String refresh =
        "grant_type=refresh_token&client_id=c&refresh_token=" + string(granted, "refresh_token");

    assertThat(
            http.post(
                    server.introspectionEndpoint(),
                    "client_id=s&client_secret=s&token=" + string(granted, "access_token"))
                .body())
        .contains("\"aud\":[\"urn:b\"]");
    assertThat(string(http.post(server.tokenEndpoint(), refresh + "&resource=urn%3Ac"), "error"))
        .isEqualTo("invalid_target");
    assertThat(
            http.post(server.tokenEndpoint(), refresh + "&resource=" + encode("https://a.example"))
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void knowsOnlySomeScopesAndResourcesIfSaid() throws IOException {
    server.grants().scopes("a").resources("https://api.example");
    assertThat(string(clientCredentials("&scope=b"), "error")).isEqualTo("invalid_scope");
    assertThat(string(clientCredentials("&resource=urn%3Ax"), "error")).isEqualTo("invalid_target");
    assertThat(clientCredentials("&scope=a&resource=https%3A%2F%2Fapi.example").statusCode())
        .isEqualTo(200);
    assertThat(new CodeFlow(server, "c").with("scope", "b").answer().get("error"))
        .containsExactly("invalid_scope");
  }
}
