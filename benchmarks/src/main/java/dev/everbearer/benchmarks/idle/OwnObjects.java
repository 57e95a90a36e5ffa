package dev.everbearer.benchmarks.idle;

import dev.everbearer.OAuthClient;
import dev.everbearer.benchmarks.clients.TokenServer;
import dev.everbearer.grant.Grant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.openjdk.jol.info.GraphLayout;

/**
 * The objects that each source adds to its client: what is reached from a client with many sources
 * more than from the same client with one, for each source that nobody asked. Grants are not
 * counted: they are there before.
 */
record OwnObjects(List<Line> lines) {

  private static final int SOURCES = 256; // The table of sources grows by powers of two.
  private static final Set<String> STRINGS = Set.of("java.lang.String", "[B");
  private static final double LEAST = 4;

  /** The objects of one class, for each source. */
  record Line(String type, double count, double bytes) {}

  static OwnObjects measured() {
    List<Grant> grants = Heap.grants(SOURCES);
    try (TokenServer server = TokenServer.start(TokenServer.LONG_LIFE);
        OAuthClient client = server.everbearer()) {
      client.tokens(Heap.FIRST).token();
      GraphLayout before = GraphLayout.parseInstance(client, grants);
      grants.forEach(client::tokens);
      return difference(before, GraphLayout.parseInstance(client, grants));
    }
  }

  private static OwnObjects difference(GraphLayout before, GraphLayout after) {
    List<Line> lines = new ArrayList<>();
    for (Class<?> type : after.getClasses()) {
      long count = after.getClassCounts().count(type) - before.getClassCounts().count(type);
      long bytes = after.getClassSizes().count(type) - before.getClassSizes().count(type);
      if (bytes > LEAST * SOURCES) {
        lines.add(new Line(name(type), (double) count / SOURCES, (double) bytes / SOURCES));
      }
    }
    lines.sort(Comparator.comparingDouble(Line::bytes).reversed());
    return new OwnObjects(List.copyOf(lines));
  }

  /** Without the number that a lambda's class has in this run. */
  private static String name(Class<?> type) {
    return type.getName().replaceFirst("\\$\\$Lambda.*", " (lambda)");
  }

  double strings() {
    return lines.stream()
        .filter(line -> STRINGS.contains(line.type()))
        .mapToDouble(Line::bytes)
        .sum();
  }

  double bytes() {
    return lines.stream().mapToDouble(Line::bytes).sum();
  }
}
