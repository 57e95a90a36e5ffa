package dev.everbearer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class RunResultTest {

  private static final long SECOND = 1_000_000_000L;
  private static final Duration MAX_WAIT = Duration.ofSeconds(30);

  @Test
  void callsNotMadeSpoilNoRunWhileThreadsWaitedNoLongerThanTheyMay() {
    RunResult run = run(10, 30 * SECOND);

    assertThat(run.isGood()).isTrue();
    assertThat(notMadeInJson(run)).isEqualTo(9);
    assertThat(TextReport.of(run))
        .containsPattern("Calls not made +9 +due, but all threads were busy until the end");
  }

  @Test
  void callsNotMadeSpoilARunWhenAThreadWasHeldUpLongerThanItMayWait() {
    RunResult run = run(10, 41 * SECOND);

    assertThat(run.isGood()).isFalse();
    assertThat(notMadeInJson(run)).isEqualTo(9);
    assertThat(TextReport.of(run))
        .containsPattern("Calls not made +9 +due, but threads were held up by as much as 41\\.0 s")
        .contains("41.0 s; a call waits for 30 s at most");
  }

  @Test
  void aSlowCallAloneSpoilsNoRun() {
    RunResult run = run(1, 41 * SECOND);

    assertThat(run.isGood()).isTrue();
    assertThat(notMadeInJson(run)).isZero();
    assertThat(TextReport.of(run)).doesNotContain("Calls not made");
  }

  private static long notMadeInJson(RunResult run) {
    return JsonMapper.shared().readTree(JsonReport.of(run)).path("callsNotMade").asLong(-1);
  }

  /** A run in which one call was made, of so many that were due. */
  private static RunResult run(long callsDue, long took) {
    Rates rates = new Rates(30 * SECOND, 15 * SECOND);
    CallLog log = new CallLog(rates);
    log.ended(0, 0, took, null);
    return new RunResult(
        took,
        8,
        log,
        callsDue,
        MAX_WAIT,
        new Tally(),
        1,
        0,
        0,
        new RunResult.Timeline(
            Duration.ofSeconds(30), Span.NONE, null, List.of(), List.of(), List.of(), rates),
        null);
  }
}
