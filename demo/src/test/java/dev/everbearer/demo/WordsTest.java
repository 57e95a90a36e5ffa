package dev.everbearer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {

  @Test
  void oneIsSingularAndEverythingElsePlural() {
    assertThat(Words.many(0, "call")).isEqualTo("0 calls");
    assertThat(Words.many(1, "call")).isEqualTo("1 call");
    assertThat(Words.many(1234, "call")).isEqualTo("1,234 calls");
  }
}
