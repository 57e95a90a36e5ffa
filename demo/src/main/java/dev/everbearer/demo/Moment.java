package dev.everbearer.demo;

import dev.everbearer.token.TokenState;
import org.jspecify.annotations.Nullable;

/**
 * A run at one moment, for the eyes of a person.
 *
 * @param elapsed since the start of the run, in nanoseconds
 * @param callsPerSecond calls that ended in the last second
 * @param failed calls that failed so far
 * @param token the age of the token in hand and what is left of it; null while there is none
 * @param state of the token source
 * @param renewals tokens obtained after the first
 * @param isOutage whether the token endpoint refuses
 */
record Moment(
    long elapsed,
    long callsPerSecond,
    long failed,
    @Nullable Age token,
    TokenState state,
    long renewals,
    boolean isOutage) {

  /**
   * The age of a token.
   *
   * @param since its beginning, in nanoseconds
   * @param left until its end; negative when it is over
   */
  record Age(long since, long left) {}

  /** In one line that fits a terminal of 80 columns. */
  String line() {
    return "%6s  %d/s  failed %d  %s %s  renewed %d%s"
        .formatted(
            Words.seconds(elapsed),
            callsPerSecond,
            failed,
            tokenText(),
            state,
            renewals,
            isOutage ? "  OUTAGE" : "");
  }

  private String tokenText() {
    if (token == null) {
      return "no token";
    }
    String age = "token %ss old".formatted(tenths(token.since()));
    return age + (token.left() > 0 ? " %ss left".formatted(tenths(token.left())) : " over");
  }

  private static String tenths(long nanos) {
    return Words.seconds(nanos).replace(" s", "");
  }
}
