package dev.everbearer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EverbearerTest {

  @Test
  void withoutArgumentsItShowsItsUseOnStandardError() {
    Run run = Run.of();

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains("Usage: everbearer", "token", "get", "demo");
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "get", "demo"})
  void helpOfEachCommandHasExamplesAndNoSecretOption(String command) {
    Run run = Run.of(command, "--help");

    assertThat(run.status()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .contains("Usage: everbearer " + command, "Example")
        .doesNotContain("--client-secret=", "--client-secret ");
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 80);
  }

  @Test
  void versionIsOneLine() {
    Run run = Run.of("--version");

    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("everbearer ").hasLineCount(1);
  }

  @Test
  void unknownThingsAreRefusedByName() {
    assertThat(Run.of("tokken").status()).isEqualTo(2);
    assertThat(Run.of("demo", "--durration=5s").err()).contains("--durration").doesNotContain("5s");
  }
}
