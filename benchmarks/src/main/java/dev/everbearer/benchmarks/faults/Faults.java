package dev.everbearer.benchmarks.faults;

import dev.everbearer.benchmarks.Scale;
import dev.everbearer.benchmarks.clients.Peer;
import dev.everbearer.benchmarks.faults.FaultRun.Outcome;
import dev.everbearer.benchmarks.report.Bars;
import dev.everbearer.benchmarks.report.Page;
import dev.everbearer.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToIntFunction;

/** The part that has faults strike while a token is in hand, and across its end. */
public final class Faults {

  private Faults() {}

  /** What became of each client under each fault, with one timing. */
  private record Found(FaultTiming timing, Map<Fault, Map<Peer, Outcome>> outcomes) {

    Found(FaultTiming timing) {
      this(timing, new EnumMap<>(Fault.class));
    }
  }

  /** Has each fault strike all clients side by side, each with servers of its own. */
  public static Page measure(Scale scale) throws Exception {
    List<Found> found = List.of(new Found(scale.faultsInHand()), new Found(scale.faultsAcross()));
    ExecutorService runs = Executors.newCachedThreadPool();
    try {
      for (Fault fault : struck(scale.faults())) {
        strike(runs, fault, found);
      }
    } finally {
      runs.shutdownNow();
    }
    return page(found.get(0), found.get(1));
  }

  private static List<Fault> struck(int count) {
    return Arrays.asList(Fault.values()).subList(0, Math.min(count, Fault.values().length));
  }

  private static void strike(ExecutorService runs, Fault fault, List<Found> found)
      throws Exception {
    List<Map<Peer, Future<Outcome>>> started = new ArrayList<>();
    for (Found each : found) {
      started.add(started(runs, fault, each.timing()));
    }
    for (int i = 0; i < found.size(); i++) {
      Map<Peer, Outcome> outcomes = new EnumMap<>(Peer.class);
      for (Map.Entry<Peer, Future<Outcome>> run : started.get(i).entrySet()) {
        outcomes.put(run.getKey(), run.getValue().get());
      }
      found.get(i).outcomes().put(fault, outcomes);
    }
  }

  private static Map<Peer, Future<Outcome>> started(
      ExecutorService runs, Fault fault, FaultTiming timing) {
    Map<Peer, Future<Outcome>> started = new EnumMap<>(Peer.class);
    for (Peer peer : Peer.values()) {
      started.put(peer, runs.submit(() -> new FaultRun(fault, peer, timing).run()));
    }
    return started;
  }

  private static Page page(Found inHand, Found across) {
    return new Page(
        "Faults at the token endpoint",
        "Calls that failed under %d faults with a token in hand: %s; across the end of the token: %s."
            .formatted(inHand.outcomes().size(), sums(inHand), sums(across)),
        List.of(
            "Tokens live %d s and are renewed %d s before their end. A token is obtained; later the fault is there"
                    .formatted(
                        inHand.timing().life().toSeconds(), inHand.timing().margin().toSeconds())
                + " for every token request, and is gone again. Four threads make 80 calls a second to an API. In"
                + " brackets: token requests, the first included.",
            setting("While a token is in hand", inHand.timing()),
            table(inHand.outcomes()),
            setting("Across the end of the token", across.timing()),
            table(across.outcomes()),
            "The clients run side by side, each with an authorization server, an API and an HTTP client of"
                + " its own. Spring Security, which limits no exchange by itself, is given a limit of 2 s;"
                + " google-auth has its own of 20 s. Failures are counted as a caller without retries sees them."),
        chart(inHand.outcomes()));
  }

  private static String setting(String when, FaultTiming timing) {
    return ("**%s:** the fault begins %.1f s after the first token was obtained and is gone %.1f s after it."
            + " Calls are made for %d s; one fails when it is not answered by 200 within %d s of the moment when"
            + " it was due.")
        .formatted(
            when,
            timing.from().toMillis() / 1e3,
            timing.until().toMillis() / 1e3,
            timing.total().toSeconds(),
            timing.patience().toSeconds());
  }

  private static String table(Map<Fault, Map<Peer, Outcome>> outcomes) {
    List<String> headings = new ArrayList<>(List.of("failed calls", "of"));
    Arrays.stream(Peer.values()).map(Peer::title).forEach(headings::add);
    Table table = new Table(headings.toArray(String[]::new));
    outcomes.forEach((fault, found) -> table.row(row(fault.title(), found)));
    return table.toString();
  }

  private static List<String> row(String fault, Map<Peer, Outcome> found) {
    List<String> cells = new ArrayList<>(List.of(fault));
    cells.add(found.values().stream().findFirst().map(each -> "" + each.calls()).orElse(""));
    found
        .values()
        .forEach(each -> cells.add("%d (%d)".formatted(each.failed(), each.tokenRequests())));
    return cells;
  }

  private static String sums(Found found) {
    List<String> sums = new ArrayList<>();
    for (Peer peer : Peer.values()) {
      int failed = sum(found, peer, Outcome::failed);
      sums.add("%s %,d of %,d".formatted(peer.title(), failed, sum(found, peer, Outcome::calls)));
    }
    return String.join(", ", sums);
  }

  private static int sum(Found found, Peer peer, ToIntFunction<Outcome> what) {
    return found.outcomes().values().stream()
        .mapToInt(each -> what.applyAsInt(outcome(each, peer)))
        .sum();
  }

  private static Outcome outcome(Map<Peer, Outcome> found, Peer peer) {
    return found.getOrDefault(peer, new Outcome(0, 0, 0));
  }

  private static Bars chart(Map<Fault, Map<Peer, Outcome>> outcomes) {
    List<Bars.Group> groups = new ArrayList<>();
    outcomes.forEach(
        (fault, found) -> {
          Map<String, Double> bars = new LinkedHashMap<>();
          found.forEach((peer, each) -> bars.put(peer.title(), (double) each.failed()));
          groups.add(new Bars.Group(fault.title().replace("`", ""), bars));
        });
    return new Bars("Failed calls under each fault", "Failed calls", false, groups);
  }
}
