package dev.everbearer.demo;

import dev.everbearer.demo.ChaosEvent.Fault;
import dev.everbearer.demo.ChaosEvent.Revocation;
import dev.everbearer.demo.ChaosEvent.Trouble;
import java.util.List;
import java.util.Map;

/**
 * What a chaotic run adds to its result.
 *
 * @param seed what all troubles were derived from
 * @param faults how many requests met each kind of fault that there was
 * @param incidents what happened
 * @param clockSteps how often the client's wall clock was set, wrong or right
 * @param footprints what the process held
 * @param failures each failed call in a line
 */
record ChaosResult(
    long seed,
    Map<String, Long> faults,
    List<Incident> incidents,
    long clockSteps,
    Footprints footprints,
    List<String> failures) {

  long revocations() {
    return count(Revocation.class);
  }

  long faultTurns() {
    return count(Fault.class);
  }

  private long count(Class<? extends Trouble> kind) {
    return incidents.stream().filter(incident -> kind.isInstance(incident.trouble())).count();
  }
}
