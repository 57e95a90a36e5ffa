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

/** The part that has faults strike while a token is in hand. */
public final class Faults {

  private Faults() {}

  /** Has each fault strike all clients side by side, each with servers of its own. */
  public static Page measure(Scale scale) throws Exception {
    Map<Fault, Map<Peer, Outcome>> outcomes = new EnumMap<>(Fault.class);
    ExecutorService runs = Executors.newFixedThreadPool(Peer.values().length);
    try {
      for (Fault fault : struck(scale.faults())) {
        outcomes.put(fault, strike(runs, fault, scale.faultTiming()));
      }
    } finally {
      runs.shutdownNow();
    }
    return page(outcomes, scale.faultTiming());
  }

  private static List<Fault> struck(int count) {
    return Arrays.asList(Fault.values()).subList(0, Math.min(count, Fault.values().length));
  }

  private static Map<Peer, Outcome> strike(ExecutorService runs, Fault fault, FaultTiming timing)
      throws Exception {
    Map<Peer, Future<Outcome>> started = new EnumMap<>(Peer.class);
    for (Peer peer : Peer.values()) {
      started.put(peer, runs.submit(() -> new FaultRun(fault, peer, timing).run()));
    }
    Map<Peer, Outcome> outcomes = new EnumMap<>(Peer.class);
    for (Map.Entry<Peer, Future<Outcome>> run : started.entrySet()) {
      outcomes.put(run.getKey(), run.getValue().get());
    }
    return outcomes;
  }

  private static Page page(Map<Fault, Map<Peer, Outcome>> outcomes, FaultTiming timing) {
    String setting =
        "Tokens live %d s and are renewed %d s before their end. A token is obtained; %.1f s later the fault"
            + " is there for every token request, and %.1f s after the start it is gone. Four threads make 80"
            + " calls a second to an API for %d s; a call fails when it is not answered by 200 within 3 s of the"
            + " moment when it was due. In brackets: token requests, the first included.";
    return new Page(
        "Faults at the token endpoint",
        finding(outcomes),
        List.of(
            setting.formatted(
                timing.life().toSeconds(),
                timing.margin().toSeconds(),
                timing.from().toMillis() / 1e3,
                timing.until().toMillis() / 1e3,
                timing.total().toSeconds()),
            table(outcomes),
            "The clients run side by side, each with an authorization server, an API and an HTTP client of"
                + " its own. Spring Security, which limits no exchange by itself, is given a limit of 2 s;"
                + " google-auth has its own of 20 s. Failures are counted as a caller without retries sees them."),
        chart(outcomes));
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

  private static String finding(Map<Fault, Map<Peer, Outcome>> outcomes) {
    List<String> sums = new ArrayList<>();
    for (Peer peer : Peer.values()) {
      int failed =
          outcomes.values().stream().mapToInt(found -> outcome(found, peer).failed()).sum();
      int calls = outcomes.values().stream().mapToInt(found -> outcome(found, peer).calls()).sum();
      sums.add("%s %,d of %,d".formatted(peer.title(), failed, calls));
    }
    return "Calls that failed under %d faults with a token in hand: %s."
        .formatted(outcomes.size(), String.join(", ", sums));
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
