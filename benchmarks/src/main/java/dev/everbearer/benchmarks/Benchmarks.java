package dev.everbearer.benchmarks;

import dev.everbearer.benchmarks.calls.WrappedCalls;
import dev.everbearer.benchmarks.faults.Faults;
import dev.everbearer.benchmarks.idle.IdleSources;
import dev.everbearer.benchmarks.load.SteadyLoad;
import dev.everbearer.benchmarks.lookup.LookUps;
import dev.everbearer.benchmarks.report.Page;
import dev.everbearer.benchmarks.report.Report;
import dev.everbearer.benchmarks.stores.StoredRenewals;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The command: measures the parts that are named, or all, and writes their pages. */
public final class Benchmarks {

  static final Map<String, Part> PARTS = new LinkedHashMap<>();

  static {
    PARTS.put("look-up", LookUps::measure);
    PARTS.put("idle", IdleSources::measure);
    PARTS.put("faults", Faults::measure);
    PARTS.put("load", SteadyLoad::measure);
    PARTS.put("stores", StoredRenewals::measure);
    PARTS.put("calls", WrappedCalls::measure);
  }

  private Benchmarks() {}

  /**
   * Runs.
   *
   * @param args the folder to write to, then {@code --quick} and names of parts, if wanted
   */
  public static void main(String[] args) throws Exception {
    Path folder = Path.of(args[0]);
    List<String> names = new ArrayList<>(List.of(args).subList(1, args.length));
    Scale scale = names.remove("--quick") ? Scale.QUICK : Scale.FULL;
    List<String> unknown = names.stream().filter(name -> !PARTS.containsKey(name)).toList();
    if (!unknown.isEmpty()) {
      System.err.println("No such part: " + unknown + "; there are " + PARTS.keySet() + ".");
      System.exit(2);
    }
    measure(names.isEmpty() ? List.copyOf(PARTS.keySet()) : names, scale, new Report(folder));
    System.exit(0); // Clients leave threads behind.
  }

  static void measure(List<String> names, Scale scale, Report report) throws Exception {
    for (String name : names) {
      System.out.println("== " + name);
      Part part = PARTS.get(name);
      if (part != null) {
        Page page = part.measure(scale);
        report.write(name, page);
        System.out.println(page.finding());
      }
    }
    report.writeIndex(List.copyOf(PARTS.keySet()));
  }
}
