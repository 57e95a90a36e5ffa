package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.challenge.StepUp;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.login.Login;
import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** From the URL of an API to its answer, and where the way must end. */
@ExtendWith(ScriptedServers.class)
class ResourceClientTest {

  private static final ClientAuthentication NATIVE = ClientAuthentication.none("native");
  private static final String DOCUMENT = "https://app.example/client.json";

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private final String issuer;
  private final UserAgent browser = new UserAgent();
  private final List<String> opened = new CopyOnWriteArrayList<>();

  ResourceClientTest(SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = server;
    this.api = api;
    this.issuer = server.issuer().toString();
    String redirectUri = "http://127.0.0.1/callback/127.0.0.1-" + server.issuer().getPort();
    server.withoutMetadata("pushed_authorization_request_endpoint");
    server.registerPublicClient("native");
    server.registerRedirectUris("native", redirectUri);
    api.metadata().publish("/mcp");
  }

  private void visit(URI url) {
    opened.add(URLDecoder.decode(url.toString(), StandardCharsets.UTF_8));
    try {
      assertThat(browser.open(url).statusCode()).isEqualTo(200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ResourceClientBuilder start() {
    return OAuthClient.forResource(api.uri("/mcp").toString())
        .configure(client -> client.login(Login.inBrowser(this::visit)));
  }

  private ResourceClientBuilder registered() {
    return start().registered(issuer, NATIVE);
  }

  private static int get(HttpClient http, URI uri) throws Exception {
    return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString()).statusCode();
  }

  private static void ends(ResourceClientBuilder builder, String why) {
    assertThatThrownBy(builder::connect)
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining(why);
  }

  private List<String> asked() {
    return api.requests().stream().map(RecordedRequest::target).toList();
  }

  // ---- when all is well

  @Test
  @Spec({"MC-01", "MC-02", "PM-02", "PM-04"})
  void anUrlIsEnoughToCallAnApi() throws Exception {
    try (ResourceClient found = registered().mcp().connect()) {
      assertThat(asked()).containsExactly("/mcp", "/.well-known/oauth-protected-resource/mcp");
      assertThat(api.requests()).allMatch(call -> call.header("Authorization").isEmpty());
      assertThat(found.issuer()).isEqualTo(issuer);
      assertThat(opened).isEmpty();
      assertThat(get(found.http(), api.uri("/mcp"))).isEqualTo(200);
      assertThatThrownBy(() -> get(found.http(), server.uri("/x")))
          .hasMessageContaining("no grant is bound to it");
    }
    assertThat(opened).singleElement().asString().contains("resource=" + api.uri("/mcp"));
    assertThat(server.tokenRequests())
        .singleElement()
        .matches(
            call ->
                URLDecoder.decode(call.bodyText(), StandardCharsets.UTF_8)
                    .contains("resource=" + api.uri("/mcp")));
  }

  @Test
  @Spec("MC-01")
  void anApiThatDoesNotChallengeIsFoundByItsWellKnownPlaces() {
    api.metadata().withdraw("/mcp").publish("").nameInChallenges(false);
    try (ResourceClient found = registered().connect()) {
      assertThat(found.metadata().resource()).isEqualTo(api.origin());
      assertThat(asked())
          .containsExactly(
              "/mcp",
              "/.well-known/oauth-protected-resource/mcp",
              "/.well-known/oauth-protected-resource");
    }
  }

  @Test
  @Spec("MC-02")
  void theResourceGoesWithoutANeedlessSlash() {
    api.metadata().withdraw("/mcp").publish("/");
    ResourceClientBuilder root =
        OAuthClient.forResource(api.uri("/").toString()).registered(issuer, NATIVE);
    try (ResourceClient found = root.connect()) {
      assertThat(found.grant().request().resources()).containsExactly(api.uri("/"));
    }
    try (ResourceClient found = root.mcp().connect()) {
      assertThat(found.grant().request().resources()).containsExactly(api.origin());
    }
  }

  // ---- who protects it

  @Test
  @Spec("PM-05")
  void anUnknownAuthorizationServerIsNotUsed() {
    ends(start(), "none of them is known");
    assertThat(server.requestCount()).isZero();
  }

  @Test
  @Spec("PM-05")
  void thePersonApprovesOneAuthorizationServerAfterTheOther() {
    api.metadata()
        .entries(Map.of("authorization_servers", List.of("https://evil.example", issuer)));
    List<String> shown = new ArrayList<>();
    ResourceClientBuilder asking =
        start()
            .clientIdMetadataDocument(DOCUMENT)
            .approve(
                (ResourceMetadata metadata, String each) -> {
                  shown.add(each);
                  return each.equals(issuer);
                });
    server.supportClientIdMetadataDocuments(true);
    try (ResourceClient found = asking.connect()) {
      assertThat(found.issuer()).isEqualTo(issuer);
    }
    assertThat(shown).containsExactly("https://evil.example", issuer);
    ends(start().approve((metadata, each) -> false), "approved");
  }

  @Test
  @Spec("PM-05")
  void theAuthorizationServerMustBeWhoTheApiNamed() {
    server.metadata(Map.of("issuer", "https://other.example"));
    ends(registered(), "another issuer");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://10.0.0.1/m", "https://evil.example/m", "https://169.254.169.254/"})
  @Spec({"PM-04", "SE-30"})
  void metadataThatStandElsewhereAreNotRead(String url) {
    api.metadata().nameInChallenges(url);
    ends(registered(), "not taken");
    assertThat(asked()).containsExactly("/mcp");
  }

  @Test
  @Spec("SE-30")
  void anAuthorizationServerInsideIsNotCalledUnlessTheApiIsThereToo() {
    String metadataService = "https://169.254.169.254";
    api.metadata().entries(Map.of("authorization_servers", List.of(metadataService)));
    ends(start().trust(metadataService), "link-local address");
  }

  @Test
  @Spec("PM-06")
  void whatTheApiWantsOfTokensIsObeyed() {
    api.metadata().entries(Map.of("bearer_methods_supported", List.of("body")));
    ends(registered(), "Authorization header");
    api.metadata()
        .entries(
            Map.of(
                "bearer_methods_supported",
                List.of("header"),
                "dpop_bound_access_tokens_required",
                true));
    ends(registered(), "dpop()");
    assertThat(server.requestCount()).isZero();
    registered().configure(OAuthClientBuilder::dpop).connect().close();
  }

  // ---- what is told to whom

  @Test
  @Spec("LC-54")
  void headersForTheAuthorizationServerDoNotGoToTheApiNorToItsMetadata() throws Exception {
    try (ScriptedApi elsewhere = ScriptedApi.open()) {
      metadataStandAt(elsewhere);
      ResourceClientBuilder builder =
          registered()
              .allowMetadataHosts(elsewhere.origin().getHost())
              .configure(
                  client ->
                      client
                          .login(Login.inBrowser(this::visit))
                          .header("user-agent", "mine/1")
                          .header("X-Gateway-Key", "for the server")
                          .customizer(request -> request.header("X-Customized", "yes")));
      try (ResourceClient found = builder.connect()) {
        assertThat(get(found.http(), api.uri("/mcp"))).isEqualTo(200);
      }
      assertThat(elsewhere.requests())
          .singleElement()
          .matches(ResourceClientTest::isWithoutOurHeaders)
          .matches(call -> call.header("User-Agent").equals(Optional.of("mine/1")));
    }
    assertThat(api.requests()).hasSize(2).allMatch(ResourceClientTest::isWithoutOurHeaders);
    assertThat(api.requests().get(0).header("User-Agent")).contains("mine/1");
    assertThat(server.requests())
        .filteredOn(
            call -> call.target().startsWith("/.well-known") || call.method().equals("POST"))
        .hasSizeGreaterThan(2)
        .allMatch(call -> call.header("X-Gateway-Key").equals(Optional.of("for the server")))
        .allMatch(call -> call.header("X-Customized").equals(Optional.of("yes")));
  }

  private void metadataStandAt(ScriptedApi elsewhere) {
    elsewhere.answerAlways(
        Answer.json(
            200,
            "{\"resource\":\"%s\",\"authorization_servers\":[\"%s\"]}"
                .formatted(api.uri("/mcp"), issuer)));
    api.metadata().nameInChallenges(elsewhere.uri("/m").toString());
  }

  private static boolean isWithoutOurHeaders(RecordedRequest call) {
    return call.header("X-Gateway-Key").isEmpty() && call.header("X-Customized").isEmpty();
  }

  // ---- who we are

  @Test
  @Spec("MC-05")
  void credentialsOfOneServerNeverGoToAnother() {
    ends(start().registered("https://old.example", NATIVE).trust(issuer), "never go to another");
    assertThat(server.tokenRequests()).isEmpty();
  }

  @Test
  @Spec("MC-06")
  void aRegisteredClientComesBeforeTheMetadataDocument() {
    server.supportClientIdMetadataDocuments(true);
    try (ResourceClient found = registered().clientIdMetadataDocument(DOCUMENT).connect()) {
      assertThat(found.client().toString()).contains("native");
    }
    ResourceClientBuilder unregistered = start().trust(issuer).clientIdMetadataDocument(DOCUMENT);
    try (ResourceClient found = unregistered.connect()) {
      assertThat(found.client().toString()).contains(DOCUMENT);
    }
    server.supportClientIdMetadataDocuments(false);
    ends(unregistered, "not registered");
  }

  @Test
  @Spec({"MC-07", "PK-03", "PQ-22"})
  void withoutAListOfPkceMethodsMcpRefuses() {
    server.withoutMetadata("code_challenge_methods_supported");
    ends(registered().mcp(), "PKCE");
    registered().connect().close();
    server.metadata(Map.of("code_challenge_methods_supported", List.of("plain")));
    ends(registered().mcp(), "PKCE");
  }

  // ---- what is asked for

  private String scope(ResourceClientBuilder builder) {
    try (ResourceClient found = builder.connect()) {
      return found.grant().scope().toString();
    }
  }

  @Test
  @Spec("MC-03")
  void theScopeIsThatOfTheChallengeElseAllOfTheResourceElseNone() {
    assertThat(scope(registered().mcp())).isEmpty();
    api.metadata().entries(Map.of("scopes_supported", List.of("a", "b")));
    assertThat(scope(registered().mcp())).isEqualTo("a b");
    String challenge =
        "Bearer resource_metadata=\"%s\", scope=\"c\"".formatted(api.metadata().uri("/mcp"));
    api.answerNext(Answer.status(401).header("WWW-Authenticate", challenge));
    assertThat(scope(registered().mcp())).isEqualTo("c");
    assertThat(scope(registered().mcp().scope("own"))).isEqualTo("own");
    api.answerNext(
        Answer.status(401).header("WWW-Authenticate", challenge.replace("\"c\"", "\"c\\\"d\"")));
    ends(registered().mcp(), "scope");
  }

  @Test
  @Spec("MC-03")
  void theScopeOfAChallengeThatNamesNoMetadataIsAskedForToo() {
    api.metadata().entries(Map.of("scopes_supported", List.of("a", "b", "c")));
    String challenge = "Bearer scope=\"a b\"";
    api.answerNext(Answer.status(401).header("WWW-Authenticate", challenge));
    assertThat(scope(registered().mcp())).isEqualTo("a b");
    api.answerNext(Answer.status(401).header("WWW-Authenticate", "Basic realm=\"x\", scope=\"d\""));
    assertThat(scope(registered().mcp())).as("of no other scheme").isEqualTo("a b c");
    String named = "resource_metadata=\"%s\"".formatted(api.metadata().uri("/mcp"));
    String both = "DPoP scope=\"a\", Bearer %s, scope=\"b\"".formatted(named);
    api.answerNext(Answer.status(401).header("WWW-Authenticate", both));
    assertThat(scope(registered().mcp())).as("with the metadata before all").isEqualTo("b");
    String apart = "DPoP scope=\"a\", Bearer " + named;
    api.answerNext(Answer.status(401).header("WWW-Authenticate", apart));
    assertThat(scope(registered().mcp())).as("beside the metadata").isEqualTo("a");
  }

  @Test
  @Spec("MC-03")
  void offlineAccessIsAskedForOnlyWhereTheServerOffersIt() {
    api.metadata().entries(Map.of("scopes_supported", List.of("a", "offline_access")));
    server.metadata(Map.of("scopes_supported", List.of("a")));
    assertThat(scope(registered().mcp())).isEqualTo("a");
    server.metadata(Map.of("scopes_supported", List.of("a", "offline_access")));
    assertThat(scope(registered().mcp())).isEqualTo("a offline_access");
  }

  @Test
  @Spec({"MC-04", "SU-03"})
  void aStepUpAsksForTheUnionOfTheScopes() throws Exception {
    String challenge = "Bearer error=\"insufficient_scope\", scope=\"write\"";
    StepUp wanted = StepUp.in(403, List.of(challenge)).orElseThrow();
    try (ResourceClient found = registered().scope("read").connect()) {
      assertThat(get(found.http(), api.uri("/mcp"))).isEqualTo(200);
      assertThat(get(found.http(wanted), api.uri("/mcp"))).isEqualTo(200);
      assertThat(get(found.http(), api.uri("/mcp"))).isEqualTo(200);
    }
    assertThat(opened).hasSize(2);
    assertThat(opened.get(1)).contains("scope=read write").contains("resource=");
  }

  @Test
  @Spec("SU-03")
  void aStepUpOfALoginThatIsTooLongAgoHasThePersonLogInAgain() throws Exception {
    String challenge = "Bearer error=\"insufficient_user_authentication\", max_age=60";
    StepUp wanted = StepUp.in(401, List.of(challenge)).orElseThrow();
    ResourceClientBuilder builder =
        registered()
            .configure(
                client ->
                    client.clocks(clock, clock::nanoTime).login(Login.inBrowser(this::visit)));
    try (ResourceClient found = builder.connect()) {
      assertThat(get(found.http(wanted), api.uri("/mcp"))).isEqualTo(200);
      clock.advance(Duration.ofSeconds(59));
      assertThat(get(found.http(wanted), api.uri("/mcp"))).isEqualTo(200);
      assertThat(opened).hasSize(1);
      clock.advance(Duration.ofSeconds(1));
      assertThat(get(found.http(wanted), api.uri("/mcp"))).isEqualTo(200);
      assertThat(opened).hasSize(2);
    }
  }

  @Test
  @Spec({"SU-03", "SE-50"})
  void anApiThatWantsSomethingElseEachTimeIsNotFollowedForEver() {
    ResourceClientBuilder builder =
        registered()
            .configure(
                client ->
                    client
                        .httpClient(HttpClient.newHttpClient())
                        .login(Login.inBrowser(this::visit)));
    try (ResourceClient found = builder.connect()) {
      for (int i = 0; i < 100; i++) {
        assertThat(found.http(wanted(i))).isNotNull();
      }
      assertThatThrownBy(() -> found.http(wanted(100)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("more than 100 different things");
      assertThat(found.http(wanted(99))).isNotNull();
    }
    assertThat(opened).isEmpty();
  }

  private static StepUp wanted(int scope) {
    String challenge = "Bearer error=\"insufficient_scope\", scope=\"s%d\"".formatted(scope);
    return StepUp.in(403, List.of(challenge)).orElseThrow();
  }

  @Test
  @Spec({"MC-04", "SU-02", "SU-03"})
  void whereThatIsSwitchedOnAStepUpIsMadeByItself() throws Exception {
    Answer wanting =
        Answer.status(403)
            .header("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"write\"");
    try (ResourceClient found = registered().scope("read").stepUp().connect()) {
      assertThat(get(found.http(), api.uri("/mcp"))).isEqualTo(200);
      api.answerNext(wanting);
      assertThat(get(found.http(), api.uri("/mcp"))).isEqualTo(200);
      assertThat(opened).hasSize(2);
      assertThat(opened.get(1)).contains("scope=read write").contains("resource=");
      api.answerAlways(wanting);
      api.clearRequests();
      assertThat(get(found.http(), api.uri("/mcp"))).as("once for each request").isEqualTo(403);
      assertThat(api.requestCount()).isEqualTo(2);
    }
    assertThat(opened).hasSize(2);
  }

  @Test
  @Spec({"SU-02", "BR-08"})
  void whereItIsNotTheAnswerGoesToTheCaller() throws Exception {
    try (ResourceClient found = registered().scope("read").connect()) {
      assertThat(get(found.http(), api.uri("/mcp"))).isEqualTo(200);
      api.answerNext(
          Answer.status(403)
              .header("WWW-Authenticate", "Bearer error=\"insufficient_scope\", scope=\"write\""));
      assertThat(get(found.http(), api.uri("/mcp"))).isEqualTo(403);
    }
    assertThat(opened).hasSize(1);
  }

  // ---- an API that moves

  @Test
  @Spec({"PM-08", "MC-05"})
  void anApiThatNamesOtherMetadataIsNotFollowedUntilItIsAskedAnew() throws Exception {
    api.metadata().publish("/moved");
    try (ResourceClient found = registered().connect()) {
      assertThat(get(found.http(), api.uri("/mcp"))).isEqualTo(200);
      String same = "Bearer resource_metadata=\"%s\"".formatted(api.metadata().uri("/mcp"));
      String other = "Bearer resource_metadata=\"%s\"".formatted(api.metadata().uri("/moved"));
      assertThat(found.isMovedBy(List.of(same))).isFalse();
      assertThat(found.isMovedBy(List.of("Basic realm=\"x\"", "Bearer"))).isFalse();
      assertThat(found.isMovedBy(List.of(other))).isTrue();

      api.metadata()
          .entries(
              Map.of(
                  "resource",
                  api.uri("/mcp").toString(),
                  "authorization_servers",
                  List.of("https://new.example")));
      Answer moved = Answer.status(401).header("WWW-Authenticate", other);
      api.answerNext(moved);
      api.clearRequests();
      server.clearRequests();
      assertThat(get(found.http(), api.uri("/mcp"))).isEqualTo(401);
      assertThat(asked()).as("no metadata are read behind the caller's back").containsOnly("/mcp");
      assertThat(found.issuer()).isEqualTo(issuer);
      api.answerNext(moved);
      ends(registered(), "https://new.example");
    }
  }

  @Test
  @Spec("PM-08")
  void metadataThatWereFoundWithoutAChallengeHaveNotMovedWhenOneNamesThem() {
    api.metadata().nameInChallenges(false);
    try (ResourceClient found = registered().connect()) {
      String place = api.metadata().uri("/mcp").toString();
      assertThat(found.isMovedBy(List.of("Bearer resource_metadata=\"" + place + "\""))).isFalse();
      assertThat(found.isMovedBy(List.of("DPoP resource_metadata=\"" + place + "/x\""))).isTrue();
    }
  }
}
