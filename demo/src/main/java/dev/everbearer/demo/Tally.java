package dev.everbearer.demo;

import dev.everbearer.token.RenewalListener;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** Counts what the library tells of its renewals. Thread-safe. */
final class Tally implements RenewalListener {

  private final List<HeldToken> tokens = new CopyOnWriteArrayList<>();
  private final List<Instant> failures = new CopyOnWriteArrayList<>();
  private final CountDownLatch firstToken = new CountDownLatch(1);
  private final AtomicLong backgroundRenewals = new AtomicLong();
  private final AtomicLong waited = new AtomicLong();
  private final AtomicLong longestWait = new AtomicLong();
  private final AtomicLong healed = new AtomicLong();
  private volatile @Nullable HeldToken current;

  @Override
  public void obtained(Obtained event) {
    HeldToken token = HeldToken.of(event.token());
    tokens.add(token);
    current = token;
    if (event.isBackground()) {
      backgroundRenewals.incrementAndGet();
    }
    firstToken.countDown();
  }

  @Override
  public void failed(Failed event) {
    failures.add(Instant.now());
  }

  @Override
  public void waited(Waited event) {
    waited.incrementAndGet();
    longestWait.accumulateAndGet(event.time().toNanos(), Math::max);
  }

  @Override
  public void healed(Healed event) {
    healed.incrementAndGet();
  }

  /** Waits for the first token; says whether it came. */
  boolean awaitFirstToken(Duration limit) throws InterruptedException {
    return firstToken.await(limit.toNanos(), TimeUnit.NANOSECONDS);
  }

  /** The token obtained last. */
  @Nullable HeldToken current() {
    return current;
  }

  List<HeldToken> tokens() {
    return List.copyOf(tokens);
  }

  /** When attempts to obtain a token failed. */
  List<Instant> failures() {
    return List.copyOf(failures);
  }

  long backgroundRenewals() {
    return backgroundRenewals.get();
  }

  /** How often a call had to wait for a token, also for the one that replaced a refused one. */
  long waited() {
    return waited.get();
  }

  long longestWaitNanos() {
    return longestWait.get();
  }

  long healed() {
    return healed.get();
  }
}
