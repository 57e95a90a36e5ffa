package dev.everbearer.renewal.internal.rotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.renewal.internal.rotation.ModelRules.Without;
import dev.everbearer.renewal.internal.rotation.ModelServer.Kind;
import dev.everbearer.renewal.internal.rotation.ModelWorld.Limits;
import dev.everbearer.testing.Spec;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every interleaving of some that renew one grant, within bounds, by the real rules. An exchange
 * takes at most 1 s, a server processes what was given up for 1 s more, a lease is 3 s and a hold 5
 * s. With {@code -Dmodel.full=true} the bounds are wider, and it takes some minutes.
 */
@Timeout(900)
class RotationModelTest {

  private static final int WIDER = Boolean.getBoolean("model.full") ? 1 : 0;
  private static final int STATES_BETWEEN_WAYS_ON = 40;

  /** Explores all that can be reached, depth first, and says how many states that were. */
  private static int explore(Kind kind, Set<Without> without, int nodes, Limits limits) {
    Deque<ModelWorld> open = new ArrayDeque<>();
    open.push(new ModelWorld(new ModelRules(kind.window(), without), kind, nodes, limits));
    Set<String> seen = new HashSet<>();
    while (!open.isEmpty()) {
      ModelWorld world = open.pop();
      if (!seen.add(world.key())) {
        continue;
      }
      world.check();
      if (seen.size() % STATES_BETWEEN_WAYS_ON == 0) {
        world.requireWayOn();
      }
      if (!world.isEnded()) {
        world.successors().forEach(open::push);
      }
    }
    return seen.size();
  }

  private static int explore(Kind kind, Limits limits) {
    return explore(kind, EnumSet.noneOf(Without.class), 2, limits);
  }

  private static Stream<Arguments> troubles() {
    return Stream.of(Kind.values())
        .flatMap(
            kind ->
                Stream.of(
                    Arguments.of(kind, "a crash", new Limits(6 + WIDER, 2, 1, 0, 0, 0)),
                    Arguments.of(kind, "a loss", new Limits(7 + WIDER, 2, 0, 1, 0, 0)),
                    Arguments.of(
                        kind,
                        "a store that lags or is silent",
                        new Limits(5 + WIDER, 2, 0, 0, 1, 0)),
                    Arguments.of(kind, "a login", new Limits(4 + WIDER, 2, 0, 0, 0, 1))));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @Spec({"RF-07", "LC-61", "LC-62"})
  @MethodSource("troubles")
  void noInterleavingOfTwoLosesAGrant(Kind kind, String unused, Limits limits) {
    assertThat(explore(kind, limits)).isGreaterThan(1_000);
  }

  @Test
  @Spec({"RF-07", "LC-61", "LC-62"})
  void norDoesOneOfThree() {
    Limits few = new Limits(4 + WIDER, 2, 0, 1, 0, 0);
    assertThat(explore(Kind.STRICT, EnumSet.noneOf(Without.class), 3, few)).isGreaterThan(1_000);
  }

  @ParameterizedTest(name = "{0}, at a server of kind {1}")
  @Spec("RF-07")
  @CsvSource({
    "SETTLING, STRICT, request is settled before 1 is sent",
    "QUIET_TIME, STRICT, request is settled before 0 is sent",
    "CHECK_BEFORE_SENDING, STRICT, request is settled before 0 is sent",
    "SENDER_LIST, STRICT, request is settled before 1 is sent",
    "SUCCESSOR_GATE, SAME_CHILD, request is settled before 1 is sent",
    "SIBLINGS, CHILD_INSTEAD, a live token that was kept is in the store",
    "REFUSED, MISJUDGED, what the server refused is not sent again",
    "REVIVAL, REFUSES, a live token that was kept is in the store",
  })
  void withoutAnyOneOfTheRulesItDoes(Without rule, Kind kind, String violated) {
    assertThatThrownBy(() -> explore(kind, EnumSet.of(rule), 2, new Limits(8, 3, 0, 1, 0, 0)))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("Not so: ")
        .hasMessageContaining(violated);
  }
}
