package dev.everbearer.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What was used last is remembered, and no more than was said. */
class RecentTest {

  private final Recent<String, Integer> recent = new Recent<>(2);

  private int use(String key) {
    return recent.compute(key, known -> known == null ? 1 : known + 1);
  }

  @Test
  void theOneThatWasNotUsedForTheLongestIsForgotten() {
    assertThat(use("a")).isEqualTo(1);
    assertThat(use("b")).isEqualTo(1);
    assertThat(use("a")).isEqualTo(2);
    assertThat(use("c")).isEqualTo(1);
    assertThat(recent.get("b")).isNull();
    assertThat(recent.get("a")).isEqualTo(2);
    assertThat(use("d")).isEqualTo(1);
    assertThat(recent.get("c")).isNull();
    assertThat(use("a")).isEqualTo(3);
  }
}
