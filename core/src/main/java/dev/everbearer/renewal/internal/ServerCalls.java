package dev.everbearer.renewal.internal;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Calls to the authorization server that may be repeated: within the client's cap on calls under
 * way, for as long as their caller waits. Thread-safe.
 */
public final class ServerCalls {

  private final Semaphore exchanges;
  private final Duration exchangeTimeout;
  private final Repetition repetition;

  /**
   * The calls of one client.
   *
   * @param exchanges caps the concurrent calls to the server
   * @param exchangeTimeout the longest exchange, body included
   */
  public ServerCalls(Semaphore exchanges, Duration exchangeTimeout, Timing timing) {
    this.exchanges = exchanges;
    this.exchangeTimeout = exchangeTimeout;
    this.repetition = new Repetition(timing);
  }

  /**
   * The result of the first call that succeeds.
   *
   * @param maxWait for all calls and pauses together
   * @throws dev.everbearer.token.OAuthException the last failure, when it is not one that passes,
   *     or time is up
   * @throws InterruptedException when interrupted
   */
  public <T> T make(Repetition.Call<T> call, Duration maxWait) throws InterruptedException {
    return repetition.of(left -> once(call, shorter(left)), maxWait);
  }

  private <T> T once(Repetition.Call<T> call, Duration left) throws InterruptedException {
    if (!exchanges.tryAcquire(left.toNanos(), TimeUnit.NANOSECONDS)) {
      throw Failure.builder(
              FailureKind.SERVER_TROUBLE,
              "Too many calls to the authorization server are under way. Allow more with"
                  + " maxConcurrentExchanges(...), or ask less often.")
          .build()
          .toException();
    }
    try {
      return call.make(left);
    } finally {
      exchanges.release();
    }
  }

  private Duration shorter(Duration left) {
    return left.compareTo(exchangeTimeout) < 0 ? left : exchangeTimeout;
  }
}
