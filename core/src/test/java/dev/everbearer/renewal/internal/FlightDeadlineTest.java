package dev.everbearer.renewal.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How long one attempt may take, by the life of the token that it is to replace. */
class FlightDeadlineTest {

  private static final Duration LONGEST = Duration.ofSeconds(15);

  /** Gives tokens of one life, and notes how long it was given for each. */
  private static final class NotingRenewer implements Renewer {

    private final SettableClock clock;
    private final Duration life;
    private final boolean isUnrepeatable;
    private final List<Duration> deadlines = new ArrayList<>();

    NotingRenewer(SettableClock clock, Duration life, boolean isUnrepeatable) {
      this.clock = clock;
      this.life = life;
      this.isUnrepeatable = isUnrepeatable;
    }

    @Override
    public Renewed renew(Task task) {
      deadlines.add(task.deadline());
      AccessToken token = AccessToken.bearer("t" + deadlines.size());
      return new Renewed(token, life, clock.instant(), clock.nanoTime(), true);
    }

    @Override
    public boolean isUnrepeatable() {
      return isUnrepeatable;
    }
  }

  @ParameterizedTest
  @Spec("SE-11")
  @CsvSource({"1, 2000", "6, 2000", "9, 3000", "30, 10000", "45, 15000", "3600, 15000"})
  void aRepeatableAttemptTakesAThirdOfTheLifeBetweenTwoAndFifteenSeconds(
      long lifeSeconds, long millis) {
    assertThat(deadlines(Duration.ofSeconds(lifeSeconds), false))
        .containsExactly(LONGEST, Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @Spec("SE-11")
  @CsvSource({"1", "6", "3600"})
  void anUnrepeatableAttemptIsNotCutShort(long lifeSeconds) {
    assertThat(deadlines(Duration.ofSeconds(lifeSeconds), true)).containsExactly(LONGEST, LONGEST);
  }

  private static List<Duration> deadlines(Duration life, boolean isUnrepeatable) {
    SettableClock clock = new SettableClock();
    NotingRenewer renewer = new NotingRenewer(clock, life, isUnrepeatable);
    Timing timing =
        new Timing(
            clock, clock::nanoTime, clock.scheduler(), Runnable::run, Runnable::run, () -> 0.0);
    try (ClockWatch watch = new ClockWatch(timing);
        ManagedTokenSource source =
            new ManagedTokenSource(
                new SourceSettings(
                    RenewalPolicy.standard(),
                    LONGEST,
                    timing,
                    watch,
                    new Announcer(List.of(), Runnable::run)),
                "a grant",
                "",
                Duration.ofSeconds(30),
                renewer,
                ignored -> {})) {
      AccessToken first = source.token();
      source.invalidate(first);
      source.token();
    }
    return renewer.deadlines;
  }
}
