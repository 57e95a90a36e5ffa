package dev.everbearer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LazyClientTest {

  private static final Schedule EVERY_NANOSECOND = new Schedule(1_000_000_000, 300);
  private static final Schedule EVERY_TENTH = new Schedule(100_000_000, 300);

  @Test
  void failsFromTheEndOfItsTokenToTheEndOfTheOutage() {
    // Tokens from 0, 40 and 80; that one ends at 120, and the outage at 140.
    assertThat(LazyClient.failures(EVERY_NANOSECOND, 40, new Span(90, 140))).isEqualTo(20);
  }

  @Test
  void failsNothingWhenItsTokenOutlivesTheOutage() {
    assertThat(LazyClient.failures(EVERY_NANOSECOND, 40, new Span(81, 120))).isZero();
    assertThat(LazyClient.failures(EVERY_NANOSECOND, 40, new Span(81, 121))).isEqualTo(1);
    assertThat(LazyClient.failures(EVERY_NANOSECOND, 40, Span.NONE)).isZero();
  }

  @Test
  void countsCallsAndNotTime() {
    assertThat(LazyClient.failures(EVERY_TENTH, 40, new Span(90, 140))).isEqualTo(2);
  }
}
