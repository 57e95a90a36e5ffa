package dev.everbearer;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All in this process that register at one issuer take turns, and are remembered only while they
 * do. Who waits while another fails for a reason that is everybody's, fails with it: otherwise the
 * last in a row would wait for as many answers that do not come. Thread-safe.
 */
final class Turn {

  private static final ConcurrentMap<String, Turn> BY_ISSUER = new ConcurrentHashMap<>();

  private final ReentrantLock lock = new ReentrantLock();
  private int users; // guarded by the map
  private final AtomicInteger failures = new AtomicInteger();
  private @Nullable Failure lastFailure; // guarded by lock

  private Turn() {}

  /**
   * Works when it is our turn.
   *
   * @throws OAuthException what the work throws, or the one before it in this row
   * @throws InterruptedException when interrupted before
   */
  static <T> T take(String issuer, Supplier<T> work) throws InterruptedException {
    Turn turn = BY_ISSUER.compute(issuer, (key, known) -> joined(known));
    try {
      int seen = turn.failures.get();
      turn.lock.lockInterruptibly();
      return turn.done(work, seen);
    } finally {
      BY_ISSUER.computeIfPresent(issuer, (key, known) -> left(known));
    }
  }

  /** Works if nobody else does. */
  static void takeIfFree(String issuer, Runnable work) {
    Turn turn = BY_ISSUER.compute(issuer, (key, known) -> joined(known));
    try {
      if (turn.lock.tryLock()) {
        try {
          work.run();
        } finally {
          turn.lock.unlock();
        }
      }
    } finally {
      BY_ISSUER.computeIfPresent(issuer, (key, known) -> left(known));
    }
  }

  /** Whether somebody works or waits at an issuer. */
  static boolean isKnown(String issuer) {
    return BY_ISSUER.containsKey(issuer);
  }

  private static Turn joined(@Nullable Turn known) {
    Turn turn = known == null ? new Turn() : known;
    turn.users++;
    return turn;
  }

  private static @Nullable Turn left(Turn turn) {
    turn.users--;
    return turn.users == 0 ? null : turn;
  }

  private <T> T done(Supplier<T> work, int seen) {
    try {
      Failure shared = lastFailure;
      if (shared != null && failures.get() != seen) {
        throw shared.toException();
      }
      return attempted(work);
    } finally {
      lock.unlock();
    }
  }

  /** Only what is attempted fails anew. */
  private <T> T attempted(Supplier<T> work) {
    try {
      return work.get();
    } catch (OAuthException e) {
      remember(e);
      throw e;
    }
  }

  private void remember(OAuthException e) {
    e.failure()
        .filter(failure -> isEverybodys(failure.kind()))
        .ifPresent(
            failure -> {
              lastFailure = failure;
              int unused = failures.incrementAndGet();
            });
  }

  private static boolean isEverybodys(FailureKind kind) {
    return kind.isTransient() || kind == FailureKind.UNTRUSTED_SERVER;
  }
}
