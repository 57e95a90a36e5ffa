package dev.everbearer.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 8414 and OpenID Connect Discovery: how a server's metadata is found and checked. */
class DiscoveryTest {

  private static final String FIRST = "/.well-known/oauth-authorization-server/t";
  private static final String SECOND = "/.well-known/openid-configuration/t";
  private static final String THIRD = "/t/.well-known/openid-configuration";

  private ScriptedAuthorizationServer server;
  private ScriptedApi foreign;

  @BeforeEach
  void start() {
    server = ScriptedAuthorizationServer.builder().issuerPath("/t").start();
    server.registerClient("id", "secret");
    foreign = ScriptedApi.open();
  }

  @AfterEach
  void stop() {
    foreign.close();
    server.close();
  }

  private static OAuthClientBuilder client(String issuer) {
    return OAuthClient.builder().issuer(issuer).clientSecretBasic("id", "secret");
  }

  private String fetched() {
    try (OAuthClient client = client(server.issuer().toString()).build()) {
      return client.fetch(Grant.clientCredentials()).accessToken().value();
    }
  }

  private void refuses(String why) {
    server.clearRequests();
    assertThatThrownBy(this::fetched).isInstanceOf(OAuthException.class).hasMessageContaining(why);
    assertThat(server.tokenRequests()).isEmpty();
    assertThat(foreign.requests()).isEmpty();
  }

  private List<String> paths() {
    return server.requests().stream().map(RecordedRequest::path).toList();
  }

  // ---- the search

  @Spec({"MD-01", "MD-03"})
  @Test
  void theFirstPlaceIsTheInsertedOneOfOAuth() {
    assertThat(server.isActive(fetched())).isTrue();
    assertThat(paths()).containsExactly(FIRST, "/t/token");
    RecordedRequest request = server.requests().get(0);
    assertThat(request.method()).isEqualTo("GET");
    assertThat(request.headers("Accept")).containsExactly("application/json");
    assertThat(request.headers("Authorization")).isEmpty();
  }

  @Spec({"MD-02", "MD-03"})
  @Test
  void aPlaceWithoutADocumentLeadsToTheNext() {
    for (Answer nothing :
        List.of(
            Answer.status(404),
            Answer.status(401),
            Answer.status(429),
            Answer.redirect(302, foreign.uri("/metadata")),
            Answer.redirect(307, server.uri(THIRD)),
            Answer.status(204),
            Answer.text(200, "text/html", "<html>Sign in</html>"),
            Answer.json(200, "[]"),
            Answer.json(200, "\"x\""),
            Answer.json(200, "{"),
            Answer.text(200, "text/plain", "{\"issuer\":\"" + server.issuer() + "\"}"))) {
      server.clearRequests();
      server.script(FIRST).answerAlways(nothing);
      assertThat(server.isActive(fetched())).as(nothing.toString()).isTrue();
      assertThat(paths()).containsExactly(FIRST, SECOND, "/t/token");

      server.clearRequests();
      server.script(SECOND).answerNext(nothing);
      assertThat(server.isActive(fetched())).as(nothing.toString()).isTrue();
      assertThat(paths()).containsExactly(FIRST, SECOND, THIRD, "/t/token");
    }
    assertThat(foreign.requests()).isEmpty();
  }

  @Spec({"MD-03", "MD-06"})
  @Test
  void whenNoPlaceHasADocumentAllAreNamed() {
    for (Answer nothing :
        List.of(
            Answer.redirect(302, foreign.uri("/metadata")),
            Answer.text(200, "text/html", "<html>"))) {
      for (String path : List.of(FIRST, SECOND, THIRD)) {
        server.script(path).answerAlways(nothing);
      }
      refuses("No metadata was found");
      assertThat(paths()).containsExactly(FIRST, SECOND, THIRD);
      assertThatThrownBy(this::fetched)
          .hasMessageContainingAll(FIRST, SECOND, THIRD)
          .hasMessageContaining(
              nothing.toString().contains("302")
                  ? "status 302, a redirect to " + foreign.uri("/metadata") + ", which is not"
                  : "not JSON");
    }
  }

