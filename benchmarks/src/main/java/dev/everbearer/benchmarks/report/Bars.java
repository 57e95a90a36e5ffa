package dev.everbearer.benchmarks.report;

import java.util.List;
import java.util.Map;

/**
 * A chart of bars that lie on their side, grouped.
 *
 * @param title what is shown
 * @param unit what the length of a bar means
 * @param isLogarithmic whether the lengths span powers of ten
 * @param groups for each group its bars by name, in the same order everywhere
 */
public record Bars(String title, String unit, boolean isLogarithmic, List<Group> groups) {

  /** Keeps a copy of the groups. */
  public Bars {
    groups = List.copyOf(groups);
  }

  /**
   * Bars that stand together.
   *
   * @param name what they have in common
   * @param bars the value of each, in the order to be shown
   */
  public record Group(String name, Map<String, Double> bars) {}
}
