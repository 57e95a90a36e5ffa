package dev.everbearer.benchmarks.report;

import java.util.List;

/**
 * What one part found.
 *
 * @param title the heading
 * @param finding the result in one sentence
 * @param blocks paragraphs and tables, in order
 * @param chart the picture
 */
public record Page(String title, String finding, List<String> blocks, Bars chart) {

  /** Keeps a copy of the blocks. */
  public Page {
    blocks = List.copyOf(blocks);
  }
}
