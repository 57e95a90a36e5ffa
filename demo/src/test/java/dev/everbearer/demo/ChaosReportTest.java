package dev.everbearer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.demo.ChaosEvent.Fault;
import dev.everbearer.demo.ChaosEvent.Revocation;
import dev.everbearer.demo.ChaosEvent.WrongClock;
import dev.everbearer.demo.server.TokenFault;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ChaosReportTest {

  private static final long SECOND = 1_000_000_000L;
  private static final long MEBIBYTE = 1 << 20;
  private static final Footprint SMALL = new Footprint(20 * MEBIBYTE, 40);
  private static final List<Incident> INCIDENTS =
      List.of(
          new Incident(new Fault(TokenFault.HANG), new Span(SECOND, 3 * SECOND)),
          new Incident(new Revocation(), new Span(4 * SECOND, 4 * SECOND)),
          new Incident(new WrongClock(Duration.ofSeconds(-61)), new Span(5 * SECOND, 9 * SECOND)));

  @Test
  void theSummaryNamesTheSeedTheTroublesAndWhatTheProcessHeld() {
    assertThat(TextReport.of(run(steady(), null)))
        .contains("60.0 s through chaos by seed 42:")
        .contains("1 fault of the token endpoint, 1 revocation, 2 steps of the wall clock.")
        .containsPattern("hang +3")
        .contains("At the start   heap after GC 20.0 MiB, 40 threads")
        .contains("At the end     heap after GC 20.0 MiB, 40 threads, 44 at most")
        .contains("Steady: from the middle on");
  }

  @Test
  void theSummaryTellsOfEachFailedCallWhatWentOnMeanwhile() {
    assertThat(TextReport.of(run(steady(), "No token.")))
        .contains("Failed: No token. Meanwhile: hang");
  }

  @Test
  void theObjectHasTheKeysOfEveryRunAndThoseOfChaos() {
    JsonNode json = JsonMapper.shared().readTree(JsonReport.of(run(steady(), null)));

    assertThat(json.propertyNames())
        .startsWith("calls", "failedCalls", "callsNotMade", "tokenRequests")
        .endsWith(
            "durationSeconds",
            "seed",
            "faults",
            "clockSteps",
            "revocations",
            "threadsAtStart",
            "threadsAtEnd",
            "threadsMax",
            "heapMiBAtStart",
            "heapMiBAtEnd");
    assertThat(json.path("faults").path("hang").asLong()).isEqualTo(3);
    assertThat(json.path("threadsMax").asLong()).isEqualTo(44);
    assertThat(json.path("heapMiBAtEnd").asDouble()).isEqualTo(20.0);
  }

  @Test
  void aFailedCallOrGrowthMakesTheRunBad() {
    Footprint fat = new Footprint(SMALL.heap() + Footprints.MAX_HEAP_GROWTH + 1, 40);
    Footprint busy = new Footprint(SMALL.heap(), 40 + Footprints.MAX_MORE_THREADS + 1);

    assertThat(run(steady(), null).isGood()).isTrue();
    assertThat(run(steady(), "No token.").isGood()).isFalse();
    assertThat(run(new Footprints(SMALL, SMALL, fat, 44), null).isGood()).isFalse();
    assertThat(TextReport.of(run(new Footprints(SMALL, SMALL, busy, 60), null)))
        .contains("NOT STEADY: from the middle on there are 17 threads more");
    assertThat(run(new Footprints(SMALL, null, fat, 44), null).isGood()).isTrue();
  }

  @Test
  void theChartSaysWhatItsShadesMean(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("run.svg");
    ChartFile.write(file, RunChart.of(run(steady(), null)));

    assertThat(String.join(" ", Svg.texts(file)))
        .contains("1 call, 0 failed", "Chaos by seed 42", "1 fault of", "1 revocation (")
        .contains("4 token requests (3 refused), 0 renewals", "0 calls waited, 0 401s");
  }

  private static Footprints steady() {
    return new Footprints(SMALL, SMALL, SMALL, 44);
  }

  private static RunResult run(Footprints footprints, @Nullable String failure) {
    Rates rates = new Rates(60 * SECOND, SECOND);
    CallLog log = new CallLog(rates);
    log.ended(0, 0, SECOND, failure);
    List<String> failures = failure == null ? List.of() : List.of(failure + " Meanwhile: hang");
    ChaosResult chaos = new ChaosResult(42, Map.of("hang", 3L), INCIDENTS, 2, footprints, failures);
    return new RunResult(
        60 * SECOND,
        8,
        log,
        1,
        Duration.ofSeconds(30),
        new Tally(),
        1,
        3,
        0,
        new RunResult.Timeline(
            Duration.ofSeconds(60), Span.NONE, null, INCIDENTS, List.of(), List.of(), rates),
        chaos);
  }
}