  @Spec("MD-03")
  @Test
  void aServerInTroubleEndsTheSearch() {
    for (Answer trouble :
        List.of(Answer.status(500), Answer.status(503), Answer.reset(), Answer.endlessBody())) {
      server.script(FIRST).answerAlways(trouble);
      refuses("metadata endpoint");
      // The platform itself repeats a GET whose connection was reset.
      assertThat(paths()).containsOnly(FIRST);
    }
  }

  @Spec("MD-03")
  @Test
  void aTimeoutEndsTheSearch() {
    server.script(FIRST).answerAlways(Answer.hang());
    try (OAuthClient client =
        client(server.issuer().toString()).exchangeTimeout(Duration.ofSeconds(1)).build()) {
      assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
          .hasMessageContaining("did not answer")
          .isInstanceOfSatisfying(
              OAuthException.class,
              e ->
                  assertThat(e.failure().orElseThrow().kind())
                      .isEqualTo(FailureKind.SERVER_TROUBLE));
    }
    assertThat(paths()).doesNotContain(SECOND, THIRD);
  }

  @Spec("MD-03")
  @Test
  void aBusyServerIsNotTakenForOneWithoutADocument() {
    for (String path : List.of(FIRST, SECOND, THIRD)) {
      server.script(path).answerAlways(Answer.status(429).header("Retry-After", "7"));
    }
    assertThatThrownBy(this::fetched)
        .isInstanceOfSatisfying(
            OAuthException.class,
            e -> assertThat(e.failure().orElseThrow().kind()).isEqualTo(FailureKind.THROTTLED));
  }

  // ---- the issuer

  @Spec({"MD-03", "MD-04"})
  @Test
  void aDocumentOfAnotherIssuerEndsTheSearch() {
    String issuer = server.issuer().toString();
    for (String other :
        List.of(
            issuer + "/",
            issuer.replace("/t", "/T"),
            issuer.replace("/t", "/%74"),
            issuer.replace("http:", "HTTP:"),
            issuer.replace("/t", ""),
            "https://attacker.example",
            "")) {
      server.metadata(Map.of("issuer", other));
      refuses("it is of another issuer");
      assertThat(paths()).containsExactly(FIRST);
    }
    server.withoutMetadata("issuer");
    refuses("it names no issuer");
  }

