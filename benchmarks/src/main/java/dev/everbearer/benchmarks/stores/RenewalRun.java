package dev.everbearer.benchmarks.stores;

import dev.everbearer.OAuthClient;
import dev.everbearer.benchmarks.clients.TokenServer;
import dev.everbearer.grant.Grant;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/** Renewals one after the other by some callers at once, each of a grant of its own. */
record RenewalRun(
    Histogram nanos, double seconds, Operations.Count operations, int requests, int rotations) {

  private static final int DIGITS = 3;

  /** By callers that are spread over the nodes, for a while or until none of the grants is left. */
  static RenewalRun run(
      TokenServer server, Nodes nodes, StoredGrants grants, int callers, Duration time)
      throws Exception {
    Histogram nanos = new ConcurrentHistogram(DIGITS);
    List<OAuthClient> clients = nodes.clients();
    Operations.Count before = nodes.operations().count();
    int requests = server.requests();
    int rotations = server.scripted().rotations();
    long start = System.nanoTime();
    Crew.of(callers)
        .work(
            caller -> {
              OAuthClient client = clients.get(caller % clients.size());
              while (System.nanoTime() - start < time.toNanos()) {
                Grant grant = grants.take();
                if (grant == null) {
                  return;
                }
                long begin = System.nanoTime();
                client.tokens(grant).token();
                nanos.recordValue(System.nanoTime() - begin);
              }
            });
    return new RenewalRun(
        nanos,
        (System.nanoTime() - start) / 1e9,
        nodes.operations().count().since(before),
        server.requests() - requests,
        server.scripted().rotations() - rotations);
  }

  long renewals() {
    return nanos.getTotalCount();
  }

  double perSecond() {
    return renewals() / seconds;
  }

  /** How long this share of the renewals took at most, in milliseconds. */
  double millis(double percentile) {
    return nanos.getValueAtPercentile(percentile) / 1e6;
  }

  double perRenewal(long count) {
    return (double) count / renewals();
  }
}
