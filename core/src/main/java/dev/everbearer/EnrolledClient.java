package dev.everbearer;

import dev.everbearer.client.ClientRegistration;
import dev.everbearer.renewal.internal.Hesitation;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.SourceClosedException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.DoubleSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A client that registered itself. When its server does not take its registration any more ({@code
 * invalid_client}), another client takes its place: with what somebody else has kept meanwhile, an
 * updated registration, or a new one. One attempt is under way at a time, on a thread of its own,
 * and all who need it wait for it by their own limits; after a failure nobody tries for a while.
 * Thread-safe.
 */
final class EnrolledClient implements AutoCloseable {

  private static final String UNKNOWN = "invalid_client";

  /**
   * Time, threads and chance.
   *
   * @param registering runs what has to wait for the server
   * @param maxWait of callers that set no limit
   */
  record Means(
      Executor registering,
      InstantSource wall,
      LongSupplier nanoTime,
      DoubleSupplier random,
      Duration maxWait) {}

  private final Enrolment enrolment;
  private final Function<ClientRegistration, OAuthClient> clients;
  private final Means means;
  private final Generation first;
  private final Hesitation hesitation;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Generation current; // written under the lock
  private volatile @Nullable Generation previous; // written under the lock
  private @Nullable CompletableFuture<Generation> flight; // guarded by lock
  private boolean isClosed; // guarded by lock

  /**
   * Registers, unless that is done.
   *
   * @param clients makes the client of a registration
   * @throws OAuthException when there is no registration
   * @throws InterruptedException when interrupted
   */
  EnrolledClient(
      Enrolment enrolment, Function<ClientRegistration, OAuthClient> clients, Means means)
      throws InterruptedException {
    this.enrolment = enrolment;
    this.clients = clients;
    this.means = means;
    ClientRegistration registration = enrolment.registration().registration();
    this.first =
        new Generation(clients.apply(registration), registration, means.wall().instant(), true);
    this.current = first;
    this.hesitation = new Hesitation(means.nanoTime(), means.random());
  }

  /** The client as it is registered now. */
  Generation current() {
    return current;
  }

  /** How long callers wait that set no limit. */
  Duration maxWait() {
    return means.maxWait();
  }

  /** Whether another registration helps against a failure of a client. */
  boolean canReplace(Generation used, OAuthException failed) {
    return failed.failure().flatMap(Failure::error).filter(UNKNOWN::equals).isPresent()
        && (used != current || used.isReplaceable(means.wall().instant()));
  }

  /** The one that takes the place of another, for callers that wait by their own limits. */
  Succession successorOf(Generation used) {
    return new Succession(flightFrom(used), first.client()::timing);
  }

  /** What is under way, and is begun if nothing is. */
  private CompletableFuture<Generation> flightFrom(Generation used) {
    CompletableFuture<Generation> begun;
    lock.lock();
    try {
      if (isClosed) {
        return CompletableFuture.failedFuture(new SourceClosedException());
      }
      Generation known = current;
      if (known != used) {
        return CompletableFuture.completedFuture(known);
      }
      if (flight != null) {
        return flight;
      }
      Failure reason = hesitation.reason().orElse(null);
      if (reason != null) {
        return CompletableFuture.failedFuture(reason.toException());
      }
      begun = new CompletableFuture<>();
      flight = begun;
    } finally {
      lock.unlock();
    }
    begin(begun, used);
    return begun;
  }

  private void begin(CompletableFuture<Generation> begun, Generation used) {
    try {
      means.registering().execute(() -> succeed(begun, used));
    } catch (RuntimeException | Error e) {
      fail(begun, e);
    }
  }

  private void succeed(CompletableFuture<Generation> begun, Generation used) {
    try {
      Enrolment.Outcome outcome = enrolment.inPlaceOf(used.registration());
      ClientRegistration registration = outcome.registration();
      Generation successor =
          new Generation(
              clients.apply(registration), registration, means.wall().instant(), !outcome.isNew());
      hesitation.succeeded();
      publish(successor);
      begun.complete(successor);
    } catch (RuntimeException | InterruptedException | Error e) {
      fail(begun, e);
    }
  }

  private void publish(Generation successor) {
    Generation old;
    lock.lock();
    try {
      flight = null;
      if (isClosed) {
        old = successor;
      } else {
        // Whoever still asks the one before gets an answer.
        old = previous;
        previous = current;
        current = successor;
      }
    } finally {
      lock.unlock();
    }
    close(old);
  }

  /** The first one stays open, for HTTP clients were made by it. */
  private void close(@Nullable Generation old) {
    if (old != null && old != first) {
      old.client().close();
    }
  }

  private void fail(CompletableFuture<Generation> begun, Throwable error) {
    Failure failure =
        error instanceof OAuthException known ? known.failure().orElse(null) : unexpected(error);
    lock.lock();
    try {
      flight = null;
      if (failure != null) {
        hesitation.failed(failure);
      }
    } finally {
      lock.unlock();
    }
    begun.completeExceptionally(failure == null ? error : failure.toException());
  }

  private static Failure unexpected(Throwable error) {
    return Failure.builder(
            FailureKind.SERVER_TROUBLE,
            "The server does not know the client any more, and another one could not be made in its"
                + " place. The cause says why.")
        .cause(error)
        .build();
  }

  @Override
  public void close() {
    CompletableFuture<Generation> pending;
    lock.lock();
    try {
      isClosed = true;
      pending = flight;
    } finally {
      lock.unlock();
    }
    if (pending != null) {
      pending.completeExceptionally(new SourceClosedException());
    }
    close(previous);
    close(current);
    first.client().close();
    enrolment.flush();
  }
}
