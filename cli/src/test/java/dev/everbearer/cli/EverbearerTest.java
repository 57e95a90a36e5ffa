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
    assertThat(run.out().lines()).allMatch(line -> line.length() <= 88);
  }

  @Test
  void versionIsOneLine() {
    Run run = Run.of("--version");

    assertThat(run.status()).isZero();
    assertThat(run.out()).startsWith("everbearer ").hasLineCount(1);
  }

  @Test
  void unknownOptionsAreRefusedByName() {
    assertThat(Run.of("demo", "--durration=5s").err()).contains("--durration").doesNotContain("5s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"tokn", "hunter", "Token", "abcdefghijk", "hunter2", Run.SECRET})
  void anUnknownCommandMayBeASecretAndIsNotRepeated(String word) {
    Run run = Run.of(word, "--issuer", "https://id.example.com");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("There is no such command. The commands are token, get, demo, chaos.")
        .doesNotContain(word);
  }

  @ParameterizedTest
  @ValueSource(strings = {"token", "get"})
  void helpSaysWhereASecretGoesAndWhy(String command) {
    assertThat(Run.of(command, "--help").out().replaceAll("\\s+", " "))
        .contains("in the body if the server's metadata list client_secret_post, for OAuth 2.1")
        .contains("without metadata, in a Basic header")
        .doesNotContain("prefers");
  }
}
