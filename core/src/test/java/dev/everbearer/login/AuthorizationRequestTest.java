package dev.everbearer.login;

import static dev.everbearer.login.WebLogin.CALLBACK;
import static dev.everbearer.login.WebLogin.parameters;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a browser is sent to the server with: RFC 6749 section 4.1.1, RFC 7636, RFC 8707. */
@ExtendWith(ScriptedServers.class)
class AuthorizationRequestTest {

  private final ScriptedAuthorizationServer server;

  AuthorizationRequestTest(ScriptedAuthorizationServer server) {
    this.server = WebLogin.withoutPushing(server);
  }

  private static OAuthClientBuilder byEndpoints(String authorizationEndpoint) {
    return OAuthClient.builder()
        .tokenEndpoint("https://id.example.com/token")
        .endpoint(Endpoint.AUTHORIZATION, authorizationEndpoint)
        .authentication(ClientAuthentication.none("native & more"));
  }

  private static URI url(String authorizationEndpoint, AuthorizationCodeGrant grant) {
    try (OAuthClient client = byEndpoints(authorizationEndpoint).build()) {
      return client.authorizationCodeFlow(grant, CALLBACK).start().url();
    }
  }

  // ---- AC-01

  @Spec("AC-01")
  @Test
  void theEndpointsOwnQueryStaysAndTheParametersFollowEncoded() {
    URI url =
        url(
            "https://id.example.com/authorize?p=1&q=%26",
            Grant.authorizationCode()
                .scope("read", "write")
                .authorizationParameter("login_hint", "a&redirect_uri=https://evil é"));

    assertThat(url.toString()).startsWith("https://id.example.com/authorize?p=1&q=%26&");
    Map<String, List<String>> parameters = parameters(url);
    assertThat(parameters).allSatisfy((name, values) -> assertThat(values).hasSize(1));
    assertThat(parameters.keySet())
        .containsExactly(
            "p",
            "q",
            "response_type",
            "client_id",
            "redirect_uri",
            "scope",
            "state",
            "code_challenge",
            "code_challenge_method",
            "login_hint");
    assertThat(parameters)
        .containsEntry("client_id", List.of("native & more"))
        .containsEntry("redirect_uri", List.of(CALLBACK))
        .containsEntry("scope", List.of("read write"))
        .containsEntry("login_hint", List.of("a&redirect_uri=https://evil é"));
  }

  @Spec("AC-01")
  @Test
  void anEndpointWithAnEmptyQueryGetsNoEmptyParameter() {
    URI url = url("https://id.example.com/authorize?", Grant.authorizationCode());
    assertThat(url.toString()).startsWith("https://id.example.com/authorize?response_type=code&");
  }

  @Spec("AC-01")
  @ParameterizedTest
  @ValueSource(strings = {"client_id=x", "a=b&%73tate=1", "code_challenge_method=plain", "scope"})
  void anEndpointWithOneOfOurParametersIsRefused(String query) {
    AuthorizationCodeGrant grant = Grant.authorizationCode().scope("read");
    assertThat(WebLogin.refusal(() -> url("https://id.example.com/authorize?" + query, grant)))
        .hasMessageContaining("ours to send");
  }

  @Spec("AC-01")
  @Test
  void theScopeIsLeftOutWhenNoneIsAskedForAndTheNonceWithoutOpenid() {
    assertThat(parameters(url("https://id.example.com/a", Grant.authorizationCode())))
        .doesNotContainKeys("scope", "nonce", "response_mode");
    assertThat(
            parameters(url("https://id.example.com/a", Grant.authorizationCode().scope("openid"))))
        .hasEntrySatisfying("nonce", nonce -> assertThat(nonce.get(0)).hasSize(43));
  }

  @Test
  void aServerWithoutAnAuthorizationEndpointIsNamed() {
    server.withoutMetadata("authorization_endpoint");
    try (WebLogin web = new WebLogin(server)) {
      assertThat(WebLogin.refusal(web.flow::start))
          .hasMessageContaining("no authorization endpoint")
          .hasMessageContaining(server.issuer().toString());
    }
  }

