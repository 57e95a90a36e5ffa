package dev.everbearer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.demo.ChaosEvent.Fault;
import dev.everbearer.demo.ChaosEvent.Revocation;
import dev.everbearer.demo.ChaosEvent.WrongClock;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class ChaosTest {

  /** Of a fault that gives a date while the client's clock is behind, among others. */
  private static final long SEED = 568;

  private static final Duration RUN = Duration.ofSeconds(18);
  private static final Duration LIFETIME = Duration.ofSeconds(2);

  @Test
  void noCallFailsInChaosAndEveryPlannedFaultIsMet() {
    Output run =
        Output.of(
            DemoOptions.builder()
                .chaos(true)
                .seed(SEED)
                .duration(RUN)
                .tokenLifetime(LIFETIME)
                .rate(50)
                .json(true)
                .build());
    JsonNode faults = run.json().path("faults");
    List<ChaosEvent> events = ChaosSchedule.of(SEED, RUN, LIFETIME);

    assertThat(run.err()).isEmpty();
    assertThat(run.number("failedCalls")).isZero();
    assertThat(run.status()).isZero();
    assertThat(run.number("seed")).isEqualTo(SEED);
    assertThat(Set.copyOf(faults.propertyNames())).isEqualTo(plannedFaults(events));
    assertThat(faults.values()).allMatch(met -> met.asLong() > 0);
    assertThat(run.number("clockSteps")).isEqualTo(2 * count(events, WrongClock.class));
    assertThat(run.number("revocations")).isEqualTo(count(events, Revocation.class)).isPositive();
    assertThat(run.number("healed401")).isPositive();
    assertThat(run.number("threadsMax")).isGreaterThanOrEqualTo(run.number("threadsAtEnd"));
    assertThat(run.number("threadsAtStart")).isPositive();
    assertThat(run.json().path("heapMiBAtStart").asDouble()).isPositive();
    assertThat(run.json().path("heapMiBAtEnd").asDouble()).isPositive();
  }

  private static Set<String> plannedFaults(List<ChaosEvent> events) {
    return events.stream()
        .filter(event -> event.trouble() instanceof Fault)
        .map(event -> event.trouble().words())
        .collect(Collectors.toSet());
  }

  private static long count(List<ChaosEvent> events, Class<?> kind) {
    return events.stream().filter(event -> kind.isInstance(event.trouble())).count();
  }
}
