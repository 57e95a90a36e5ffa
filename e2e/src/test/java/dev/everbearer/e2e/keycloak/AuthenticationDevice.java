package dev.everbearer.e2e.keycloak;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Where Keycloak asks people over the back channel (CIBA): each agrees at once, unless said
 * otherwise. Thread-safe.
 */
public final class AuthenticationDevice implements AutoCloseable {

  private static final int MOST_TRIES = 20;
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS);

  private final HttpServer server;
  private final HttpClient client = HttpClient.newHttpClient();
  private final Set<String> refusing = ConcurrentHashMap.newKeySet();
  private final AtomicInteger timesAsked = new AtomicInteger();
  private volatile CompletableFuture<Integer> lastAnswer = new CompletableFuture<>();
  private volatile URI callback;

  AuthenticationDevice() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::asked);
    server.start();
  }

  /** From now on this person declines. */
  public void refuse(Person person) {
    refusing.add(person.username());
  }

  /** From now on this person agrees again. */
  public void agree(Person person) {
    refusing.remove(person.username());
  }

  /** How often anybody was asked. */
  int timesAsked() {
    return timesAsked.get();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  void answerTo(URI keycloakCallback) {
    callback = keycloakCallback;
  }

  private void asked(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    CompletableFuture<Integer> answered = new CompletableFuture<>();
    lastAnswer = answered;
    timesAsked.incrementAndGet();
    exchange.sendResponseHeaders(201, -1);
    exchange.close();
    HttpRequest answer =
        answerOf(authorization, refusing.contains(hint(body)) ? "UNAUTHORIZED" : "SUCCEED");
    CompletableFuture.runAsync(() -> send(answer, MOST_TRIES, answered), LATER);
  }

  /** Again while Keycloak has not yet kept what it asked. */
  private void send(HttpRequest answer, int tries, CompletableFuture<Integer> answered) {
    client
        .sendAsync(answer, BodyHandlers.discarding())
        .thenAccept(
            response -> {
              if (response.statusCode() != 200 && tries > 1) {
                CompletableFuture.runAsync(() -> send(answer, tries - 1, answered), LATER);
              } else {
                answered.complete(response.statusCode());
              }
            });
  }

  /** Waits for the answer of who was asked last to be at Keycloak; the status that it got. */
  int awaitAnswer() {
    return lastAnswer.orTimeout(10, TimeUnit.SECONDS).join();
  }

  private HttpRequest answerOf(String authorization, String status) {
    return HttpRequest.newBuilder(callback)
        .header("Authorization", authorization)
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(JSONObjectUtils.toJSONString(Map.of("status", status))))
        .build();
  }

  private static String hint(String body) throws IOException {
    try {
      return JSONObjectUtils.getString(JSONObjectUtils.parse(body), "login_hint");
    } catch (ParseException e) {
      throw new IOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
