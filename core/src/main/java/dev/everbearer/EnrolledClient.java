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

  /** Whether the secret of a client has ended, and may be renewed. */
  boolean isOver(Generation used) {
    return used.hasEnd() && used.isOver(means.wall().instant());
  }

  /** Whether another registration helps against a failure of a client. */
  boolean canReplace(Generation used, OAuthException failed) {
    return failed.failure().flatMap(Failure::error).filter(UNKNOWN::equals).isPresent()
        && (used != current || used.isReplaceable(means.wall().instant()));
  }

  /** The one in place of another that the server refuses. */
  Succession successorOf(Generation refused) {
    return new Succession(
        flight(refused, () -> enrolment.inPlaceOf(refused.registration())), first.client()::timing);
  }

  /** The one in place of another whose secret has ended; the same when it cannot be renewed. */
  Succession renewed(Generation over) {
    return new Succession(flight(over, enrolment::registration), first.client()::timing);
  }

  /** What is under way, and is begun if nothing is. */
  private CompletableFuture<Generation> flight(
      Generation used, Blocking.Work<Enrolment.Outcome> work) {
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
    begin(new Attempt(begun, used, work));
    return begun;
  }

  /** One attempt to put another generation in the place of one. */
  private record Attempt(
      CompletableFuture<Generation> flight,
      Generation used,
      Blocking.Work<Enrolment.Outcome> work) {}

  private void begin(Attempt attempt) {
    try {
      means.registering().execute(() -> carryOut(attempt));
    } catch (RuntimeException | Error e) {
      fail(attempt, e);
    }
  }

  private void carryOut(Attempt attempt) {
    try {
      Enrolment.Outcome outcome = attempt.work().done();
      Generation used = attempt.used();
      boolean isSame = KeptRegistration.isSameClient(outcome.registration(), used.registration());
      if (isSame) {
        used.renewedInVain();
      }
      Generation successor = isSame ? used : generation(outcome);
      hesitation.succeeded();
      publish(successor);
      attempt.flight().complete(successor);
    } catch (RuntimeException | InterruptedException | Error e) {
      fail(attempt, e);
    }
  }

  private Generation generation(Enrolment.Outcome outcome) {
    ClientRegistration registration = outcome.registration();
    return new Generation(
        clients.apply(registration), registration, means.wall().instant(), !outcome.isNew());
  }

  private void publish(Generation successor) {
    Generation old = null;
    lock.lock();
    try {
      flight = null;
      if (isClosed) {
        old = successor;
      } else if (successor != current) {
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

  private void fail(Attempt attempt, Throwable error) {
    attempt.used().renewedInVain();
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
    attempt.flight().completeExceptionally(failure == null ? error : failure.toException());
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
