package dev.everbearer.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RenewalPolicyTest {

  private final RenewalPolicy policy = RenewalPolicy.standard();

  @ParameterizedTest
  @Spec("LC-11")
  @CsvSource({
    "3600, 30000, 300000",
    "300, 15000, 75000",
    "60, 3000, 15000",
    "10, 500, 2500",
    "6, 300, 1500",
    "3, 300, 900",
    "1, 300, 500",
    "10000000, 30000, 300000",
  })
  void marginsScaleWithTheLife(long lifeSeconds, long hardMillis, long softMillis) {
    Duration life = Duration.ofSeconds(lifeSeconds);
    assertThat(policy.hardMarginOf(life)).isEqualTo(Duration.ofMillis(hardMillis));
    assertThat(policy.softMarginOf(life)).isEqualTo(Duration.ofMillis(softMillis));
  }

  @Test
  @Spec("LC-11")
  void noMarginIsEverAboveHalfOfTheLifeAndHardIsNeverAboveSoft() {
    for (long seconds = 1; seconds <= 10_000_000; seconds = seconds * 11 / 10 + 1) {
      Duration life = Duration.ofSeconds(seconds);
      assertThat(policy.softMarginOf(life)).isLessThanOrEqualTo(life.dividedBy(2));
      assertThat(policy.hardMarginOf(life)).isLessThanOrEqualTo(policy.softMarginOf(life));
      assertThat(policy.hardMarginOf(life)).isPositive();
    }
  }

  @Test
  void fixedMarginsAreCutToHalfOfTheLife() {
    RenewalPolicy fixed =
        policy.softMargin(Duration.ofSeconds(60)).hardMargin(Duration.ofSeconds(45));
    assertThat(fixed.softMarginOf(Duration.ofSeconds(600))).isEqualTo(Duration.ofSeconds(60));
    assertThat(fixed.hardMarginOf(Duration.ofSeconds(600))).isEqualTo(Duration.ofSeconds(45));
    assertThat(fixed.softMarginOf(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(30));
    assertThat(fixed.hardMarginOf(Duration.ofSeconds(60))).isEqualTo(Duration.ofSeconds(30));
  }

  @Test
  void negativeMarginsAreRefused() {
    assertThatThrownBy(() -> policy.softMargin(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> policy.hardMargin(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> policy.unknownLife(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
