package dev.everbearer.demo;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A run as a summary for a person. */
final class TextReport {

  private static final int MAX_FAILURES = 20;
  private static final String BUSY = "due, but all threads were busy until the end";

  private final RunResult run;
  private final List<String> lines = new ArrayList<>();

  private TextReport(RunResult run) {
    this.run = run;
  }

  static String of(RunResult run) {
    TextReport report = new TextReport(run);
    report.headline();
    report.calls();
    report.tokens();
    report.latency();
    report.waiting();
    report.lazyClient();
    report.chaos();
    return String.join(System.lineSeparator(), report.lines);
  }

  private void headline() {
    if (run.chaos() == null) {
      troubles();
    } else {
      lines.add(
          "Called a protected API for %s through chaos by seed %d:"
              .formatted(Words.seconds(run.length()), run.chaos().seed()));
      lines.add(
          "%s of the token endpoint, %s, %s of the wall clock."
              .formatted(
                  Words.many(run.chaos().faultTurns(), "fault"),
                  Words.many(run.chaos().revocations(), "revocation"),
                  Words.many(run.chaos().clockSteps(), "step")));
    }
    lines.add("");
  }

  private void troubles() {
    Span outage = run.timeline().outage();
    String way =
        outage.isEmpty()
            ? "without an outage"
            : "through an outage of %s (%s to %s)"
                .formatted(
                    Words.seconds(outage.length()),
                    Words.seconds(outage.from()),
                    Words.seconds(outage.until()));
    Long revokedAt = run.timeline().revokedAt();
    String revocation =
        revokedAt == null
            ? "no token was revoked"
            : "all tokens were revoked at " + Words.seconds(revokedAt);
    lines.add("Called a protected API for %s, %s;".formatted(Words.seconds(run.length()), way));
    lines.add(revocation + ".");
  }

  private void calls() {
    CallLog calls = run.calls();
    row("Calls", calls.calls(), "%.1f a second".formatted(calls.calls() / run.seconds()));
    row("Failed calls", calls.failed(), calls.firstFailure());
    if (calls.lateStarts() > 0) {
      row("Late starts", calls.lateStarts(), lateness(calls));
    }
    if (run.callsNotMade() > 0) {
      row("Calls not made", run.callsNotMade(), run.wasStuck() ? stuck(calls) : BUSY);
    }
  }

  private String stuck(CallLog calls) {
    return "due, but threads were held up by as much as %s; a call waits for %s at most"
        .formatted(
            Words.seconds((long) (calls.millisSinceStart(100) * 1e6)), Words.plain(run.maxWait()));
  }

  private String lateness(CallLog calls) {
    String busy = run.threads() == 1 ? "the one thread was" : "all %d threads were";
    return "the latest by %s, while %s held up"
        .formatted(Words.seconds(calls.latestStartNanos()), busy.formatted(run.threads()));
  }

  private void tokens() {
    Tally tally = run.tally();
    row("Tokens obtained", tally.tokens().size(), null);
    row(
        "Token requests",
        run.tokenRequests(),
        "as the server counted; it refused %d of them".formatted(run.requestsRefused()));
    row("Renewals in background", tally.backgroundRenewals(), null);
    row(
        "Calls that waited",
        tally.waited(),
        tally.waited() == 0 ? null : "the longest " + Words.millis(tally.longestWaitNanos() / 1e6));
    row("401s healed", tally.healed(), null);
  }

  private void latency() {
    CallLog calls = run.calls();
    lines.add("");
    latency("Latency from when due", calls.millisSinceDue(50), calls.millisSinceDue(99));
    latency("Latency from the start", calls.millisSinceStart(50), calls.millisSinceStart(99));
  }

  /** Says why numbers that look bad are not. */
  private void waiting() {
    Span outage = run.timeline().outage();
    boolean isOutlasted =
        run.timeline().tokens().stream().anyMatch(token -> outage.contains(token.until()));
    if (isOutlasted && run.tally().waited() > 0 && run.calls().failed() == 0) {
      lines.add("");
      lines.add("The outage outlasted the token, so calls waited for the next one instead of");
      lines.add("failing: late starts and long latencies are those waits.");
    }
  }

  private void lazyClient() {
    if (run.timeline().outage().isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("A client that asks for a new token only when the old one is gone would have failed");
    lines.add(
        run.lazyFailures() == 0
            ? "none of these calls: its token happened to outlive the outage."
            : "%s of these calls: those due in the outage after the end of its token."
                .formatted(Words.count(run.lazyFailures())));
  }

  private void chaos() {
    ChaosResult chaos = run.chaos();
    if (chaos == null) {
      return;
    }
    lines.add("");
    lines.add("Token requests that met a fault");
    chaos.faults().forEach((label, count) -> lines.add("  %-32s%6d".formatted(label, count)));
    lines.add("");
    footprints(chaos.footprints());
    failures(chaos.failures());
  }

  private void failures(List<String> failures) {
    failures.stream().limit(MAX_FAILURES).forEach(failure -> lines.add("Failed: " + failure));
    if (failures.size() > MAX_FAILURES) {
      lines.add("Only the first %d failed calls are listed.".formatted(MAX_FAILURES));
    }
  }

  private void footprints(Footprints footprints) {
    lines.add("At the start   " + footprints.start().line());
    if (footprints.middle() != null) {
      lines.add("In the middle  " + footprints.middle().line());
    }
    lines.add(
        "At the end     %s, %d at most"
            .formatted(footprints.end().line(), footprints.maxThreads()));
    if (footprints.middle() != null) {
      lines.add(verdict(footprints));
    }
  }

  private static String verdict(Footprints footprints) {
    String bound =
        "%.0f MiB and %d threads"
            .formatted(
                Footprint.mebibytes(Footprints.MAX_HEAP_GROWTH), Footprints.MAX_MORE_THREADS);
    return footprints
        .growth()
        .map(growth -> "NOT STEADY: from the middle on %s (allowed: %s).".formatted(growth, bound))
        .orElse("Steady: from the middle on it grew by no more than " + bound + ".");
  }

  private void row(String name, long value, @Nullable String remark) {
    String start = "  %-23s%9s".formatted(name, Words.count(value));
    lines.add(remark == null ? start : start + "   " + remark);
  }

  private void latency(String name, double median, double high) {
    lines.add("  %-23s p50 %s, p99 %s".formatted(name, Words.millis(median), Words.millis(high)));
  }
}
