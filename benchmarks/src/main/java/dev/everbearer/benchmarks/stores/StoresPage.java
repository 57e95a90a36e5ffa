package dev.everbearer.benchmarks.stores;

import dev.everbearer.benchmarks.Scale;
import dev.everbearer.benchmarks.report.Bars;
import dev.everbearer.benchmarks.report.Page;
import dev.everbearer.benchmarks.report.Table;
import dev.everbearer.benchmarks.stores.StoredRenewals.Found;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The page about renewals through stores. */
final class StoresPage {

  private StoresPage() {}

  static Page of(Scale scale, Map<StoreKind, Found> found, Map<StoreKind, Double> lookUps) {
    return new Page(
        "Renewals through a shared store",
        finding(scale, found),
        List.of(
            ("%d nodes with %d callers each renew grants, of which there are %,d in the store, each one once at most."
                    + " A renewal is a real one by a refresh token that the server rotates and takes once only: the"
                    + " record is read, the right to send is taken in it, the tokens are exchanged, the answer is put"
                    + " into the node's outbox on disk (with memory there is none), and committed to the"
                    + " store. Each request goes over a connection of its own, by an HttpClient of its own, for a"
                    + " refresh token is not risked on one that may be dead: that costs the same with each store."
                    + " Measured for %d s after a warm-up; then by one caller alone, who waits for nobody else.")
                .formatted(
                    Nodes.COUNT, Nodes.CALLERS, scale.storedGrants(), scale.renewals().toSeconds()),
            rates(found),
            "The nodes are `OAuthClient`s with a store object, connections and an outbox of their own each; they"
                + " share one JVM, and with it, with the authorization server and with the store the cores of the"
                + " machine. So a row tells what the machine bears at most, and the memory store what all but the"
                + " store takes of that.",
            "What was asked of each for a renewal, counted while all callers were at it; one read or write is one round"
                + " trip. A node hears of new tokens of a grant that it uses, its own ones included, and looks at"
                + " the record then, beside the renewal and not in it. So it is counted, and timed, without notices"
                + " as well: what is left then is the renewal itself. Requests and rotations are the server's own"
                + " count: where they equal the renewals, none was made twice or in vain.",
            operations(found),
            "How each keeps what it acknowledges, by its own word, and how long it took to write the grants by many"
                + " threads.",
            durability(found),
            "The look-up of a token in hand asks no store, whichever it is (JMH, one thread).",
            lookUps(lookUps)),
        chart(found));
  }

  private static String finding(Scale scale, Map<StoreKind, Found> found) {
    List<String> rates = new ArrayList<>();
    found.forEach(
        (kind, each) ->
            rates.add(
                String.format(Locale.ROOT, "%s %,.0f", kind.title(), each.full().perSecond())));
    return "Renewals per second by %d nodes in one process, with %,d grants in the store: %s."
        .formatted(Nodes.COUNT, scale.storedGrants(), String.join(", ", rates));
  }

  private static String rates(Map<StoreKind, Found> found) {
    Table table =
        new Table(
            "store", "renewals/s", "p50 ms", "p99 ms", "alone: renewals/s", "p50 ms", "p99 ms");
    found.forEach(
        (kind, each) -> {
          List<String> cells = new ArrayList<>(List.of(kind.title()));
          cells.addAll(times(each.full()));
          cells.addAll(times(each.alone()));
          table.row(cells);
        });
    return table.toString();
  }

  private static List<String> times(RenewalRun run) {
    return List.of(
        "%,.0f".formatted(run.perSecond()),
        "%.1f".formatted(run.millis(50)),
        "%.1f".formatted(run.millis(99)));
  }

  private static String operations(Map<StoreKind, Found> found) {
    Table table =
        new Table(
            "store",
            "renewals",
            "requests",
            "rotations",
            "reads each",
            "writes each",
            "outbox entries each",
            "renewals/s");
    found.forEach(
        (kind, each) -> {
          table.row(counts(kind.title(), each.full()));
          table.row(counts(kind.title() + ", no notices", each.deaf()));
        });
    return table.toString();
  }

  private static List<String> counts(String name, RenewalRun run) {
    return List.of(
        name,
        "%,d".formatted(run.renewals()),
        "%,d".formatted(run.requests()),
        "%,d".formatted(run.rotations()),
        "%.2f".formatted(run.perRenewal(run.operations().reads())),
        "%.2f".formatted(run.perRenewal(run.operations().writes())),
        "%.2f".formatted(run.perRenewal(run.operations().kept())),
        "%,.0f".formatted(run.perSecond()));
  }

  private static String durability(Map<StoreKind, Found> found) {
    Table table = new Table("store", "what it says", "grants written in, s");
    found.forEach(
        (kind, each) ->
            table.row(kind.title(), each.durability(), "%.1f".formatted(each.loadSeconds())));
    return table.toString();
  }

  private static String lookUps(Map<StoreKind, Double> nanos) {
    Table table = new Table("grant kept in", "ns/look-up", "x memory");
    double memory = nanos.getOrDefault(StoreKind.MEMORY, Double.NaN);
    nanos.forEach(
        (kind, each) ->
            table.row(kind.title(), "%.1f".formatted(each), "%.2f".formatted(each / memory)));
    return table.toString();
  }

  private static Bars chart(Map<StoreKind, Found> found) {
    List<Bars.Group> groups = new ArrayList<>();
    found.forEach(
        (kind, each) -> {
          Map<String, Double> bars = new LinkedHashMap<>();
          bars.put(Nodes.COUNT + " nodes", each.full().perSecond());
          bars.put("one caller alone", each.alone().perSecond());
          groups.add(new Bars.Group(kind.title(), bars));
        });
    return new Bars("Renewals per second", "Renewals per second", false, groups);
  }
}
