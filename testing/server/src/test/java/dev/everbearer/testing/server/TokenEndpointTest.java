package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.basic;
import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(ScriptedServers.class)
class TokenEndpointTest {

  private static final String AUTHORIZATION = "Authorization";
  private static final String BASIC = basic("client one", "s+e%c:r ét");

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;

  TokenEndpointTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  @BeforeEach
  void register() {
    server.registerClient("client one", "s+e%c:r ét");
  }

  private HttpResponse<String> post(String form, String... headers) throws IOException {
    return http.post(server.tokenEndpoint(), form, headers);
  }

  @Test
  void grantsClientCredentials() throws IOException {
    HttpResponse<String> response =
        post("grant_type=client_credentials&scope=a+b", AUTHORIZATION, BASIC);

    String token = string(response, "access_token");
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body())
        .isEqualTo(
            "{\"access_token\":\""
                + token
                + "\",\"token_type\":\"Bearer\",\"expires_in\":300,\"scope\":\"a b\"}");
    assertThat(response.headers().map())
        .containsEntry("cache-control", List.of("no-store"))
        .containsEntry("content-type", List.of("application/json"));
    assertThat(server.isActive(token)).isTrue();
    assertThat(server.accessTokensIssued()).isEqualTo(1);
  }

  @Test
  void acceptsTheSecretInTheBody() throws IOException {
    String form =
        "grant_type=client_credentials&client_id=client+one&client_secret=s%2Be%25c%3Ar+%C3%A9t";

    assertThat(post(form).statusCode()).isEqualTo(200);
    server.acceptOnly(ClientAuthMethod.CLIENT_SECRET_BASIC);
    assertThat(string(post(form), "error")).isEqualTo("invalid_client");
  }

  @Test
  void challengesWrongCredentials() throws IOException {
    for (String wrong :
        new String[] {
          basic("client one", "wrong"), basic("nobody", "x"), "Basic ???", "Bearer x"
        }) {
      HttpResponse<String> response = post("grant_type=client_credentials", AUTHORIZATION, wrong);

      assertThat(response.statusCode()).isEqualTo(401);
      assertThat(string(response, "error")).isEqualTo("invalid_client");
      assertThat(response.headers().firstValue("WWW-Authenticate").orElse("")).startsWith("Basic ");
    }
  }

  @Test
  void wantsCredentialsFormEncodedInTheHeader() throws IOException {
    String unencoded =
        "Basic "
            + Base64.getEncoder()
                .encodeToString("client one:s+e%c:r ét".getBytes(StandardCharsets.UTF_8));

    assertThat(post("grant_type=client_credentials", AUTHORIZATION, unencoded).statusCode())
        .isEqualTo(401);
  }

  @ParameterizedTest
  @CsvSource({
    "grant_type=client_credentials&scope=a&scope=b, invalid_request, more than once: scope",
    "grant_type=client_credentials&scope=, invalid_request, no value: scope",
    "grant_type=client_credentials&other, invalid_request, no value: other",
    "grant_type=client_credentials&client_secret=x, invalid_request, more than one client",
    "grant_type=client_credentials&client_assertion=x, invalid_request, more than one client",
    "grant_type=client_credentials&client_id=other, invalid_request, not that of the Authorization",
    "grant_type=client_credentials&scope=%zz, invalid_request, no form",
    "grant_type=client_credentials&scope=%ff, invalid_request, no form",
    "grant_type=client_credentials&scope=a++b, invalid_scope, malformed",
    "grant_type=client_credentials&resource=relative, invalid_target, no absolute URI",
    "scope=a, invalid_request, missing: grant_type",
    "grant_type=password, unsupported_grant_type, password",
    "grant_type=refresh_token, invalid_request, missing: refresh_token",
    "grant_type=refresh_token&refresh_token=x, invalid_grant, unknown",
  })
  void refuses(String form, String error, String description) throws IOException {
    HttpResponse<String> response = post(form, AUTHORIZATION, BASIC);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(string(response, "error")).isEqualTo(error);
    assertThat(string(response, "error_description")).contains(description);
  }

  @Test
  void allowsResourceAndAudienceToRepeat() throws IOException {
    String form =
        "grant_type=client_credentials&resource=https%3A%2F%2Fa&resource=https%3A%2F%2Fb&audience=x&audience=y";

    assertThat(post(form, AUTHORIZATION, BASIC).statusCode()).isEqualTo(200);
  }

  @Test
  void refusesAnUnpublishedQuery() throws IOException {
    HttpResponse<String> response =
        http.post(
            server.uri("/token?grant_type=client_credentials"),
            "grant_type=client_credentials",
            AUTHORIZATION,
            BASIC);

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("query");
  }

  @Test
  void refusesOtherContentTypesAndMethods() throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(server.tokenEndpoint())
            .headers("Content-Type", "application/json", AUTHORIZATION, BASIC)
            .POST(BodyPublishers.ofString("grant_type=client_credentials"));

    assertThat(http.send(request).body()).contains("invalid_request").contains("Content-Type");
    assertThat(http.get(server.tokenEndpoint()).statusCode()).isEqualTo(405);
    assertThat(http.get(server.uri("/elsewhere")).statusCode()).isEqualTo(404);
  }

  @Test
  void measuresLifetimesByItsClock(SettableClock clock) throws IOException {
    server.accessTokenLifetime(Duration.ofSeconds(30));
    HttpResponse<String> response = post("grant_type=client_credentials", AUTHORIZATION, BASIC);
    String token = string(response, "access_token");

    assertThat(response.body()).contains("\"expires_in\":30");
    clock.advance(Duration.ofSeconds(30).minusNanos(1));
    assertThat(server.isActive(token)).isTrue();
    clock.advance(Duration.ofNanos(1));
    assertThat(server.isActive(token)).isFalse();
  }

  @Test
  void revokesAccessTokens() throws IOException {
    String first = server.issueAccessToken("client one");
    String second = server.issueAccessToken("client one");
    String third = server.issueAccessToken("client one");

    server.revokeAccessToken(first);
    assertThat(server.isActive(first)).isFalse();
    assertThat(server.isActive(second)).isTrue();

    assertThat(revokeByRequest(second).statusCode()).isEqualTo(200);
    assertThat(server.isActive(second)).isFalse();
    assertThat(server.isActive(third)).isTrue();

    server.revokeAllAccessTokens();
    assertThat(server.isActive(third)).isFalse();
    assertThat(revokeByRequest("unknown").statusCode()).isEqualTo(200);
  }

  private HttpResponse<String> revokeByRequest(String token) throws IOException {
    return http.post(server.revocationEndpoint(), "token=" + token, AUTHORIZATION, BASIC);
  }

  @Test
  void doesNotRevokeForAnotherClient() throws IOException {
    String token = server.issueAccessToken("another");

    assertThat(revokeByRequest(token).statusCode()).isEqualTo(400);
    assertThat(server.isActive(token)).isTrue();
  }

  @Test
  void introspects(SettableClock clock) throws IOException {
    String token = server.issueAccessToken("client one", "a", "b");

    HttpResponse<String> response =
        http.post(server.introspectionEndpoint(), "token=" + token, AUTHORIZATION, BASIC);
    assertThat(response.body())
        .isEqualTo(
            "{\"active\":true,\"client_id\":\"client one\",\"scope\":\"a b\",\"token_type\":\"Bearer\","
                + "\"iat\":1767225600,\"exp\":1767225900}");
    clock.advance(Duration.ofMinutes(5));
    assertThat(
            http.post(server.introspectionEndpoint(), "token=" + token, AUTHORIZATION, BASIC)
                .body())
        .isEqualTo("{\"active\":false}");
  }

  @Test
  void servesEditableMetadata() throws IOException {
    server.metadata(Map.of("extra", true, "response_types_supported", List.of("code")));
    server.withoutMetadata("introspection_endpoint");

    for (String name : new String[] {"oauth-authorization-server", "openid-configuration"}) {
      HttpResponse<String> response = http.get(server.uri("/.well-known/" + name));
      assertThat(string(response, "issuer")).isEqualTo(server.issuer().toString());
      assertThat(string(response, "token_endpoint")).isEqualTo(server.tokenEndpoint().toString());
      assertThat(response.body())
          .contains("\"extra\":true", "\"response_types_supported\":[\"code\"]")
          .doesNotContain("\"introspection_endpoint\":");
    }
  }
}
