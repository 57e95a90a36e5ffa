package dev.everbearer;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;

import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.awaitility.Awaitility;

/** Clients that know their server by its metadata, and calls that wait by a settable clock. */
final class AtIssuer {

  private AtIssuer() {}

  /** A client with a Basic header, registered at the server. */
  static OAuthClientBuilder clientOf(ScriptedAuthorizationServer server) {
    server.registerClient(ID, SECRET);
    return OAuthClient.builder().issuer(server.issuer().toString()).clientSecretBasic(ID, SECRET);
  }

  /** The same on a clock; jitter is off. */
  static OAuthClientBuilder clientOf(ScriptedAuthorizationServer server, SettableClock clock) {
    return clientOf(server)
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .random(() -> 0.5);
  }

  /** Does what waits by the clock: the clock goes on while it waits, and until it is done. */
  static void advancing(SettableClock clock, Duration step, Runnable work) {
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(work, task -> new Thread(task).start());
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              if (!done.isDone() && clock.nextTaskIn().isPresent()) {
                clock.advance(step);
              }
              return done.isDone();
            });
    try {
      done.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }
}
