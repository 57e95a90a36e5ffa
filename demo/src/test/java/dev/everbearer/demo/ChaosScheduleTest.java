package dev.everbearer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.demo.ChaosEvent.Fault;
import dev.everbearer.demo.ChaosEvent.Revocation;
import dev.everbearer.demo.ChaosEvent.Trouble;
import dev.everbearer.demo.ChaosEvent.WrongClock;
import dev.everbearer.demo.server.TokenFault;
import java.time.Duration;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ChaosScheduleTest {

  private static final Duration LIFETIME = Duration.ofSeconds(5);
  private static final Duration RUN = Duration.ofMinutes(10);

  static LongStream seeds() {
    return LongStream.rangeClosed(-10, 10);
  }

  @Test
  void theSameSeedGivesTheSameTroublesOnEveryMachine() {
    List<ChaosEvent> events = ChaosSchedule.of(1, RUN, LIFETIME);

    assertThat(ChaosSchedule.of(1, RUN, LIFETIME)).isEqualTo(events);
    assertThat(events.subList(0, 3))
        .containsExactly(
            new ChaosEvent(new Fault(TokenFault.ENDLESS), 1_466_000_000L, 804_000_000L),
            new ChaosEvent(
                new WrongClock(Duration.ofSeconds(-346)), 3_748_000_000L, 6_127_000_000L),
            new ChaosEvent(new Revocation(), 7_464_000_000L, 0));
  }

  @Test
  void anotherSeedDurationOrLifetimeGivesOthers() {
    assertThat(
            List.of(
                ChaosSchedule.of(1, RUN, LIFETIME),
                ChaosSchedule.of(2, RUN, LIFETIME),
                ChaosSchedule.of(1, RUN.dividedBy(2), LIFETIME),
                ChaosSchedule.of(1, RUN, LIFETIME.plusSeconds(1))))
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyKindOfTroubleOccurs(long seed) {
    List<ChaosEvent> events = ChaosSchedule.of(seed, RUN, LIFETIME);

    assertThat(faults(events).stream().map(event -> ((Fault) event.trouble()).fault()))
        .contains(TokenFault.values());
    assertThat(all(events, Revocation.class)).hasSizeGreaterThan(10);
    assertThat(all(events, WrongClock.class).stream().map(ChaosScheduleTest::isAhead))
        .contains(true, false);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aFaultIsOverAndMendedBeforeTheNextOneBegins(long seed) {
    List<ChaosEvent> faults = faults(ChaosSchedule.of(seed, RUN, LIFETIME));

    assertThat(faults).isSortedAccordingTo((a, b) -> Long.compare(a.start(), b.start()));
    for (int i = 1; i < faults.size(); i++) {
      assertThat(faults.get(i).start()).isGreaterThan(latestMend(faults.get(i - 1)));
    }
    assertThat(faults)
        .allMatch(event -> latestMend(event) <= RUN.toNanos())
        .allMatch(event -> event.length() >= ChaosSchedule.SHORTEST_FAULT.toNanos())
        .allMatch(event -> event.length() <= ChaosSchedule.LONGEST_FAULT.toNanos());
  }

  /** By then the first request met the fault, it lasted its length, and an attempt came after. */
  private static long latestMend(ChaosEvent event) {
    Duration tail = ChaosSchedule.tail(((Fault) event.trouble()).fault());
    return event.start() + event.length() + LIFETIME.plus(tail).toNanos();
  }

  @Test
  void theLongestFaultEndsWellInsideTheDeadlineOfACall() {
    for (TokenFault fault : TokenFault.values()) {
      assertThat(ChaosSchedule.LONGEST_FAULT.plus(ChaosSchedule.tail(fault)))
          .isLessThan(DemoOptions.defaults().maxWait().dividedBy(2));
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void noMinuteHasMoreRevocationsThanMayForceRenewals(long seed) {
    List<ChaosEvent> revocations = all(ChaosSchedule.of(seed, RUN, LIFETIME), Revocation.class);

    for (int i = 3; i < revocations.size(); i++) {
      assertThat(revocations.get(i).start() - revocations.get(i - 3).start())
          .isGreaterThan(Duration.ofMinutes(1).toNanos());
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theClockIsRightForAWhileBetweenItsSteps(long seed) {
    List<ChaosEvent> clocks = all(ChaosSchedule.of(seed, RUN, LIFETIME), WrongClock.class);

    for (int i = 1; i < clocks.size(); i++) {
      ChaosEvent before = clocks.get(i - 1);
      assertThat(clocks.get(i).start()).isGreaterThan(before.start() + before.length());
      assertThat(isAhead(clocks.get(i))).isNotEqualTo(isAhead(before));
    }
    assertThat(clocks)
        .allMatch(event -> event.start() + event.length() <= RUN.toNanos())
        .noneMatch(event -> ((WrongClock) event.trouble()).by().isZero());
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void theShortestRunHasAFault(long seed) {
    Duration shortest = LIFETIME.plus(ChaosSchedule.ROOM);

    assertThat(faults(ChaosSchedule.of(seed, shortest, LIFETIME))).isNotEmpty();
  }

  private static List<ChaosEvent> faults(List<ChaosEvent> events) {
    return all(events, Fault.class);
  }

  private static List<ChaosEvent> all(List<ChaosEvent> events, Class<? extends Trouble> kind) {
    return events.stream().filter(event -> kind.isInstance(event.trouble())).toList();
  }

  private static boolean isAhead(ChaosEvent clock) {
    return !((WrongClock) clock.trouble()).by().isNegative();
  }
}
