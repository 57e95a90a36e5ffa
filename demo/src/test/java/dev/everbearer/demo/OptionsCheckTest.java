package dev.everbearer.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class OptionsCheckTest {

  @Test
  void acceptsTheDefaults() {
    assertThat(OptionsCheck.problem(DemoOptions.defaults())).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("atTheLimits")
  void acceptsTheLimitsThemselves(DemoOptions.Builder options) {
    assertThat(OptionsCheck.problem(options.build())).isEmpty();
  }

  static Stream<DemoOptions.Builder> atTheLimits() {
    return Stream.of(
        DemoOptions.builder().rate(1),
        DemoOptions.builder().rate(5000),
        DemoOptions.builder().threads(1),
        DemoOptions.builder().threads(256),
        DemoOptions.builder().tokenLifetime(Duration.ofSeconds(2)),
        DemoOptions.builder().duration(Duration.ofSeconds(1)).outage(Duration.ZERO),
        DemoOptions.builder().duration(Duration.ofHours(1)),
        DemoOptions.builder().outage(Duration.ofSeconds(30)),
        DemoOptions.builder().chaos(true).duration(Duration.ofSeconds(15)),
        DemoOptions.builder().chaos(true).seed(Long.MIN_VALUE));
  }

  @ParameterizedTest
  @MethodSource("senseless")
  void refusesWithStatus2AndOneLineThatNamesTheOption(DemoOptions.Builder options, String message) {
    Output run = Output.of(options.build());
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).containsExactly("everbearer demo: " + message);
  }

  static Stream<Arguments> senseless() {
    return Stream.of(
        Arguments.of(DemoOptions.builder().rate(5001), "--rate must be from 1 to 5000, not 5001."),
        Arguments.of(DemoOptions.builder().rate(-1), "--rate must be from 1 to 5000, not -1."),
        Arguments.of(DemoOptions.builder().threads(0), "--threads must be from 1 to 256, not 0."),
        Arguments.of(
            DemoOptions.builder().tokenLifetime(Duration.ofMillis(1999)),
            "--token-lifetime must be from 2 s to 86400 s, not 1.999 s."),
        Arguments.of(
            DemoOptions.builder().duration(Duration.ZERO),
            "--duration must be from 1 s to 3600 s, not 0 s."),
        Arguments.of(
            DemoOptions.builder().duration(Duration.ofMinutes(61)),
            "--duration must be from 1 s to 3600 s, not 3660 s."),
        Arguments.of(
            DemoOptions.builder().outage(Duration.ofSeconds(-1)),
            "--outage must not be negative, but is -1 s."),
        Arguments.of(
            DemoOptions.builder().outage(Duration.ofMillis(30_001)),
            "--outage (30.001 s) must not be longer than --duration (30 s)."),
        Arguments.of(
            DemoOptions.builder().seed(1L),
            "--seed says which chaos there is, so it needs --chaos."),
        Arguments.of(
            DemoOptions.builder().chaos(true).outage(Duration.ofSeconds(5)),
            "--chaos has outages and revocations of its own: leave out --outage and --no-revoke."),
        Arguments.of(
            DemoOptions.builder().chaos(true).revoke(false),
            "--chaos has outages and revocations of its own: leave out --outage and --no-revoke."),
        Arguments.of(
            DemoOptions.builder().chaos(true).duration(Duration.ofMillis(14_999)),
            "--chaos needs a --duration of --token-lifetime and 10 s at least, here 15 s, not"
                + " 14.999 s."),
        Arguments.of(
            DemoOptions.builder().chart(Path.of("run.pdf")),
            "--chart must name an .svg or .png file, not run.pdf."));
  }

  @Test
  void refusesAPlaceWhereNothingCanBeWritten(@TempDir Path folder) throws Exception {
    Path missing = folder.resolve("missing").resolve("run.svg");
    assertThat(ChartFile.problem(missing))
        .hasValueSatisfying(
            text -> assertThat(text).contains("run.svg").endsWith("its folder does not exist."));
    Path directory = Files.createDirectory(folder.resolve("folder.png"));
    assertThat(ChartFile.problem(directory))
        .hasValueSatisfying(text -> assertThat(text).endsWith("is a folder."));
    Path below = Files.createFile(folder.resolve("file")).resolve("run.png");
    assertThat(ChartFile.problem(below)).isPresent();
  }

  @Test
  void leavesTheChartsPlaceAsItWas(@TempDir Path folder) throws Exception {
    Path kept = Files.writeString(folder.resolve("old.SVG"), "old");
    assertThat(ChartFile.problem(kept)).isEmpty();
    assertThat(kept).hasContent("old");
    Path fresh = folder.resolve("new.png");
    assertThat(ChartFile.problem(fresh)).isEmpty();
    assertThat(fresh).doesNotExist();
  }
}
