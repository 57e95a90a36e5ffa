package dev.everbearer.cli;

import dev.everbearer.token.RenewalListener;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Tells attempts to obtain a token as they fail: the first always, the others on demand. */
final class AttemptTeller implements RenewalListener {

  private final Surroundings around;
  private final boolean isVerbose;
  private final long deadline;
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicInteger tokens = new AtomicInteger();

  AttemptTeller(Surroundings around, boolean isVerbose, Duration patience) {
    this.around = around;
    this.isVerbose = isVerbose;
    this.deadline = System.nanoTime() + patience.toNanos();
  }

  @Override
  public void failed(Failed event) {
    int number = failures.incrementAndGet();
    if (!isVerbose && number > 1) {
      return;
    }
    String next = isLast(event) ? "" : again(event.nextAttemptIn());
    if (isVerbose || !next.isEmpty()) {
      String what = ShellAdvice.of(event.failure().message());
      around.say("Attempt %d failed: %s%s".formatted(number, what, next));
    }
  }

  /** Whether no further attempt is made: the command is about to end with this failure. */
  private boolean isLast(Failed event) {
    long next = System.nanoTime() + event.nextAttemptIn().toNanos();
    return !event.failure().kind().isTransient() || next - deadline >= 0;
  }

  private static String again(Duration wait) {
    return " Trying again in " + DurationConverter.format(wait) + ".";
  }

  @Override
  public void obtained(Obtained event) {
    tokens.incrementAndGet();
    if (isVerbose) {
      around.say(
          "Obtained a %s (attempt %d).".formatted(event.token(), Math.max(1, event.attempts())));
    }
  }

  @Override
  public void healed(Healed event) {
    if (isVerbose) {
      around.say(event.origin() + " refused the first token and accepted a renewed one.");
    }
  }

  boolean hasSpoken() {
    return failures.get() > 0;
  }

  int tokensObtained() {
    return tokens.get();
  }
}
