package dev.everbearer;

import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;

/** A client on a settable clock, with its events kept. Jitter is off. */
final class ClockedClient implements AutoCloseable {

  final SettableClock clock;
  final ScriptedAuthorizationServer server;
  final OAuthClient client;
  final List<Object> events = new CopyOnWriteArrayList<>();

  ClockedClient(SettableClock clock, ScriptedAuthorizationServer server) {
    this.clock = clock;
    this.server = server;
    server.registerClient("id", "secret");
    this.client = builder().build();
  }

  OAuthClientBuilder builder() {
    return OAuthClient.builder()
        .tokenEndpoint(server.tokenEndpoint().toString())
        .clientSecretBasic("id", "secret")
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .random(() -> 0.5)
        .exchangeTimeout(Duration.ofSeconds(5))
        .listener(new KeptEvents(events));
  }

  TokenSource source() {
    return client.tokens(Grant.clientCredentials());
  }

  /** The first token; on a busy machine its exchange may need a second attempt. */
  AccessToken firstToken(TokenSource source) {
    CompletableFuture<AccessToken> first = source.tokenAsync().toCompletableFuture();
    try {
      return first.get(8, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      return advanceUntilDone(first, Duration.ofMillis(100));
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  /** Moves the clock in steps until a future is done; real time passes only for real I/O. */
  AccessToken advanceUntilDone(CompletableFuture<AccessToken> future, Duration step) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              if (!future.isDone()) {
                clock.advance(step);
              }
              return future.isDone();
            });
    return future.join();
  }

  /** Waits, in real time, until the source holds a token other than the given one. */
  static void awaitSuccessor(TokenSource source, AccessToken old) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(10))
        .until(() -> !source.token(Duration.ZERO).equals(old));
  }

  <T> List<T> eventsOf(Class<T> type) {
    return events.stream().filter(type::isInstance).map(type::cast).toList();
  }

  @Override
  public void close() {
    client.close();
  }
}
