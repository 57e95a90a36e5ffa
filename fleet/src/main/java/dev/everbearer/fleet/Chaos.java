package dev.everbearer.fleet;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** A fleet whose nodes are killed and stopped, and whose server loses answers. */
public final class Chaos {

  /** The members of the JSON object, as a help text tells them. */
  public static final String JSON_KEYS =
      "  rotations, tokenRequests, adoptions, recoveries, kills, lostGrants, openCases,"
          + " durationSeconds";

  private Chaos() {}

  /**
   * Makes one run, which takes as long as the options say, and up to a minute and a half more until
   * the last grant is renewed again.
   *
   * @param out gets the summary, or the JSON object alone
   * @param err gets the seed and how it goes
   * @return the exit status: 0 if no grant was lost, else 1
   */
  public static int run(ChaosOptions options, PrintStream out, PrintStream err) {
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    err.printf("Chaos among %d nodes; repeat it by --seed %d%n", options.nodes(), options.seed());
    Path home = newHome();
    try {
      StoreAddress.of(options.store()).prepare(NodeMain.keys(home));
      ChaosResult result = new ChaosRun(options, home, err).make();
      out.print(options.isJson() ? result.json() + System.lineSeparator() : result.text());
      out.flush();
      return result.isGood() ? 0 : 1;
    } finally {
      delete(home);
    }
  }

  private static Path newHome() {
    try {
      return Files.createTempDirectory("everbearer-chaos");
    } catch (IOException e) {
      throw new UncheckedIOException("No directory for outboxes and keys could be made.", e);
    }
  }

  private static void delete(Path home) {
    try (Stream<Path> all = Files.walk(home)) {
      List<Path> deepestFirst = all.sorted(Comparator.reverseOrder()).toList();
      for (Path each : deepestFirst) {
        Files.deleteIfExists(each);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("What is in " + home + " could not be deleted.", e);
    }
  }
}
