package dev.everbearer.demo;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** What became of the calls. Thread-safe. Times are nanoseconds since the start of the run. */
final class CallLog {

  /** A start this long after its due time is a late one; below it the machine is just busy. */
  static final long LATE = 50_000_000L;

  private static final int DIGITS = 3;

  /** Nobody reads more. */
  private static final int MAX_FAILURES = 100;

  private static final double MICROS_PER_MILLI = 1000;

  private final Histogram sinceDue = new ConcurrentHistogram(DIGITS);
  private final Histogram sinceStart = new ConcurrentHistogram(DIGITS);
  private final AtomicLong calls = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong lateStarts = new AtomicLong();
  private final AtomicLong latestStart = new AtomicLong();
  private final AtomicLong lastEnd = new AtomicLong();
  private final Queue<FailedCall> failures = new ConcurrentLinkedQueue<>();
  private final Rates rates;

  /**
   * A call that failed.
   *
   * @param started when it was begun
   * @param ended when it failed
   * @param failure what went wrong
   */
  record FailedCall(long started, long ended, String failure) {}

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
      if (failed.incrementAndGet() <= MAX_FAILURES) {
        failures.add(new FailedCall(started, ended, failure));
      }
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
    FailedCall first = failures.peek();
    return first == null ? null : first.failure();
  }

  /** The first of the calls that failed. */
  List<FailedCall> failures() {
    return List.copyOf(failures);
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
