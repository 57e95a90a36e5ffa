package dev.everbearer.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.fleet.ChaosOptions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The options of chaos; the fleet itself is not on the class path of these tests. */
class ChaosCommandTest {

  @Test
  void everyOptionReachesTheFleet() {
    assertThat(parsed("--nodes=3", "--store=file:grants", "--duration=2m", "--seed=-7", "--json"))
        .hasToString(new ChaosOptions(3, "file:grants", Duration.ofMinutes(2), -7, true).toString())
        .extracting(ChaosOptions::isJson)
        .isEqualTo(true);
  }

  @Test
  void withoutTheFleetsJarsItSaysHowToStartIt() {
    Run run = Run.of("chaos", "--store=jdbc:none");

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains("./everbearer chaos").doesNotContain("NoClassDefFoundError");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--nodes=many", "--duration=1d", "--seed=x", "--stores=file:a"})
  void optionsThatCannotBeReadAreRefused(String option) {
    Run run = Run.of("chaos", "--store=file:grants", option);

    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
  }

  private static ChaosOptions parsed(String... arguments) {
    ChaosCommand command = new ChaosCommand(Surroundings.ofProcess());
    new CommandLine(command).parseArgs(arguments);
    return ChaosStarter.options(command);
  }

  @Test
  void withoutAStoreNothingIsStarted() {
    assertThat(Run.of("chaos").status()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--store=redis:x:secret", "--nodes=1", "--duration=0"})
  void optionsThatMakeNoSenseAreRefused(String option) {
    String[] all =
        option.startsWith("--store")
            ? new String[] {option}
            : new String[] {"--store=file:a", option};
    assertThatThrownBy(() -> parsed(all))
        .isInstanceOf(UsageException.class)
        .hasMessageNotContaining("secret");
  }
}
