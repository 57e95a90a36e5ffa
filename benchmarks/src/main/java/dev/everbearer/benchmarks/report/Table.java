package dev.everbearer.benchmarks.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A table in Markdown. The first column holds names, the others numbers. */
public final class Table {

  private final List<String> rows = new ArrayList<>();
  private final int columns;

  /** A table with these headings and no rows. */
  public Table(String... headings) {
    columns = headings.length;
    rows.add(line(Arrays.asList(headings)));
    rows.add("|---|" + "---:|".repeat(columns - 1));
  }

  /** Adds a row, with as many cells as there are headings. */
  public void row(List<String> cells) {
    if (cells.size() != columns) {
      throw new IllegalArgumentException("%d cells, not %d".formatted(cells.size(), columns));
    }
    rows.add(line(cells));
  }

  /** Adds a row, with as many cells as there are headings. */
  public void row(String... cells) {
    row(Arrays.asList(cells));
  }

  private static String line(List<String> cells) {
    return cells.stream().collect(Collectors.joining(" | ", "| ", " |"));
  }

  @Override
  public String toString() {
    return String.join("\n", rows);
  }
}
