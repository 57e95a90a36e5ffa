package dev.everbearer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ScheduleTest {

  private static final long SECOND = 1_000_000_000L;

  @Test
  void isExactForRatesThatDoNotDivideASecond() {
    Schedule schedule = new Schedule(7, 30 * SECOND);
    assertThat(schedule.calls()).isEqualTo(210);
    assertThat(schedule.due(209)).isLessThan(30 * SECOND);
    assertThat(schedule.due(210)).isEqualTo(30 * SECOND);
  }

  @Test
  void plansTheTroublesInsideTheRun() {
    Plan plan = Plan.of(DemoOptions.defaults());
    assertThat(plan).isEqualTo(new Plan(9 * SECOND, 18 * SECOND, 5 * SECOND, 21 * SECOND));
    DemoOptions allOutage = DemoOptions.builder().outage(Duration.ofSeconds(30)).build();
    assertThat(Plan.of(allOutage).outageFrom()).isZero();
  }
}
