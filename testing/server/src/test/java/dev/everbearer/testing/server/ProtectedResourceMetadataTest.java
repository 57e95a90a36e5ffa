package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(ScriptedServers.class)
class ProtectedResourceMetadataTest {

  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;

  ProtectedResourceMetadataTest(ScriptedAuthorizationServer server, ScriptedApi api) {
    this.server = server;
    this.api = api;
  }

  private String challenge(String path) throws IOException {
    return http.get(api.uri(path)).headers().firstValue("WWW-Authenticate").orElse("");
  }

  @ParameterizedTest
  @CsvSource({
    "'', ''",
    "/, ''",
    "/a, /a",
    "/a/, /a/",
    "/a?x=1, /a?x=1",
  })
  void publishesAtTheWellKnownPlace(String resource, String suffix) throws IOException {
    api.metadata().publish(resource);
    URI place = api.uri(WELL_KNOWN + suffix);

    assertThat(api.metadata().uri(resource)).isEqualTo(place);
    assertThat(string(http.get(place), "resource")).isEqualTo(api.origin() + resource);
    assertThat(http.get(place).body())
        .contains("\"authorization_servers\":[\"" + server.issuer() + "\"]");
    api.metadata().withdraw(resource);
    assertThat(http.get(place).statusCode()).isEqualTo(401);
  }

  @Test
  void challengesNameTheNearestMetadata() throws IOException {
    assertThat(challenge("/mcp")).isEqualTo("Bearer realm=\"api\"");
    api.metadata().publish("").publish("/mcp");

    assertThat(challenge("/mcp"))
        .isEqualTo(
            "Bearer realm=\"api\", resource_metadata=\"" + api.uri(WELL_KNOWN + "/mcp") + "\"");
    assertThat(challenge("/mcp/a")).contains(WELL_KNOWN + "/mcp\"");
    assertThat(challenge("/mcpx")).contains(WELL_KNOWN + "\"");
    api.metadata().withdraw("");
    assertThat(challenge("/mcpx")).doesNotContain("resource_metadata");
    api.metadata().nameInChallenges("https://evil.example/m");
    assertThat(challenge("/mcp")).contains("resource_metadata=\"https://evil.example/m\"");
    api.metadata().nameInChallenges(false);
    assertThat(challenge("/mcp")).doesNotContain("resource_metadata");
  }

  @Test
  void entriesAreChangedAndLeftOut() throws IOException {
    api.dpop().require(true);
    api.metadata()
        .publish("")
        .entries(Map.of("resource", "https://other.example", "scopes_supported", List.of("a")))
        .without("bearer_methods_supported");

    assertThat(http.get(api.uri(WELL_KNOWN)).body())
        .contains(
            "\"resource\":\"https://other.example\"",
            "\"scopes_supported\":[\"a\"]",
            "\"dpop_bound_access_tokens_required\":true")
        .doesNotContain("bearer_methods_supported");
    assertThat(challenge("/")).startsWith("DPoP ").contains("resource_metadata=");
  }
}
