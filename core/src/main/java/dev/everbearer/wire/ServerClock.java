package dev.everbearer.wire;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The clock of a server, as the {@code Date} of its answers shows it (RFC 9110 section 6.6.1). */
public final class ServerClock {

  /** A date has whole seconds, and an answer takes its time. */
  private static final Duration TOLERANCE = Duration.ofSeconds(10);

  private ServerClock() {}

  /** The server's time when it answered; ours when it does not say. */
  static Instant at(HttpAnswer answer) {
    Instant theirs = answer.header("date").map(String::trim).map(HttpDate::parse).orElse(null);
    return theirs == null ? answer.receivedAt() : theirs;
  }

  /**
   * How far it is ahead of ours, negative when behind; null when they agree within ten seconds, or
   * the answer does not say.
   *
   * @param date the value of the {@code Date} field; null when there was none
   * @param receivedAt when the answer came, by this machine's wall clock
   */
  public static @Nullable Duration ahead(@Nullable String date, Instant receivedAt) {
    Instant theirs = date == null ? null : HttpDate.parse(date.trim());
    if (theirs == null) {
      return null;
    }
    Duration ahead = Duration.between(receivedAt, theirs);
    return ahead.abs().compareTo(TOLERANCE) <= 0 ? null : ahead;
  }

  /** A sentence about it that begins with a space; empty when {@link #ahead} says nothing. */
  public static String hint(@Nullable String date, Instant receivedAt) {
    Duration ahead = ahead(date, receivedAt);
    return ahead == null
        ? ""
        : " This machine's clock is %d s %s the server's, which is more than most servers take: set"
                .formatted(ahead.abs().toSeconds(), ahead.isNegative() ? "ahead of" : "behind")
            + " it.";
  }
}
