package dev.everbearer.cli;

import dev.everbearer.fleet.Chaos;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows what becomes of grants that many processes share, when those are killed. */
@Command(
    name = "chaos",
    header = "Kill and freeze processes that share grants, and see that no grant is lost.",
    description = {
      "Starts an authorization server on this machine that revokes a grant whose refresh token is"
          + " used twice, and processes that renew the same few grants from one store. Kills and"
          + " freezes them, delays answers and loses some.",
    },
    sortOptions = false,
    exitCodeListHeading = "%nExit status:%n",
    exitCodeList = {
      "0:no grant was lost",
      "1:a grant was lost, or the run could not be made",
      "2:the options make no sense; nothing was started"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  everbearer chaos --store file:grants",
      "  everbearer chaos --nodes 8 --duration 10m \\",
      "      --store 'jdbc:postgresql://localhost/test?user=test'",
      "",
      "The members of the JSON object:",
      Chaos.JSON_KEYS,
    })
final class ChaosCommand implements Callable<Integer> {

  private final Surroundings around;

  @Option(
      names = "--nodes",
      paramLabel = "N",
      defaultValue = "8",
      description = "How many processes share the grants; ${DEFAULT-VALUE} by default.")
  int nodes;

  @Option(
      names = "--store",
      paramLabel = "STORE",
      required = true,
      description =
          "Where the grants are: file:DIRECTORY, the JDBC URL of a PostgreSQL or MariaDB, where"
              + " tables are made, or redis://HOST:PORT.")
  String store = "";

  @Option(
      names = "--duration",
      paramLabel = "TIME",
      defaultValue = "1m",
      converter = DurationConverter.class,
      description = "For how long faults are made; ${DEFAULT-VALUE} by default.")
  Duration duration = Duration.ZERO;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Repeat the faults of a run that printed this number.")
  @Nullable Long seed;

  @Option(names = "--json", description = "Print one JSON object in place of the summary.")
  boolean json;

  @Option(
      names = {"-v", "--verbose"},
      description = "Show log lines, and where an error came from.")
  boolean isVerbose;

  ChaosCommand(Surroundings around) {
    this.around = around;
  }

  @Override
  public Integer call() {
    try {
      return ChaosStarter.start(this, around);
    } catch (NoClassDefFoundError e) {
      throw new UsageException(
          "The fleet is not on this class path. Start it with ./everbearer chaos in the project's"
              + " directory.");
    }
  }
}
