package dev.everbearer.benchmarks.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The folder that the pages go to. */
public final class Report {

  private static final String INTRODUCTION =
      """
      # Benchmarks

      ```sh
      ./benchmarks/run                    # all of it, about a quarter of an hour; writes these pages
      ./benchmarks/run look-up faults     # some of it: look-up, idle, faults, load, stores, calls
      ./benchmarks/run --quick            # all of it in a minute, into benchmarks/target: too short to mean anything
      ./benchmarks/run jmh WrapperCost    # one benchmark by JMH's own command line
      ```

      Everything runs on one machine, servers and clients alike, and each part within one run: compare the numbers of
      one table with each other, and with nothing else. Other programs may run beside, and two cores are few:
      ratios and medians bear that better than means and tails. What a number was measured on stands under its table.

      """;

  private final Path folder;

  /** Pages go to that folder, which is made where it is missing. */
  public Report(Path folder) {
    this.folder = folder;
  }

  /** Writes the page of a part and its chart. */
  public void write(String part, Page page) throws IOException {
    Files.createDirectories(folder);
    ChartFile.write(folder.resolve(part + ".svg"), page.chart());
    String text =
        "# %s\n\n%s\n\n![%s](%s.svg)\n\n%s\n\nMeasured %s\n"
            .formatted(
                page.title(),
                page.finding(),
                page.chart().title(),
                part,
                String.join("\n\n", page.blocks()),
                Machine.line());
    Files.writeString(folder.resolve(part + ".md"), text);
  }

  /** Writes the page that leads to those that are there. */
  public void writeIndex(List<String> parts) throws IOException {
    StringBuilder text = new StringBuilder(INTRODUCTION);
    for (String part : parts) {
      Path page = folder.resolve(part + ".md");
      if (Files.exists(page)) {
        List<String> lines = Files.readAllLines(page);
        String title = lines.get(0).replace("# ", "");
        text.append("## [%s](%s.md)\n\n%s\n\n".formatted(title, part, lines.get(2)));
        text.append("![%s](%s.svg)\n\n".formatted(title, part));
      }
    }
    Files.writeString(folder.resolve("README.md"), text.toString().stripTrailing() + "\n");
  }
}
