package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.login.Login;
import dev.everbearer.store.FileRegistrationStore;
import dev.everbearer.store.KeyFile;
import dev.everbearer.store.MemoryRegistrationStore;
import dev.everbearer.store.RegistrationStore;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A program that is registered nowhere registers where an API leads it, once. */
@ExtendWith(ScriptedServers.class)
class ResourceRegistrationTest {

  private static final ClientMetadata PROGRAM = ClientMetadata.nativeApp().clientName("Reports");
  private static final ClientMetadata WITH_SECRET = PROGRAM.authMethod("client_secret_basic");

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private final String issuer;
  private final UserAgent browser = new UserAgent();
  private final List<URI> opened = new CopyOnWriteArrayList<>();
  private RegistrationStore store = new MemoryRegistrationStore();

  ResourceRegistrationTest(
      SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = server;
    this.api = api;
    this.issuer = server.issuer().toString();
    server.withoutMetadata("pushed_authorization_request_endpoint");
    api.metadata().publish("/mcp");
  }

  private void visit(URI url) {
    opened.add(url);
    try {
      assertThat(browser.open(url).statusCode()).isEqualTo(200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ResourceClientBuilder unapproved(ClientMetadata metadata) {
    return OAuthClient.forResource(api.uri("/mcp").toString())
        .register(metadata)
        .registrations(store)
        .configure(
            client -> client.clocks(clock, clock::nanoTime).login(Login.inBrowser(this::visit)));
  }

  private ResourceClientBuilder start(ClientMetadata metadata) {
    return unapproved(metadata).trust(issuer);
  }

  private int get(HttpClient http) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(api.uri("/mcp")).build();
    return http.send(request, BodyHandlers.ofString()).statusCode();
  }

  private List<RecordedRequest> registrations() {
    return server.requestsTo("registration_endpoint");
  }

  private String kept() {
    return store.get(issuer).map(ClientRegistration::clientId).orElse("");
  }

  private void forgetAtServer() {
    try (Registrar registrar = OAuthClient.builder().issuer(issuer).registrar()) {
      registrar.delete(store.get(issuer).orElseThrow());
    }
    server.clearRequests();
  }

  // ---- registering

  @Test
  @Spec({"MC-06", "DR-07"})
  void aProgramRegistersLogsInAndCalls() throws Exception {
    try (ResourceClient found = start(PROGRAM).mcp().connect()) {
      assertThat(registrations())
          .singleElement()
          .extracting(RecordedRequest::bodyText)
          .asString()
          .contains("\"application_type\":\"native\"")
          .contains("\"token_endpoint_auth_method\":\"none\"")
          .contains("\"refresh_token\"")
          .contains("[\"http://127.0.0.1/callback/127.0.0.1-" + server.issuer().getPort() + "\"]");
      assertThat(found.client().toString()).contains(issuer + " " + kept());
      assertThat(opened).isEmpty();
      assertThat(get(found.http())).isEqualTo(200);
    }
    assertThat(opened).hasSize(1);
    assertThat(kept()).isNotEmpty();
  }

  @Test
  @Spec({"MC-06", "PM-05"})
  void nobodyRegistersAtAServerThatIsNotApproved() {
    assertThatThrownBy(unapproved(PROGRAM)::connect).hasMessageContaining("approved");
    assertThat(server.requestCount()).isZero();
    unapproved(PROGRAM).approve((metadata, each) -> each.equals(issuer)).connect().close();
    assertThat(registrations()).hasSize(1);
    assertThatThrownBy(unapproved(PROGRAM)::connect)
        .as("that it is kept is no approval for whatever API")
        .hasMessageContaining("approved");
  }

  @Test
  @Spec("MC-06")
  void whoIsKnownDoesNotRegister() {
    server.registerPublicClient("native");
    start(PROGRAM).registered(issuer, ClientAuthentication.none("native")).connect().close();
    server.supportClientIdMetadataDocuments(true);
    String document = "https://app.example/client.json";
    try (ResourceClient found = start(PROGRAM).clientIdMetadataDocument(document).connect()) {
      assertThat(found.client().toString()).contains(document);
    }
    assertThat(registrations()).isEmpty();
    server.supportClientIdMetadataDocuments(false);
    start(PROGRAM).clientIdMetadataDocument(document).connect().close();
    assertThat(registrations()).hasSize(1);
  }

  @Test
  @Spec("MC-06")
  void whereNobodyCanRegisterTheStartSaysWhatToDo() {
    server.withoutMetadata("registration_endpoint");
    assertThatThrownBy(start(PROGRAM)::connect)
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("registers no clients by itself")
        .hasMessageContaining("registered(...)");
  }

  @Test
  @Spec("DR-01")
  void aRefusalIsToldAndNothingIsKept() {
    server
        .script(server.endpoint("registration_endpoint").getPath())
        .answerNext(Answer.json(400, "{\"error\":\"invalid_client_metadata\"}"));
    assertThatThrownBy(start(PROGRAM)::connect)
        .isInstanceOf(OAuthErrorException.class)
        .hasMessageContaining("invalid_client_metadata");
    assertThat(kept()).isEmpty();
    start(PROGRAM).connect().close();
    assertThat(kept()).isNotEmpty();
  }

  // ---- once

  @Test
  @Spec({"DR-04", "MC-05"})
  void theNextStartFindsTheRegistration(@TempDir Path directory) throws Exception {
    KeyFile keys = KeyFile.at(directory.resolve("key"));
    store = FileRegistrationStore.at(directory.resolve("registrations"), keys);
    start(WITH_SECRET).connect().close();
    String first = kept();
    store = FileRegistrationStore.at(directory.resolve("registrations"), keys);
    try (ResourceClient found = start(WITH_SECRET).connect()) {
      assertThat(found.client().toString()).contains(first);
      assertThat(get(found.http())).isEqualTo(200);
    }
    assertThat(registrations()).hasSize(1);
  }

  @Test
  @Spec("MC-06")
  void ofManyThatStartAtOnceOneRegisters() {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<CompletableFuture<String>> starts =
          Stream.generate(
                  () -> CompletableFuture.supplyAsync(() -> started(start(PROGRAM)), threads))
              .limit(8)
              .toList();
      assertThat(starts.stream().map(CompletableFuture::join).distinct()).hasSize(1);
    } finally {
      threads.shutdown();
    }
    assertThat(registrations()).hasSize(1);
  }

  private static String started(ResourceClientBuilder builder) {
    try (ResourceClient found = builder.connect()) {
      return found.client().toString();
    }
  }

  @Test
  @Spec("MC-05")
  void credentialsOfAnotherServerAreNotTaken() {
    ClientRegistration foreign =
        ClientRegistration.of("https://old.example", Map.of("client_id", "old"));
    store.put(issuer, foreign);
    assertThatThrownBy(start(PROGRAM)::connect)
        .isInstanceOf(OAuthException.class)
        .hasMessageContaining("never go to another");
    assertThat(store.get(issuer)).contains(foreign);
    assertThat(registrations()).isEmpty();
  }

  @Test
  @Spec({"DR-03", "DR-05"})
  void aSecretThatEndsIsReplacedAndTheClientStays() throws Exception {
    server.registration().secretLifetime(Duration.ofDays(10)).rotateCredentials(true);
    start(WITH_SECRET).connect().close();
    ClientRegistration before = store.get(issuer).orElseThrow();
    clock.advance(Duration.ofDays(8));
    start(WITH_SECRET).connect().close();
    assertThat(store.get(issuer)).contains(before);
    clock.advance(Duration.ofDays(1));
    try (ResourceClient found = start(WITH_SECRET).connect()) {
      assertThat(kept()).isEqualTo(before.clientId());
      assertThat(store.get(issuer).orElseThrow().clientSecret())
          .isNotEqualTo(before.clientSecret());
      assertThat(get(found.http())).isEqualTo(200);
    }
    assertThat(registrations()).hasSize(1);
  }

  @Test
  @Spec({"DR-05", "DR-06"})
  void aProgramThatChangedUpdatesItsRegistrationAsLongAsThereIsOne() {
    start(PROGRAM).connect().close();
    String first = kept();
    ClientMetadata moved = PROGRAM.redirectUris("http://127.0.0.1/other");
    start(moved).connect().close();
    assertThat(kept()).isEqualTo(first);
    assertThat(store.get(issuer).orElseThrow().metadata().texts("redirect_uris"))
        .as("and keeps what another API of the server may need")
        .hasSize(2)
        .contains("http://127.0.0.1/other");
    assertThat(registrations()).hasSize(1);
    forgetAtServer();
    start(PROGRAM.redirectUris("http://127.0.0.1/third")).connect().close();
    assertThat(kept()).isNotEqualTo(first);
    assertThat(registrations()).hasSize(1);
  }

  // ---- a server that forgets

  @Test
  @Spec({"MC-06", "DR-06"})
  void aServerThatForgotTheClientIsToldOfItAnew() throws Exception {
    List<String> asked = new CopyOnWriteArrayList<>();
    ResourceClientBuilder builder =
        unapproved(WITH_SECRET)
            .approve(
                (metadata, each) -> {
                  asked.add(each);
                  return true;
                });
    try (ResourceClient found = builder.connect()) {
      assertThat(get(found.http())).isEqualTo(200);
      String first = kept();
      forgetAtServer();
      server.revokeAllAccessTokens();
      clock.advance(Duration.ofHours(2));
      assertThat(get(found.http())).isEqualTo(200);
      assertThat(kept()).isNotEqualTo(first);
      assertThat(found.client().toString()).contains(kept());
      assertThat(get(found.http())).isEqualTo(200);
      assertThat(found.client().tokens(found.grant()).token()).isNotNull();
    }
    assertThat(registrations()).hasSize(1);
    assertThat(opened).as("the new client has no grant yet").hasSize(2);
    assertThat(asked).as("the approval holds").containsExactly(issuer);
  }

  @Test
  @Spec("MC-06")
  void whoeverAsksForTheTokenItselfIsServedToo() throws Exception {
    try (ResourceClient found = start(WITH_SECRET).connect()) {
      assertThat(found.tokens().token()).isNotNull();
      forgetAtServer();
      clock.advance(Duration.ofHours(2));
      assertThat(found.tokens().token()).isEqualTo(found.tokens().token(Duration.ZERO));
      assertThat(found.tokens().tokenAsync().toCompletableFuture().get())
          .isEqualTo(found.tokens().token());
    }
    assertThat(registrations()).hasSize(1);
  }

  @Test
  @Spec("MC-06")
  void aServerThatForgetsAgainAndAgainIsAskedOnceMore() throws Exception {
    try (ResourceClient found = start(WITH_SECRET).connect()) {
      server
          .script(server.tokenEndpoint().getPath())
          .answerAlways(Answer.json(401, "{\"error\":\"invalid_client\"}"));
      assertThatThrownBy(() -> get(found.http()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("invalid_client");
      assertThatThrownBy(() -> get(found.http())).hasMessageContaining("invalid_client");
    }
    assertThat(registrations()).hasSize(2);
  }

  @Test
  @Spec("MC-06")
  void whateverElseFailsNobodyRegistersAnew() throws Exception {
    try (ResourceClient found = start(WITH_SECRET).connect()) {
      server
          .script(server.tokenEndpoint().getPath())
          .answerNext(Answer.json(400, "{\"error\":\"unauthorized_client\"}"));
      assertThatThrownBy(() -> get(found.http())).hasMessageContaining("unauthorized_client");
    }
    assertThat(registrations()).hasSize(1);
  }
}
