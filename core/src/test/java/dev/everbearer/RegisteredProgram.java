package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.login.Login;
import dev.everbearer.store.MemoryRegistrationStore;
import dev.everbearer.store.RegistrationStore;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.UserAgent;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** A program with a secret that registers itself where an API leads it, and a person before it. */
final class RegisteredProgram {

  private static final ClientMetadata WITH_SECRET =
      ClientMetadata.nativeApp().clientName("Reports").authMethod("client_secret_basic");

  final SettableClock clock;
  final ScriptedAuthorizationServer server;
  final ScriptedApi api;
  final String issuer;
  final List<URI> logins = new CopyOnWriteArrayList<>();
  RegistrationStore store = new MemoryRegistrationStore();

  /** Whether timers go by the clock, too: then what renews in the background runs as it moves. */
  boolean hasTimers;

  /** What else is set, last. */
  UnaryOperator<OAuthClientBuilder> also = UnaryOperator.identity();

  private final UserAgent browser = new UserAgent();

  RegisteredProgram(SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = server;
    this.api = api;
    this.issuer = server.issuer().toString();
    server.withoutMetadata("pushed_authorization_request_endpoint");
    api.metadata().publish("/mcp");
  }

  void visit(URI url) {
    logins.add(url);
    try {
      assertThat(browser.open(url).statusCode()).isEqualTo(200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ClientMetadata metadata() {
    return WITH_SECRET;
  }

  /** By the settable clock. */
  ResourceClientBuilder start() {
    return start(WITH_SECRET);
  }

  ResourceClientBuilder start(ClientMetadata metadata) {
    return OAuthClient.forResource(api.uri("/mcp").toString())
        .register(metadata)
        .registrations(store)
        .trust(issuer)
        .configure(
            client -> {
              OAuthClientBuilder unused =
                  client
                      .clocks(clock, clock::nanoTime)
                      .random(() -> 1)
                      .login(Login.inBrowser(this::visit));
              if (hasTimers) {
                unused = client.scheduler(clock.scheduler());
              }
              unused = also.apply(client);
            });
  }

  /** Its requests by an HTTP client of its own. */
  int get(ResourceClient found) throws Exception {
    HttpClient http = found.http();
    HttpRequest request = HttpRequest.newBuilder(api.uri("/mcp")).build();
    return http.send(request, BodyHandlers.ofString()).statusCode();
  }

  ClientRegistration kept() {
    return store.get(issuer).orElseThrow();
  }

  List<RecordedRequest> registrations() {
    return server.requestsTo("registration_endpoint");
  }

  /** The requests by which registrations are managed. */
  List<RecordedRequest> managements() {
    String path = server.endpoint("registration_endpoint").getPath() + "/";
    return server.requests().stream().filter(each -> each.path().startsWith(path)).toList();
  }

  Registrar registrar() {
    return OAuthClient.builder().issuer(issuer).clocks(clock, clock::nanoTime).registrar();
  }

  /** As an operator deletes it. */
  void forgetAtServer() {
    try (Registrar registrar = registrar()) {
      registrar.delete(kept());
    }
    server.clearRequests();
  }
}
