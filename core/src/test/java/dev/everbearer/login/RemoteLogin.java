package dev.everbearer.login;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Clients that wait by a clock which moves on by itself: whoever waits for a time has waited at
 * once. So a login on another device takes no time, and its pauses can be measured to the second.
 */
final class RemoteLogin {

  /** Lets a wait pass on the clock, on the thread that waits. */
  private static final class Waiting extends ScheduledThreadPoolExecutor {

    /** What lies further ahead is the renewal of a token, and nobody waits for that. */
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(2);

    private final SettableClock clock;
    private final Runnable beforeEnd;

    Waiting(SettableClock clock, Runnable beforeEnd) {
      super(1);
      this.clock = clock;
      this.beforeEnd = beforeEnd;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      ScheduledFuture<?> scheduled = clock.scheduler().schedule(command, delay, unit);
      if (unit.toNanos(delay) <= LONGEST_PAUSE.toNanos()) {
        clock.advance(Duration.ofNanos(unit.toNanos(delay)));
        beforeEnd.run();
      }
      return scheduled;
    }
  }

  private RemoteLogin() {}

  /** Waits by a clock that moves on by itself. */
  static void byClock(OAuthClientBuilder builder, SettableClock clock) {
    builder.clocks(clock, clock::nanoTime).scheduler(new Waiting(clock, () -> {}));
  }

  /** A client that knows the server's metadata. */
  static OAuthClientBuilder client(ScriptedAuthorizationServer server, SettableClock clock) {
    return client(server, clock, () -> {});
  }

  /** As before; something happens at the end of each wait. */
  static OAuthClientBuilder client(
      ScriptedAuthorizationServer server, SettableClock clock, Runnable atEndOfWait) {
    server.registerClient(ID, SECRET);
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clientSecretBasic(ID, SECRET)
        .clocks(clock, clock::nanoTime)
        .random(() -> 0.5)
        .scheduler(new Waiting(clock, atEndOfWait));
  }

  /** The seconds between the request that began the login, and each question after it. */
  static List<Long> gaps(ScriptedAuthorizationServer server, String endpoint) {
    List<Instant> arrivals = new ArrayList<>();
    arrivals.add(onlyRequest(server, endpoint).arrival());
    server.tokenRequests().forEach(request -> arrivals.add(request.arrival()));
    List<Long> gaps = new ArrayList<>();
    for (int i = 1; i < arrivals.size(); i++) {
      gaps.add(Duration.between(arrivals.get(i - 1), arrivals.get(i)).toSeconds());
    }
    return gaps;
  }

  /** The one request to an endpoint. */
  static RecordedRequest onlyRequest(ScriptedAuthorizationServer server, String endpoint) {
    assertThat(server.requestsTo(endpoint)).hasSize(1);
    return server.requestsTo(endpoint).get(0);
  }
}
