package dev.everbearer;

import dev.everbearer.renewal.internal.Timing;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The wait for a client in place of another. Each who waits has a limit, a timer and an exception
 * of its own; the registration goes on for the others. Thread-safe.
 */
final class Succession {

  private final CompletableFuture<Generation> flight;
  private final Supplier<Timing> timing;

  /**
   * A wait.
   *
   * @param flight brings the client
   */
  Succession(CompletableFuture<Generation> flight, Supplier<Timing> timing) {
    this.flight = flight;
    this.timing = timing;
  }

  /**
   * Blocks until it is there.
   *
   * @throws OAuthException when it does not come, or not in time; an interrupt keeps its flag
   */
  Generation await(Duration maxWait) {
    try {
      // Nothing foreign hangs on it, and the threads of foreign code may all be waiting here.
      return waiting(maxWait, engine -> Runnable::run).get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw TokenTimeoutException.interrupted();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof OAuthException known
          ? known
          : new IllegalStateException(e.getCause());
    }
  }

  /** The same for a caller that does not block. */
  CompletionStage<Generation> within(Duration maxWait) {
    return waiting(maxWait, Timing::callbacks).minimalCompletionStage();
  }

  /**
   * Waits.
   *
   * @param completing runs what ends the wait
   */
  private CompletableFuture<Generation> waiting(
      Duration maxWait, Function<Timing, Executor> completing) {
    CompletableFuture<Generation> waiting = new CompletableFuture<>();
    if (flight.isDone()) {
      CompletableFuture<Generation> unused =
          flight.whenComplete((made, error) -> complete(waiting, made, error));
      return waiting;
    }
    Timing engine = timing.get();
    Executor executor = completing.apply(engine);
    Future<?> limit =
        engine
            .scheduler()
            .schedule(
                () -> handOver(executor, () -> waiting.completeExceptionally(late(maxWait))),
                TimeUnit.NANOSECONDS.convert(maxWait),
                TimeUnit.NANOSECONDS);
    CompletableFuture<Generation> unused =
        flight.whenComplete(
            (made, error) -> {
              limit.cancel(false);
              handOver(executor, () -> complete(waiting, made, error));
            });
    return waiting;
  }

  /** What hangs on the stage may be foreign code. */
  private static void handOver(Executor executor, Runnable completion) {
    try {
      executor.execute(completion);
    } catch (RuntimeException e) {
      // An executor that takes nothing any more must not leave the caller waiting.
      completion.run();
    }
  }

  private static void complete(
      CompletableFuture<Generation> waiting, @Nullable Generation made, @Nullable Throwable error) {
    if (made != null) {
      waiting.complete(made);
    } else if (error != null) {
      waiting.completeExceptionally(own(error));
    }
  }

  /** Each caller gets an exception of its own. */
  private static Throwable own(Throwable error) {
    if (error instanceof SourceClosedException) {
      return new SourceClosedException();
    }
    return error instanceof OAuthException known
        ? known.failure().<Throwable>map(Failure::toException).orElse(known)
        : error;
  }

  private static TokenTimeoutException late(Duration maxWait) {
    return TokenTimeoutException.after(
        maxWait,
        1,
        Failure.builder(
                FailureKind.UNCLEAR,
                "The registration of this client is not good any more (the server refused it by"
                    + " invalid_client, or its secret has ended), and the server has not yet"
                    + " answered to renewing it. That goes on; try again later, or allow a longer"
                    + " wait.")
            .build());
  }
}
