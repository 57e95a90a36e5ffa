package dev.everbearer.demo;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What became of the calls. Thread-safe. Times are nanoseconds since the start of the run. */
final class CallLog {

  /** A start this long after its due time is a late one; below it the machine is just busy. */
  static final long LATE = 50_000_000L;

  private static final int DIGITS = 3;
  private static final double MICROS_PER_MILLI = 1000;

  private final Histogram sinceDue = new ConcurrentHistogram(DIGITS);
  private final Histogram sinceStart = new ConcurrentHistogram(DIGITS);
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong lateStarts = new AtomicLong();
  private final AtomicLong latestStart = new AtomicLong();
  private final AtomicLong lastEnd = new AtomicLong();
  private final AtomicReference<@Nullable String> firstFailure = new AtomicReference<>();
  private final Rates rates;

  CallLog(Rates rates) {
    this.rates = rates;
  }

  /**
   * Notes a call that ended.
   *
   * @param failure what went wrong; null when it was answered with 200
   */
  void ended(long due, long started, long ended, @Nullable String failure) {
    calls.incrementAndGet();
    if (failure != null) {
      failed.incrementAndGet();
      firstFailure.compareAndSet(null, failure);
    }
    long lateness = started - due;
    if (lateness > LATE) {
      lateStarts.incrementAndGet();
    }
    latestStart.accumulateAndGet(lateness, Math::max);
    lastEnd.accumulateAndGet(ended, Math::max);
    sinceDue.recordValue((ended - due) / 1000);
    sinceStart.recordValue((ended - started) / 1000);
    rates.count(ended, failure == null);
  }

  long calls() {
    return calls.get();
  }

  long failed() {
    return failed.get();
  }

  long lateStarts() {
    return lateStarts.get();
  }

  long latestStartNanos() {
    return latestStart.get();
  }

  long lastEnd() {
    return lastEnd.get();
  }

  /** The first failure in words; null when none failed. */
  @Nullable String firstFailure() {
    return firstFailure.get();
  }

  /** Milliseconds from the moment when a call was due, so that a late start counts. */
  double millisSinceDue(double percentile) {
    return sinceDue.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
  }

  /** Milliseconds from the moment when a call was really begun. */
  double millisSinceStart(double percentile) {
    return sinceStart.getValueAtPercentile(percentile) / MICROS_PER_MILLI;
  }
}
