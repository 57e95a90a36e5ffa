package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.encode;
import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ScriptedServers.class)
class TokenExchangeTest {

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;

  TokenExchangeTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  @BeforeEach
  void register() {
    server.registerClient("c", "s");
  }

  private HttpResponse<String> exchange(String token, String type, String more) throws IOException {
    return http.post(
        server.tokenEndpoint(),
        "client_id=c&client_secret=s&grant_type="
            + encode(TokenExchangeGrant.NAME)
            + "&subject_token="
            + encode(token)
            + "&subject_token_type="
            + encode(type)
            + more);
  }

  @Test
  void exchangesAnAccessToken() throws IOException {
    String subject = server.issueAccessToken("other", "a");

    HttpResponse<String> response =
        exchange(subject, TokenTypes.ACCESS_TOKEN, "&scope=b&audience=x&audience=y");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(string(response, "issued_token_type")).isEqualTo(TokenTypes.ACCESS_TOKEN);
    assertThat(string(response, "token_type")).isEqualTo("Bearer");
    String token = string(response, "access_token");
    assertThat(
            http.post(server.introspectionEndpoint(), "client_id=c&client_secret=s&token=" + token)
                .body())
        .contains("\"sub\":\"other\"", "\"aud\":[\"x\",\"y\"]", "\"scope\":\"b\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"refresh_token", "id_token", "jwt", "saml1", "saml2", "id-jag"})
  void otherTokensAreNoAccessTokens(String name) throws IOException {
    String type = "urn:ietf:params:oauth:token-type:" + name;
    String subject = server.issueAccessToken("other");

    HttpResponse<String> response =
        exchange(subject, TokenTypes.ACCESS_TOKEN, "&requested_token_type=" + encode(type));

    assertThat(string(response, "issued_token_type")).isEqualTo(type);
    assertThat(string(response, "token_type")).isEqualTo("N_A");
    assertThat(string(response, "access_token")).isNotEmpty();
  }

  @Test
  void takesItsOwnJwtsAndForeignTokensThatATestNames() throws IOException {
    String own =
        server.keys().jwt("ES256").claim("sub", "alice").claim("exp", 9_999_999_999L).compact();
    assertThat(exchange(own, TokenTypes.JWT, "").statusCode()).isEqualTo(200);
    assertThat(exchange(own, TokenTypes.SAML2, "").statusCode()).isEqualTo(400);
    server.tokenExchange().trust("<saml/>", TokenTypes.SAML2, "bob");
    assertThat(exchange("<saml/>", TokenTypes.SAML2, "").statusCode()).isEqualTo(200);
    server.tokenExchange().distrust("<saml/>", TokenTypes.SAML2);
    assertThat(exchange("<saml/>", TokenTypes.SAML2, "").statusCode()).isEqualTo(400);
    String refreshToken = server.issueRefreshToken("c");
    assertThat(exchange(refreshToken, TokenTypes.REFRESH_TOKEN, "").statusCode()).isEqualTo(200);
    assertThat(exchange(refreshToken, TokenTypes.ACCESS_TOKEN, "").statusCode()).isEqualTo(400);
  }

  @ParameterizedTest
  @CsvSource({
    "'&actor_token=x', missing: actor_token_type",
    "'&actor_token_type=x', without an actor_token",
    "'&actor_token=x&actor_token_type=urn:ietf:params:oauth:token-type:jwt', not good",
    "'&requested_token_type=x', unknown: x",
  })
  void refuses(String more, String description) throws IOException {
    HttpResponse<String> response =
        exchange(server.issueAccessToken("o"), TokenTypes.ACCESS_TOKEN, more);

    assertThat(string(response, "error")).isEqualTo("invalid_request");
    assertThat(string(response, "error_description")).contains(description);
  }

  @Test
  void refusesBadSubjectsAndUnknownTargets() throws IOException {
    assertThat(string(exchange("x", TokenTypes.ACCESS_TOKEN, ""), "error"))
        .isEqualTo("invalid_request");
    assertThat(string(exchange("x", "x", ""), "error")).isEqualTo("invalid_request");
    String form = "client_id=c&client_secret=s&grant_type=" + encode(TokenExchangeGrant.NAME);
    assertThat(http.post(server.tokenEndpoint(), form).body()).contains("missing: subject_token");
    server.grants().resources("https://api.example");
    String good = server.issueAccessToken("o");
    assertThat(string(exchange(good, TokenTypes.ACCESS_TOKEN, "&audience=x"), "error"))
        .isEqualTo("invalid_target");
    assertThat(
            exchange(good, TokenTypes.ACCESS_TOKEN, "&resource=https%3A%2F%2Fapi.example")
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void theActorIsTakenWhenGood() throws IOException {
    String actor =
        "&actor_token="
            + server.issueAccessToken("a")
            + "&actor_token_type="
            + encode(TokenTypes.ACCESS_TOKEN);
    assertThat(exchange(server.issueAccessToken("o"), TokenTypes.ACCESS_TOKEN, actor).statusCode())
        .isEqualTo(200);
  }

  @Test
  void theTypeOfTheAnswerCanBeLeftOut() throws IOException {
    server.alterAnswers(
        "token_endpoint",
        document -> {
          document.remove("issued_token_type");
          return document;
        });
    assertThat(exchange(server.issueAccessToken("o"), TokenTypes.ACCESS_TOKEN, "").body())
        .contains("access_token", "\"expires_in\":300")
        .doesNotContain("issued_token_type");
  }
}
