package dev.everbearer.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Shows what Everbearer does, on this machine alone. */
@Command(
    name = "demo",
    header = "Watch a client keep calling while its tokens run out and its server fails.",
    description = {
      "Starts a real authorization server and a real protected API on this machine, and calls the"
          + " API without a break. Needs no network and no account.",
    },
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  everbearer demo",
      "  everbearer demo --duration 1m --outage 20s --chart demo.svg",
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
      defaultValue = "50",
      converter = Count.class,
      description = "Calls per second; ${DEFAULT-VALUE} by default.")
  int rate;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "4",
      converter = Count.class,
      description = "How many threads call; ${DEFAULT-VALUE} by default.")
  int threads;

  @Option(
      names = "--outage",
      paramLabel = "TIME",
      defaultValue = "6s",
      converter = DurationConverter.class,
      description =
          "For how long the authorization server is down in between, 0 for not at all;"
              + " ${DEFAULT-VALUE} by default.")
  Duration outage = Duration.ZERO;

  @Option(
      names = "--revoke",
      negatable = true,
      defaultValue = "true",
      fallbackValue = "true",
      description = "Whether the token is revoked in between; it is by default.")
  boolean revoke;

  @Option(names = "--json", description = "Print the result as JSON.")
  boolean json;

  @Option(
      names = "--chart",
      paramLabel = "FILE",
      description = "Write a chart of what happened to this file.")
  @Nullable Path chart;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show log lines, and where an error came from.")
  boolean isVerbose;

  DemoCommand(Surroundings around) {
    this.around = around;
  }

  /** Reads a number of at least one. */
  static final class Count implements ITypeConverter<Integer> {

    private static final int LARGEST = 1_000_000;

    @Override
    public Integer convert(String text) {
      int count = text.matches("\\d{1,7}") ? Integer.parseInt(text) : 0;
      if (count < 1 || count > LARGEST) {
        throw new TypeConversionException("'" + text + "' is not a number from 1 to " + LARGEST);
      }
      return count;
    }
  }

  @Override
  public Integer call() {
    requireLife(duration, "--duration");
    requireLife(tokenLifetime, "--token-lifetime");
    try {
      return DemoStarter.start(this, around);
    } catch (NoClassDefFoundError e) {
      throw new UsageException(
          "The demo is not on this class path. Start it with ./everbearer demo in the project's"
              + " directory.");
    }
  }

  private static void requireLife(Duration time, String option) {
    if (time.isZero()) {
      throw new UsageException(option + " must be longer than nothing.");
    }
  }
}
