package dev.everbearer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.token.RenewalListener.Waited;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TextReportTest {

  private static final long SECOND = 1_000_000_000L;
  private static final String WHY = "The outage outlasted the token, so calls waited";
  private static final Span ENDS_IN_THE_OUTAGE = new Span(8 * SECOND, 12 * SECOND);
  private static final Span OUTLIVES_THE_OUTAGE = new Span(9 * SECOND, 15 * SECOND);

  @Test
  void waitsBecauseOfAnOutageLongerThanTheTokenAreExplained() {
    assertThat(report(ENDS_IN_THE_OUTAGE, 2, null))
        .contains(WHY, "late starts and long latencies are those waits.");
  }

  @Test
  void withoutSuchWaitsThereIsNothingToExplain() {
    assertThat(report(OUTLIVES_THE_OUTAGE, 2, null)).doesNotContain(WHY);
    assertThat(report(ENDS_IN_THE_OUTAGE, 0, null)).doesNotContain(WHY);
    assertThat(report(ENDS_IN_THE_OUTAGE, 2, "No token.")).doesNotContain(WHY);
  }

  private static String report(Span lastToken, int waits, @Nullable String failure) {
    Rates rates = new Rates(30 * SECOND, SECOND);
    CallLog log = new CallLog(rates);
    log.ended(0, 0, SECOND, failure);
    Tally tally = new Tally();
    for (int i = 0; i < waits; i++) {
      tally.waited(new Waited("client_credentials", Duration.ofSeconds(2), /* gotToken= */ true));
    }
    Span outage = new Span(10 * SECOND, 14 * SECOND);
    List<Span> tokens = List.of(new Span(0, 5 * SECOND), lastToken);
    return TextReport.of(
        new RunResult(
            30 * SECOND,
            8,
            log,
            1,
            Duration.ofSeconds(30),
            tally,
            1,
            3,
            0,
            new RunResult.Timeline(
                Duration.ofSeconds(30), outage, null, List.of(), tokens, List.of(), rates),
            null));
  }
}
