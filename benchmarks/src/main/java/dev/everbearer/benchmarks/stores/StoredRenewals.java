package dev.everbearer.benchmarks.stores;

import dev.everbearer.benchmarks.Scale;
import dev.everbearer.benchmarks.clients.TokenServer;
import dev.everbearer.benchmarks.report.Page;
import dev.everbearer.testing.server.RefreshPolicy;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;

/** The part that renews grants through stores that nodes share. */
public final class StoredRenewals {

  /**
   * What was found with one store.
   *
   * @param loadSeconds how long it took to write the grants
   * @param alone by one caller
   * @param full by all callers of all nodes
   * @param deaf as {@code full}, without notices of the store
   */
  record Found(
      String durability, double loadSeconds, RenewalRun alone, RenewalRun full, RenewalRun deaf) {}

  private StoredRenewals() {}

  /** The stores one after the other, then look-ups with each. */
  public static Page measure(Scale scale) throws Exception {
    Map<StoreKind, Found> found = new EnumMap<>(StoreKind.class);
    for (StoreKind kind : StoreKind.values()) {
      found.put(kind, renew(kind, scale));
    }
    return StoresPage.of(scale, found, StoredLookUps.measure(scale));
  }

  static Found renew(StoreKind kind, Scale scale) throws Exception {
    int quarter = scale.storedGrants() / 4;
    Duration half = scale.renewals().dividedBy(2);
    try (TokenServer server = TokenServer.start(TokenServer.LONG_LIFE);
        SharedStore shared = kind.start();
        Nodes nodes = Nodes.start(server, shared);
        Nodes deaf = Nodes.startDeaf(server, shared)) {
      server.scripted().refreshPolicy(RefreshPolicy.STRICT);
      long start = System.nanoTime();
      StoredGrants grants = StoredGrants.write(server, nodes, scale.storedGrants());
      double loadSeconds = (System.nanoTime() - start) / 1e9;
      RenewalRun.run(server, nodes, grants.part(0, quarter), Nodes.ALL_CALLERS, half);
      return new Found(
          shared.durability(),
          loadSeconds,
          RenewalRun.run(server, nodes, grants.part(quarter, quarter), 1, half),
          RenewalRun.run(
              server,
              nodes,
              grants.part(2 * quarter, quarter),
              Nodes.ALL_CALLERS,
              scale.renewals()),
          RenewalRun.run(server, deaf, grants.part(3 * quarter, quarter), Nodes.ALL_CALLERS, half));
    }
  }
}
