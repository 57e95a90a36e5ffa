package dev.everbearer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.demo.DemoOptions;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The demo's options; the demo itself is not on the class path of these tests. */
class DemoCommandTest {

  @Test
  void withoutOptionsTheDemoHasItsOwnDefaults() {
    assertThat(parsed()).usingRecursiveComparison().isEqualTo(DemoOptions.defaults());
  }

  @Test
  void everyOptionReachesTheDemo() {
    DemoOptions expected =
        DemoOptions.builder()
            .duration(Duration.ofMinutes(1))
            .tokenLifetime(Duration.ofSeconds(3))
            .rate(7)
            .threads(2)
            .outage(Duration.ZERO)
            .revoke(false)
            .chaos(true)
            .seed(-7L)
            .json(true)
            .chart(Path.of("a b.svg"))
            .build();

    DemoOptions options =
        parsed(
            "--duration=1m",
            "--token-lifetime=3s",
            "--rate=7",
            "--threads=2",
            "--outage=0",
            "--no-revoke",
            "--chaos",
            "--seed=-7",
            "--json",
            "--chart=a b.svg");

    assertThat(options).usingRecursiveComparison().isEqualTo(expected);
    assertThat(parsed("--revoke").revoke()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"--rate=many", "--threads=1.5", "--duration=1d", "--outage=-1", "--seed=x"})
  void optionsThatCannotBeReadAreRefused(String option) {
    Run run = Run.of("demo", option);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(option.substring(0, option.indexOf('=')));
  }

  @Test
  void withoutTheDemosJarsItSaysHowToStartIt() {
    Run run = Run.of("demo");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("./everbearer demo").doesNotContain("NoClassDefFoundError");
  }

  private static DemoOptions parsed(String... arguments) {
    DemoCommand command = new DemoCommand(Surroundings.ofProcess());
    new CommandLine(command).parseArgs(arguments);
    return DemoStarter.options(command);
  }
}
