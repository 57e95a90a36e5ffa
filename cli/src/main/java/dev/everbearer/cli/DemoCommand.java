package dev.everbearer.cli;

import dev.everbearer.demo.Demo;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what Everbearer does, on this machine alone. */
@Command(
    name = "demo",
    header = "Watch a client keep calling while its tokens run out and its server fails.",
    description = {
      "Starts a real authorization server and a real protected API on this machine, and calls the"
          + " API from several threads through an outage and a revocation. Needs no network and no"
          + " account.",
    },
    sortOptions = false,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:no call failed",
      "1:calls failed, calls were not made because a thread was held up longer than a call may"
          + " wait, the process grew in chaos, or the run could not be made",
      "2:the options make no sense; nothing was started"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  everbearer demo",
      "  everbearer demo --duration 1m --outage 20s --chart demo.svg",
      "  everbearer demo --duration 1h --chaos",
      "",
      "The members of the JSON object:",
      Demo.JSON_KEYS,
    })
final class DemoCommand implements Callable<Integer> {

  private final Surroundings around;

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "How long to call; ${DEFAULT-VALUE} by default.")
  Duration duration = Duration.ZERO;

  @Option(
      names = "--token-lifetime",
      paramLabel = "TIME",
      defaultValue = "5s",
      converter = DurationConverter.class,
      description = "How long each token lives; ${DEFAULT-VALUE} by default.")
  Duration tokenLifetime = Duration.ZERO;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "100",
      description = "Calls per second, in all; ${DEFAULT-VALUE} by default.")
  int rate;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many threads call; ${DEFAULT-VALUE} by default.")
  int threads;

  @Option(
      names = "--outage",
      paramLabel = "TIME",
      converter = DurationConverter.class,
      description =
          "How long the token endpoint answers 503 in between, 0 for no outage; 5s by default.")
  @Nullable Duration outage;

  @Option(
      names = "--revoke",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether the tokens are revoked once; so by default.")
  boolean revoke;

  @Option(
      names = "--chaos",
      description =
          "Faults of all kinds, revocations and steps of the client's clock from the start to the"
              + " end, in place of the one outage and the one revocation. In a run of a minute or"
              + " more the heap and the threads must be steady, too.")
  boolean chaos;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description =
          "Repeat the chaos of a run that printed this number and had the same --duration and"
              + " --token-lifetime.")
  @Nullable Long seed;

  @Option(names = "--json", description = "Print one JSON object in place of the summary.")
  boolean json;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description = "Draw a picture of the run, an .svg or .png file.")
  @Nullable Path chart;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show log lines, and where an error came from.")
  boolean isVerbose;

  DemoCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    try {
      return DemoStarter.start(this, around);
    } catch (NoClassDefFoundError e) {
      throw new UsageException(
          "The demo is not on this class path. Start it with ./everbearer demo in the project's"
              + " directory.");
    }
  }
}
