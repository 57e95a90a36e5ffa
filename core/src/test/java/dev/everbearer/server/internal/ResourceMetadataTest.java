package dev.everbearer.server.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.server.internal.ResourceMetadataReader.UnusableResourceException;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.ServerUnavailableException;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.JdkTransport;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a resource's metadata is looked for, what is taken, and how long it is kept. */
@ExtendWith(ScriptedServers.class)
class ResourceMetadataTest {

  private static final String WELL_KNOWN = "/.well-known/oauth-protected-resource";

  private final ScriptedApi api;
  private final SettableClock clock;
  private JdkTransport transport;

  ResourceMetadataTest(ScriptedApi api, SettableClock clock) {
    this.api = api;
    this.clock = clock;
  }

  @BeforeEach
  void open() {
    transport = JdkTransport.making(HttpClient::newHttpClient, request -> {}, clock);
  }

  @AfterEach
  void close() {
    transport.close();
  }

  private CachedResource resource(String path, boolean allowsPrefix, String... hosts) {
    return new CachedResource(
        api.uri(path),
        new CachedResource.Rules(allowsPrefix, Set.of(hosts), EndpointRules.DEFAULT),
        transport,
        Map.of(),
        Duration.ofSeconds(10),
        clock::nanoTime,
        Runnable::run);
  }

  private List<String> targets() {
    return api.requests().stream().map(RecordedRequest::target).toList();
  }

  // ---- where

  @ParameterizedTest
  @CsvSource({
    "https://r, https://r/W",
    "https://r/, https://r/W",
    "https://r/a, https://r/W/a",
    "https://r/a/, https://r/W/a/",
    "https://r/a?x=1, https://r/W/a?x=1",
    "https://r/?x=1, https://r/W?x=1",
    "https://r:8443/a%2fb, https://r:8443/W/a%2fb",
  })
  @Spec("PM-01")
  void theWellKnownPartGoesBetweenHostAndPath(String resource, String location) {
    assertThat(ResourceIdentifier.location(URI.create(resource)))
        .hasToString(location.replace("/W", WELL_KNOWN));
  }

  @Test
  @Spec({"MC-01", "PM-01"})
  void thePathFormComesFirstThenTheRootForm() throws Exception {
    api.metadata().publish("");
    assertThat(resource("/mcp", true).get().resource()).isEqualTo(api.origin());
    assertThat(targets()).containsExactly(WELL_KNOWN + "/mcp", WELL_KNOWN);
  }

  @Test
  @Spec({"MC-01", "PM-01"})
  void aServerInTroubleEndsTheSearch() {
    api.metadata().publish("");
    api.answerNext(Answer.status(503));
    assertThatThrownBy(() -> resource("/mcp", true).get())
        .isInstanceOf(ServerUnavailableException.class);
    assertThat(targets()).containsExactly(WELL_KNOWN + "/mcp");
  }

  @Test
  @Spec("MC-01")
  void aChallengeIsFollowedBeforeAnyForm() throws Exception {
    api.metadata().publish("/elsewhere").entries(Map.of("resource", api.uri("/mcp").toString()));
    CachedResource resource = resource("/mcp", false);
    resource.named(api.metadata().uri("/elsewhere"));
    assertThat(resource.get().resource()).isEqualTo(api.uri("/mcp"));
    assertThat(targets()).containsExactly(WELL_KNOWN + "/elsewhere");
  }

  // ---- which resource