  @Spec("MD-05")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://id.example.com",
        "https://id.example.com?a=b",
        "https://id.example.com?",
        "https://id.example.com#f",
        "https://id.example.com/#",
        "https://user@id.example.com",
        "id.example.com",
        "/t",
        "urn:x:y",
        "ftp://id.example.com",
        "https:///t",
        "https://id example.com"
      })
  void whatIsNoIssuerIsRefusedBeforeAnyCall(String issuer) {
    assertThatThrownBy(() -> client(issuer).build()).isInstanceOf(IllegalArgumentException.class);
  }

  @Spec("MD-05")
  @ParameterizedTest
  @ValueSource(strings = {"https://id.example.com", "https://id.example.com/a/", "https://h:8/a"})
  void anHttpsUrlIsAnIssuer(String issuer) {
    assertThatCode(() -> client(issuer).build().close()).doesNotThrowAnyException();
  }

  // ---- the members

  @Spec("MD-06")
  @Test
  void theMediaTypeMayHaveParametersOrASuffix() {
    String document =
        "{\"issuer\":\"%s\",\"token_endpoint\":\"%s\"}"
            .formatted(server.issuer(), server.tokenEndpoint());
    for (String type : List.of("application/json; charset=utf-8", "application/x+json")) {
      server.script(FIRST).answerAlways(Answer.text(200, type, document));
      assertThat(server.isActive(fetched())).isTrue();
    }
  }

  @Spec("MD-07")
  @Test
  void aMinimalDocumentIsEnough() {
    server
        .script(FIRST)
        .answerAlways(
            Answer.json(
                200,
                "{\"issuer\":\"%s\",\"token_endpoint\":\"%s\",\"unknown\":[{\"a\":1}]}"
                    .formatted(server.issuer(), server.tokenEndpoint())));
    assertThat(server.isActive(fetched())).isTrue();
    assertThat(server.tokenRequests().get(0).header("Authorization").orElse(""))
        .startsWith("Basic ");
  }

  @Spec("MD-07")
  @Test
  void theDefaultsOfRfc8414ApplyToAbsentMembers() {
    var uri = server.tokenEndpoint();
    AuthorizationServer minimal =
        AuthorizationServer.discovered("https://h", uri, null, Map.of("issuer", "https://h"));
    assertThat(minimal.grantTypes()).containsExactlyInAnyOrder("authorization_code", "implicit");
    assertThat(minimal.responseModes()).containsExactlyInAnyOrder("query", "fragment");
    assertThat(minimal.tokenEndpointAuthMethods()).containsExactly("client_secret_basic");

    AuthorizationServer full =
        AuthorizationServer.discovered(
            "https://h",
            uri,
            List.of("none"),
            Map.of(
                "grant_types_supported",
                List.of("client_credentials"),
                "response_modes_supported",
                List.of("form_post")));
    assertThat(full.grantTypes()).containsExactly("client_credentials");
    assertThat(full.responseModes()).containsExactly("form_post");
    assertThat(full.tokenEndpointAuthMethods()).containsExactly("none");

    AuthorizationServer unknown = AuthorizationServer.ofTokenEndpoint(uri);
    assertThat(unknown.grantTypes()).isEmpty();
    assertThat(unknown.responseModes()).isEmpty();
  }

  @Spec("MD-07")
  @Test
  void everyEndpointIsAnAbsoluteHttpsUrl() {
    for (String name :
        List.of(
            "token_endpoint",
            "authorization_endpoint",
            "revocation_endpoint",
            "device_authorization_endpoint",
            "jwks_uri")) {
      for (Object bad :
          List.of(
              "http://id.example.com/x",
              "http://127.0.0.1.evil.test/x",
              "/token",
              "https://user:pw@id.example.com/x",
              "https://id.example.com/x#f",
              "ftp://id.example.com/x",
              "",
              "not a url",
              7,
              List.of("https://id.example.com/x"))) {
        server.metadata(Map.of(name, bad));
        refuses("its " + name + " is not ");
      }
      server.metadata(
          Map.of(
              name,
              name.equals("token_endpoint")
                  ? server.tokenEndpoint().toString()
                  : "https://id.example.com/x"));
      assertThat(server.isActive(fetched())).isTrue();
    }
    server.metadata(
        Map.of("mtls_endpoint_aliases", Map.of("token_endpoint", "http://id.example.com/x")));
    refuses("its token_endpoint is not ");
    server.metadata(Map.of("mtls_endpoint_aliases", "x"));
    refuses("its mtls_endpoint_aliases is not ");
  }

  @Spec("MD-07")
  @Test
  void membersHaveTheTypesOfTheSpecification() {
    for (String name :
        List.of(
            "token_endpoint_auth_methods_supported",
            "grant_types_supported",
            "response_types_supported",
            "scopes_supported",
            "code_challenge_methods_supported")) {
      for (Object bad : List.of("text", 7, true, List.of(1, 2), Map.of("a", "b"))) {
        server.metadata(Map.of(name, bad));
        refuses("its " + name + " is not a list of strings");
      }
      server.metadata(Map.of(name, List.of("client_secret_basic")));
    }
    server.metadata(Map.of("require_pushed_authorization_requests", "yes"));
    refuses("its require_pushed_authorization_requests is not true or false");
    server.metadata(Map.of("require_pushed_authorization_requests", true));
    assertThat(server.isActive(fetched())).isTrue();
    server.withoutMetadata("token_endpoint");
    refuses("it has no token_endpoint");
  }
}
