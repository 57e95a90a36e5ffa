package dev.everbearer.benchmarks.idle;

import dev.everbearer.benchmarks.Scale;
import dev.everbearer.benchmarks.report.Bars;
import dev.everbearer.benchmarks.report.Page;
import dev.everbearer.benchmarks.report.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The part that opens many sources of one client, and counts bytes and threads. */
public final class IdleSources {

  private static final int[] SHARES = {100, 10, 1};
  private static final int TIMERS_SHARE = 10;

  private IdleSources() {}

  /** Measures sources that were never asked. */
  public static Page measure(Scale scale) {
    List<Heap> found = new ArrayList<>();
    for (int share : SHARES) {
      found.add(Heap.of(scale.idleSources() / share));
    }
    return page(found, OwnObjects.measured(), Timers.of(scale.idleSources() / TIMERS_SHARE));
  }

  private static Page page(List<Heap> found, OwnObjects own, Timers timers) {
    Heap most = found.get(found.size() - 1);
    return new Page(
        "An idle token source",
        "One of %,d sources that nobody asks takes %.0f bytes beyond its strings (%.0f), and adds %d threads."
            .formatted(
                most.sources(), most.bytesEach() - own.strings(), own.strings(), most.threads()),
        List.of(
            "Sources of one client, each for a scope of its own; the grants are there before. Used heap after"
                + " garbage collections, less that before, by the number of sources. Threads are those of"
                + " Everbearer; one timer thread serves all clients of a program.",
            heap(found, own),
            "Sources that hold a token have a timer each, for the moment when it becomes due; one that nobody used"
                + " is left to idle then. The share of one core is what the thread of all timers takes while none"
                + " rings; a ring is what it takes when they all do, within a few seconds.",
            timers(timers),
            "What each source adds to its client, by class (JOL, over 256 sources). Never asked:",
            objects(own)),
        chart(found, own));
  }

  private static String heap(List<Heap> found, OwnObjects own) {
    Table table = new Table("sources", "bytes each", "beyond strings", "threads added");
    for (Heap each : found) {
      table.row(
          "%,d".formatted(each.sources()),
          "%,.0f".formatted(each.bytesEach()),
          "%,.0f".formatted(each.bytesEach() - own.strings()),
          "" + each.threads());
    }
    return table.toString();
  }

  private static String timers(Timers timers) {
    Table table =
        new Table("sources with a token", "bytes each, all", "quiet, % of a core", "ring, µs");
    table.row(
        "%,d".formatted(timers.sources()),
        "%,.0f".formatted(timers.bytesEach()),
        "%.2f".formatted(100 * timers.quietShare()),
        "%.1f".formatted(timers.microsEach()));
    return table.toString();
  }

  private static String objects(OwnObjects own) {
    Table table = new Table("class", "objects", "bytes");
    own.lines()
        .forEach(
            line ->
                table.row(
                    "`" + line.type() + "`",
                    "%.1f".formatted(line.count()),
                    "%.1f".formatted(line.bytes())));
    table.row("all, strings included", "", "%.0f".formatted(own.bytes()));
    table.row("beyond strings", "", "%.0f".formatted(own.bytes() - own.strings()));
    return table.toString();
  }

  private static Bars chart(List<Heap> found, OwnObjects own) {
    return new Bars(
        "Bytes of a source beyond its strings",
        "Bytes",
        false,
        found.stream().map(each -> group(each, own)).toList());
  }

  private static Bars.Group group(Heap each, OwnObjects own) {
    return new Bars.Group(
        "%,d sources".formatted(each.sources()), Map.of("bytes", each.bytesEach() - own.strings()));
  }
}
