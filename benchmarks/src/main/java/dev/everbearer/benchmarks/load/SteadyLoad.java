package dev.everbearer.benchmarks.load;

import dev.everbearer.benchmarks.Scale;
import dev.everbearer.benchmarks.clients.BearerApi;
import dev.everbearer.benchmarks.clients.Peer;
import dev.everbearer.benchmarks.clients.TokenClient;
import dev.everbearer.benchmarks.clients.TokenServer;
import dev.everbearer.benchmarks.report.Bars;
import dev.everbearer.benchmarks.report.Page;
import dev.everbearer.benchmarks.report.Table;
import dev.everbearer.testing.server.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The part that calls steadily through the ends of many tokens. */
public final class SteadyLoad {

  private static final Duration LIFE = Duration.ofSeconds(3);
  private static final Duration MARGIN = Duration.ofSeconds(1);
  private static final Duration EXCHANGE = Duration.ofMillis(300);
  private static final String BARE = "fixed header";

  /** What one client made of it. */
  private record Row(String name, LoadRun run, int tokenRequests) {}

  private SteadyLoad() {}

  /** The clients one after the other, each with the bare client before it. */
  public static Page measure(Scale scale) throws Exception {
    List<Row> rows = new ArrayList<>();
    for (Peer peer : Peer.values()) {
      try (TokenServer server = TokenServer.start(TokenServer.LONG_LIFE);
          BearerApi api = new BearerApi(server)) {
        rows.add(bare(server, api, scale));
        rows.add(with(peer, server, api, scale));
      }
    }
    return page(rows, scale);
  }

  private static Row bare(TokenServer server, BearerApi api, Scale scale) throws Exception {
    TokenClient header = new FixedHeader("Bearer " + server.scripted().issueAccessToken("id"));
    LoadRun run = new LoadRun(api, header);
    run.warmUp(scale.loadThreads(), scale.load().dividedBy(4));
    run.run(scale.loadThreads(), scale.load());
    return new Row(BARE, run, 0);
  }

  private static Row with(Peer peer, TokenServer server, BearerApi api, Scale scale)
      throws Exception {
    server.scripted().accessTokenLifetime(LIFE);
    server.scripted().answerAlways(Answer.healthy().delayed(EXCHANGE));
    try (TokenClient client = peer.open(server, MARGIN)) {
      LoadRun run = new LoadRun(api, client);
      run.warmUp(scale.loadThreads(), scale.load().dividedBy(4));
      int before = server.requests();
      run.run(scale.loadThreads(), scale.load());
      return new Row(peer.title(), run, server.requests() - before);
    }
  }

  private static Page page(List<Row> rows, Scale scale) {
    String setting =
        "%d threads make a call every 20 ms each for %d s, to an API on loopback, after a warm-up. Tokens live"
            + " %d s, are renewed %d s before their end, and the token endpoint takes %d ms. The fixed header"
            + " is that of a token which never ends, measured before each client at the same API. Latency"
            + " includes the look-up, and calls that could not be made because one blocked count as waiting.";
    return new Page(
        "Steady load through expiries",
        finding(rows),
        List.of(
            setting.formatted(
                scale.loadThreads(),
                scale.load().toSeconds(),
                LIFE.toSeconds(),
                MARGIN.toSeconds(),
                EXCHANGE.toMillis()),
            table(rows),
            "Servers and clients share the machine's cores, so the tails hold its noise: compare each client"
                + " with the fixed header above it."),
        chart(rows));
  }

  private static String table(List<Row> rows) {
    Table table =
        new Table(
            "client",
            "calls",
            "p50 ms",
            "p99 ms",
            "p99.9 ms",
            "token requests",
            "expired tokens sent",
            "no answer");
    for (Row row : rows) {
      LoadRun run = row.run();
      table.row(
          row.name(),
          "%,d".formatted(run.calls()),
          "%.2f".formatted(run.millis(50)),
          "%.2f".formatted(run.millis(99)),
          "%.2f".formatted(run.millis(99.9)),
          "" + row.tokenRequests(),
          "" + run.refused(),
          "" + run.broken());
    }
    return table.toString();
  }

  private static String finding(List<Row> rows) {
    List<String> found = new ArrayList<>();
    for (int i = 1; i < rows.size(); i += 2) {
      Row row = rows.get(i);
      found.add(
          String.format(
              Locale.ROOT,
              "%s %.1f ms (%.1f)",
              row.name(),
              row.run().millis(99.9),
              rows.get(i - 1).run().millis(99.9)));
    }
    return "99.9 of 100 calls are answered within, in brackets those with a fixed header: %s."
        .formatted(String.join(", ", found));
  }

  private static Bars chart(List<Row> rows) {
    List<Bars.Group> groups = new ArrayList<>();
    int number = 0;
    for (Row row : rows) {
      Map<String, Double> bars = new LinkedHashMap<>();
      bars.put("p50", row.run().millis(50));
      bars.put("p99", row.run().millis(99));
      bars.put("p99.9", row.run().millis(99.9));
      String name = row.name().equals(BARE) ? BARE + " " + ++number : row.name();
      groups.add(new Bars.Group(name, bars));
    }
    return new Bars(
        "Latency of calls through expiries", "Milliseconds (logarithmic)", true, groups);
  }
}
