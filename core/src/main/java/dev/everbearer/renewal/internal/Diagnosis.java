package dev.everbearer.renewal.internal;

import dev.everbearer.token.Failure;
import java.util.ArrayList;
import java.util.List;

/** Explains the state of a source in words. */
final class Diagnosis {

  private Diagnosis() {}

  /**
   * In words.
   *
   * @param trouble beside the server, as sentences; empty when there is none
   */
  static String of(String name, SourceState state, long now, String trouble) {
    List<String> sentences = new ArrayList<>();
    sentences.add(name + ": " + state.tokenState(now) + ".");
    sentences.add(token(state, now));
    if (state.isClosed()) {
      sentences.add("The source is closed.");
    } else {
      SourceState.Over over = state.over();
      sentences.add(over != null ? over.message() : renewal(state, now));
    }
    if (!trouble.isEmpty()) {
      sentences.add(trouble);
    }
    if (state.waiting() + state.parked() > 0) {
      sentences.add("Callers waiting: " + (state.waiting() + state.parked()) + ".");
    }
    return String.join(" ", sentences);
  }

  private static String token(SourceState state, long now) {
    Held held = state.held();
    if (held == null) {
      return "No token is in hand.";
    }
    if (!held.isUsable(now)) {
      return "The last token ended " + span(now - held.endsAt()) + " ago.";
    }
    return "A token is in hand that ends in " + span(held.endsAt() - now) + ".";
  }

  private static String renewal(SourceState state, long now) {
    SourceState.Flight flight = state.flight();
    Attempts attempts = state.attempts();
    Failure last = attempts.lastFailure();
    String history =
        last == null
            ? ""
            : " %s, the last one %s ago: %s"
                .formatted(
                    failures(attempts.failures()), span(now - attempts.endedAt()), last.message());
    if (flight != null) {
      return "A renewal is under way since " + span(now - flight.startedAt()) + "." + history;
    }
    long wakeIn = state.wakeIn(now);
    if (wakeIn != Long.MAX_VALUE) {
      return "The next renewal is due in " + span(wakeIn) + "." + history;
    }
    return (state.isIdle()
            ? "Nobody used the token, so it is left to end; the next call renews it."
            : "The next call obtains a token.")
        + history;
  }

  private static String failures(int count) {
    return count == 1 ? "One attempt failed" : count + " attempts failed in a row";
  }

  /** A time as people read it. */
  static String span(long nanos) {
    return nanos < 10_000_000_000L ? nanos / 1_000_000 + " ms" : nanos / 1_000_000_000 + " s";
  }
}