  @Test
  void aRedirectUriIsHttpsOrLoopbackAndHasNoFragment() {
    try (OAuthClient client = byEndpoints("https://id.example.com/a").build()) {
      AuthorizationCodeGrant grant = Grant.authorizationCode();
      assertThat(client.authorizationCodeFlow(grant, "http://localhost:8080/cb")).isNotNull();
      for (String bad : List.of("http://app.example.com/cb", CALLBACK + "#f", "/cb", "not a url")) {
        assertThatThrownBy(() -> client.authorizationCodeFlow(grant, bad))
            .as(bad)
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  // ---- RI-01

  @Spec("RI-01")
  @Test
  void resourcesStandInTheAuthorizationRequestAndInTheTokenRequest() throws Exception {
    AuthorizationCodeGrant grant =
        Grant.authorizationCode()
            .resource("https://a.example.com")
            .resource("https://b.example.com/x");
    try (WebLogin web = new WebLogin(server, grant, builder -> builder)) {
      AuthorizationRedirect redirect = web.flow.start();
      assertThat(parameters(redirect.url()))
          .containsEntry("resource", List.of("https://a.example.com", "https://b.example.com/x"));

      web.flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(web.callback(redirect)));
      assertThat(web.tokenRequest())
          .containsEntry("resource", List.of("https://a.example.com", "https://b.example.com/x"));
    }
    assertThatThrownBy(() -> Grant.authorizationCode().resource("https://a.example.com/#f"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- PKCE

  @Spec({"PK-01", "PK-02", "AC-02"})
  @Test
  void eachRequestHasAChallengeAndAStateOfItsOwnConfidentialClientsIncluded() {
    try (WebLogin web = new WebLogin(server)) {
      Set<String> states = new HashSet<>();
      Set<String> challenges = new HashSet<>();
      for (int i = 0; i < 100; i++) {
        Map<String, List<String>> parameters = parameters(web.flow.start().url());
        assertThat(parameters).containsEntry("code_challenge_method", List.of("S256"));
        assertThat(parameters.get("code_challenge").get(0)).matches("[A-Za-z0-9_-]{43}");
        // 43 characters of six bits are more than the 128 bits that are asked for.
        assertThat(parameters.get("state").get(0)).matches("[A-Za-z0-9_-]{43}");
        states.addAll(parameters.get("state"));
        challenges.addAll(parameters.get("code_challenge"));
      }
      assertThat(states).hasSize(100);
      assertThat(challenges).hasSize(100);
    }
  }

  @Spec("PK-02")
  @Test
  void aServerThatRefusesPkceIsNotAskedAgainWithoutOrWithPlain() throws Exception {
    server.authorization().denyNext("invalid_request", "code_challenge is not allowed");
    try (WebLogin web = new WebLogin(server)) {
      assertThat(WebLogin.refusal(web::login))
          .hasMessageContaining("invalid_request")
          .hasMessageContaining("not repeated in a weaker form");
      assertThat(server.requestsTo("authorization_endpoint")).hasSize(1);
      assertThat(server.tokenRequests()).isEmpty();
    }
  }

  @Spec("PK-03")
  @Test
  void metadataWithS256IsFineInEachProfile() {
    for (ProviderProfile profile : List.of(ProviderProfile.standard(), ProviderProfile.strict())) {
      server.metadata(Map.of("code_challenge_methods_supported", List.of("plain", "S256")));
      try (WebLogin web = new WebLogin(server, builder -> builder.profile(profile))) {
        assertThat(web.flow.start()).isNotNull();
      }
    }
  }

  @Spec("PK-03")
  @Test
  void metadataThatListsOtherMethodsOnlyIsRefused() {
    for (List<String> methods : List.of(List.of("plain"), List.<String>of(), List.of("s256"))) {
      server.metadata(Map.of("code_challenge_methods_supported", methods));
      for (ProviderProfile profile :
          List.of(ProviderProfile.standard(), ProviderProfile.strict())) {
        try (WebLogin web = new WebLogin(server, builder -> builder.profile(profile))) {
          assertThat(WebLogin.refusal(web.flow::start))
              .hasMessageContaining("does not offer PKCE")
              .hasMessageContaining("code_challenge_methods_supported");
        }
      }
    }
  }

  @Spec({"PK-03", "PQ-22"})
  @Test
  void metadataWithoutTheListGoesOnWithPkceUnlessTheProfileIsStrict() throws Exception {
    server.withoutMetadata("code_challenge_methods_supported");
    try (WebLogin web = new WebLogin(server)) {
      assertThat(web.login().accessToken()).isNotNull();
      assertThat(web.tokenRequest()).containsKey("code_verifier");
    }
    try (WebLogin web =
        new WebLogin(server, builder -> builder.profile(ProviderProfile.strict()))) {
      assertThat(WebLogin.refusal(web.flow::start)).hasMessageContaining("has no such list");
    }
    // No document, so nothing that could lack a list: whoever gives endpoints knows the server.
    try (OAuthClient client =
        byEndpoints("https://id.example.com/a").profile(ProviderProfile.strict()).build()) {
      assertThat(client.authorizationCodeFlow(Grant.authorizationCode(), CALLBACK).start())
          .isNotNull();
    }
  }
}
