package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.basic;
import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWKSet;
import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ScriptedServers.class)
class OpenIdEndpointsTest {

  private static final String BYE = "https://client.example/bye";

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;

  OpenIdEndpointsTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
  }

  @BeforeEach
  void register() {
    server.registerPublicClient("c");
    server.registerRedirectUris("c", CodeFlow.REDIRECT);
    server.clientMetadata("c", Map.of("post_logout_redirect_uris", List.of(BYE)));
  }

  private HttpResponse<String> login() throws IOException {
    return new CodeFlow(server, "c").with("scope", "openid").login();
  }

  private HttpResponse<String> userInfo(String accessToken) throws IOException {
    return http.get(server.endpoint("userinfo_endpoint"), "Authorization", "Bearer " + accessToken);
  }

  private ReceivedJwt opened(String compact) throws Exception {
    ReceivedJwt jwt = ReceivedJwt.parse(compact);
    jwt.requireSignatureBy(JWKSet.parse(server.keys().jwks()));
    return jwt;
  }

  @Test
  void tellsWhoLoggedIn() throws IOException {
    String token = string(login(), "access_token");
    assertThat(userInfo(token).body()).isEqualTo("{\"sub\":\"alice\"}");
    server.userInfo(Map.of("sub", "mallory"));
    assertThat(userInfo(token).body()).isEqualTo("{\"sub\":\"mallory\"}");

    String withoutOpenid = string(new CodeFlow(server, "c").login(), "access_token");
    assertThat(userInfo(withoutOpenid).statusCode()).isEqualTo(403);
    assertThat(userInfo("x").statusCode()).isEqualTo(401);
    assertThat(http.get(server.endpoint("userinfo_endpoint")).statusCode()).isEqualTo(401);
  }

  @Test
  void signsWhatItTellsIfSoRegistered() throws Exception {
    server.clientMetadata("c", Map.of("userinfo_signed_response_alg", "ES256"));
    String token = string(login(), "access_token");

    HttpResponse<String> response = userInfo(token);

    assertThat(response.headers().firstValue("Content-Type")).contains("application/jwt");
    assertThat(opened(response.body()).claims())
        .containsEntry("sub", "alice")
        .containsEntry("iss", server.issuer().toString())
        .containsEntry("aud", "c");
    server.alterJwts(JwtKind.USERINFO, jwt -> jwt.claim("aud", "d"));
    assertThat(opened(userInfo(token).body()).claims()).containsEntry("aud", "d");
  }

  @Test
  void wantsProofsForBoundTokensAtItsOwnRules(SettableClock clock) throws IOException {
    DpopClient client = new DpopClient(clock);
    server.userInfoDpop().requireNonce(true);
    URI uri = server.endpoint("userinfo_endpoint");
    String token = server.issueDpopBoundAccessToken("c", client.thumbprint(), "openid");
    String[] headers = {"Authorization", "DPoP " + token, "DPoP", ""};
    headers[3] = client.proof("GET", uri, token).compact();
    HttpResponse<String> asked = http.get(uri, headers);

    assertThat(asked.statusCode()).isEqualTo(401);
    String nonce = asked.headers().firstValue("DPoP-Nonce").orElseThrow();
    headers[3] = client.proof("GET", uri, token).claim("nonce", nonce).compact();
    assertThat(http.get(uri, headers).statusCode()).isEqualTo(200);
  }

  @Test
  void logsOutAndRedirects(SettableClock clock) throws IOException {
    String idToken = string(login(), "id_token");
    clock.advance(Duration.ofDays(1));
    String query = "?id_token_hint=" + idToken + "&post_logout_redirect_uri=" + BYE;

    assertThat(
            new UserAgent().redirectOf(URI.create(server.endpoint("end_session_endpoint") + query)))
        .isEqualTo(URI.create(BYE));
    assertThat(
            new UserAgent()
                .redirectOf(
                    URI.create(
                        server.endpoint("end_session_endpoint") + query + "&client_id=c&state=s")))
        .isEqualTo(URI.create(BYE + "?state=s"));
    assertThat(http.post(server.endpoint("end_session_endpoint"), query.substring(1)).statusCode())
        .isEqualTo(302);
    assertThat(http.get(server.endpoint("end_session_endpoint")).body()).contains("logged out");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "post_logout_redirect_uri=https://client.example/bye",
        "client_id=c&post_logout_redirect_uri=https://client.example/bye2",
        "client_id=other",
        "id_token_hint=x",
        "client_id=c&client_id=c",
      })
  void redirectsNowhereElse(String query) throws IOException {
    URI uri = URI.create(server.endpoint("end_session_endpoint") + "?" + query);

    assertThat(http.get(uri).statusCode()).isEqualTo(400);
  }

  @Test
  void theHintMustBeThatOfTheClient() throws IOException {
    String idToken = string(login(), "id_token");
    URI uri =
        URI.create(
            server.endpoint("end_session_endpoint") + "?client_id=d&id_token_hint=" + idToken);
    assertThat(http.get(uri).body()).contains("not the aud");
    String foreign = server.keys().jwt("ES256").claim("iss", "https://x").compact();
    assertThat(
            http.get(
                    URI.create(
                        server.endpoint("end_session_endpoint") + "?id_token_hint=" + foreign))
                .statusCode())
        .isEqualTo(400);
  }

  @Test
  void introspectsAsJwtIfAskedTo() throws Exception {
    server.registerClient("s", "s");
    String[] headers = {
      "Authorization", basic("s", "s"), "Accept", "application/token-introspection+jwt"
    };
    String form = "token=" + server.issueAccessToken("c", "a");

    HttpResponse<String> response = http.post(server.introspectionEndpoint(), form, headers);

    ReceivedJwt jwt = opened(response.body());
    assertThat(response.headers().firstValue("Content-Type"))
        .contains("application/token-introspection+jwt");
    assertThat(jwt.header())
        .containsEntry("typ", "token-introspection+jwt")
        .containsEntry("alg", "RS256");
    assertThat(jwt.claims())
        .containsOnlyKeys("iss", "aud", "iat", "token_introspection")
        .containsEntry("aud", "s");
    assertThat(Json.write(jwt.claims().get("token_introspection")))
        .contains("\"active\":true", "\"scope\":\"a\"");
    server.alterJwts(JwtKind.INTROSPECTION, spoiled -> spoiled.header("typ", "JWT"));
    assertThat(opened(http.post(server.introspectionEndpoint(), form, headers).body()).header())
        .containsEntry("typ", "JWT");
  }

  @Test
  void takesClientIdMetadataDocuments() throws IOException {
    String url = "https://client.example/metadata.json";
    String json =
        "{\"client_id\":\"" + url + "\",\"redirect_uris\":[\"" + CodeFlow.REDIRECT + "\"]}";
    URI metadata = server.uri("/.well-known/oauth-authorization-server");
    assertThat(http.get(metadata).body()).doesNotContain("client_id_metadata_document_supported");

    server.clientIdMetadataDocument(url, json);

    assertThat(http.get(metadata).body())
        .contains("\"client_id_metadata_document_supported\":true");
    assertThat(new CodeFlow(server, url).login().statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://client.example/m",
        "https://client.example",
        "https://client.example/a/../m",
        "https://client.example/m#f",
        "https://u@client.example/m",
      })
  void refusesBadClientIds(String url) {
    String json = "{\"client_id\":\"" + url + "\"}";
    assertThatThrownBy(() -> server.clientIdMetadataDocument(url, json))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "x",
        "{\"client_id\":\"https://client.example/other\"}",
        "{\"client_id\":\"https://client.example/m\",\"client_secret\":\"x\"}",
        "{\"client_id\":\"https://client.example/m\","
            + "\"token_endpoint_auth_method\":\"client_secret_post\"}",
      })
  void refusesBadDocuments(String json) {
    assertThatThrownBy(() -> server.clientIdMetadataDocument("https://client.example/m", json))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