  private static ResourceMetadata read(String url, boolean allowsPrefix, Map<String, ?> document)
      throws UnusableResourceException {
    return new ResourceMetadataReader(URI.create(url), allowsPrefix, EndpointRules.DEFAULT)
        .read(new HashMap<>(document));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://r/a/",
        "https://r",
        "https://R/a",
        "https://r:443/a",
        "https://r/a?",
        "http://r/a",
        "https://r/%61",
        "https://r/a#",
        "https://evil/a",
        "https://r/a b"
      })
  @Spec("PM-02")
  void anyOtherResourceMakesADocumentUnusable(String found) {
    assertThatThrownBy(() -> read("https://r/a", false, Map.of("resource", found)))
        .isInstanceOf(UnusableResourceException.class);
  }

  @Test
  @Spec("PM-02")
  void theSameResourceIsTaken() throws Exception {
    assertThat(read("https://r/a?x", false, Map.of("resource", "https://r/a?x")).resource())
        .hasToString("https://r/a?x");
    assertThatThrownBy(() -> read("https://r/a", false, Map.of()))
        .hasMessageContaining("names no resource");
  }

  @ParameterizedTest
  @CsvSource({
    "https://r/mcp, https://r/mcp/a",
    "https://r/mcp, https://r/mcp?session=1",
    "https://r/mcp/, https://r/mcp/a",
    "https://r, https://r/mcp",
    "https://r/, https://r",
    "https://R:443/mcp, https://r/mcp/a",
  })
  @Spec("PM-03")
  void withThePrefixRuleAResourceAboveCoversAUrl(String resource, String url) throws Exception {
    assertThat(read(url, true, Map.of("resource", resource)).resource()).hasToString(resource);
    assertThatThrownBy(() -> read(url, false, Map.of("resource", resource)))
        .isInstanceOf(UnusableResourceException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "https://r/mcp, https://r/mcpx",
    "https://r/mcp/a, https://r/mcp",
    "https://r/mcp/, https://r/mcp",
    "http://r/mcp, https://r/mcp/a",
    "https://r:8443/mcp, https://r/mcp/a",
    "https://r.evil/mcp, https://r/mcp/a",
    "https://r/mcp, https://r/mcp/../b",
    "https://r/mcp, https://r/mcp/%2e%2E/b",
    "https://r/mcp?a, https://r/mcp/a",
  })
  @Spec("PM-03")
  void whatOnlyLooksLikeAPrefixCoversNothing(String resource, String url) {
    assertThatThrownBy(() -> read(url, true, Map.of("resource", resource)))
        .isInstanceOf(UnusableResourceException.class)
        .hasMessageContaining("another resource");
  }

  // ---- who says where

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/m",
        "http://evil.example/m",
        "http://10.0.0.1/m",
        "ftp://h/m",
        "/m",
        "https://user@evil.example/m"
      })
  @Spec("PM-04")
  void metadataElsewhereIsNotRead(String url) {
    CachedResource resource = resource("/mcp", true);
    resource.named(URI.create(url));
    assertThatThrownBy(resource::get)
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("not taken");
    assertThat(api.requestCount()).isZero();
  }

  @Test
  @Spec("PM-04")
  void metadataOnAHostThatIsAllowedIsRead() throws Exception {
    try (ScriptedApi other = ScriptedApi.open()) {
      String document = "{\"resource\":\"%s\"}".formatted(api.uri("/mcp"));
      other.answerAlways(Answer.json(200, document));
      CachedResource allowed = resource("/mcp", true, "127.0.0.1", "localhost");
      allowed.named(other.uri("/m"));
      assertThat(allowed.get().resource()).isEqualTo(api.uri("/mcp"));
      CachedResource strict = resource("/mcp", true);
      strict.named(other.uri("/m"));
      assertThatThrownBy(strict::get).hasMessageContaining("another origin");
      assertThat(other.requestCount()).isEqualTo(1);
    }
  }

  // ---- what it says

  @ParameterizedTest
  @ValueSource(
      strings = {
        "authorization_servers",
        "scopes_supported",
        "bearer_methods_supported",
        "dpop_signing_alg_values_supported",
      })
  @Spec("PM-07")
  void emptyListsAndOthersAreMalformed(String name) {
    for (Object bad : List.of(List.of(), "text", List.of(1), Map.of())) {
      assertThatThrownBy(() -> read("https://r", false, Map.of("resource", "https://r", name, bad)))
          .isInstanceOf(UnusableResourceException.class)
          .hasMessageContaining(name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://as.example", "as", "https://as/?q", "https://as/#f"})
  @Spec("PM-07")
  void authorizationServersAreIssuers(String issuer) {
    Map<String, Object> document =
        Map.of("resource", "https://r", "authorization_servers", List.of("https://as", issuer));
    assertThatThrownBy(() -> read("https://r", false, document))
        .hasMessageContaining("authorization_servers");
  }

  @Test
  @Spec("PM-07")
  void onlyA200WithAJsonObjectIsTaken() throws Exception {
    String good = "{\"resource\":\"%s\",\"signed_metadata\":\"x\"}".formatted(api.uri("/a"));
    List<Answer> bad =
        List.of(
            Answer.json(201, good),
            Answer.status(404),
            Answer.json(302, good),
            Answer.json(200, "[" + good + "]"),
            Answer.json(200, good + "x"),
            Answer.json(200, "{\"a\":1,\"a\":2}"));
    for (Answer answer : bad) {
      api.answerNext(answer);
      assertThatThrownBy(() -> resource("/a", false).get()).isInstanceOf(OAuthException.class);
    }
    api.answerNext(Answer.json(200, good));
    assertThat(resource("/a", false).get().resource()).isEqualTo(api.uri("/a"));
  }

  @Test
  @Spec("PM-06")
  void whatAResourceWantsOfTokensIsKnown() throws Exception {
    ResourceMetadata silent = read("https://r", false, Map.of("resource", "https://r"));
    assertThat(silent.takesHeader()).isTrue();
    assertThat(silent.requiresDpop()).isFalse();
    assertThat(silent.supportsCertificateBoundTokens()).isFalse();
    assertThat(silent.dpopAlgorithms()).isEmpty();
    ResourceMetadata strict =
        read(
            "https://r",
            false,
            Map.of(
                "resource",
                "https://r",
                "bearer_methods_supported",
                List.of("body"),
                "dpop_bound_access_tokens_required",
                true,
                "tls_client_certificate_bound_access_tokens",
                true,
                "dpop_signing_alg_values_supported",
                List.of("ES256")));
    assertThat(strict.takesHeader()).isFalse();
    assertThat(strict.requiresDpop()).isTrue();
    assertThat(strict.supportsCertificateBoundTokens()).isTrue();
    assertThat(strict.dpopAlgorithms()).containsExactly("ES256");
  }

  // ---- how long

  @Test
  @Spec("PM-07")
  void aDocumentIsKeptForAMinuteAtLeast() throws Exception {
    api.metadata().publish("/a");
    CachedResource resource = resource("/a", false);
    resource.get();
    clock.advance(Duration.ofSeconds(59));
    resource.get();
    assertThat(api.requestCount()).isEqualTo(1);
  }

  @Test
  @Spec("PM-08")
  void anotherPlaceInAChallengeIsReadBeforeAnythingKnownIsUsedAgain() throws Exception {
    api.metadata().publish("/a").publish("/b");
    CachedResource resource = resource("/a", false);
    resource.named(api.metadata().uri("/a"));
    ResourceMetadata before = resource.get();
    resource.named(api.metadata().uri("/a"));
    assertThat(resource.get()).isSameAs(before);
    assertThat(api.requestCount()).isEqualTo(1);

    api.metadata()
        .entries(
            Map.of(
                "resource",
                api.uri("/a").toString(),
                "authorization_servers",
                List.of("https://new.example")));
    resource.named(api.metadata().uri("/b"));
    assertThat(resource.get().authorizationServers()).containsExactly("https://new.example");
    assertThat(targets()).containsExactly(WELL_KNOWN + "/a", WELL_KNOWN + "/b");
  }

  @Test
  @Spec("PM-08")
  void anApiThatNamesEverOtherPlacesIsNotFollowedForEver() throws Exception {
    api.metadata().publish("/a").entries(Map.of("resource", api.uri("/a").toString()));
    CachedResource resource = resource("/a", false);
    for (int i = 0; i < 20; i++) {
      api.metadata().publish("/p" + i);
      resource.named(api.metadata().uri("/p" + i));
      resource.get();
    }
    assertThat(api.requestCount()).isEqualTo(3);
  }
}
