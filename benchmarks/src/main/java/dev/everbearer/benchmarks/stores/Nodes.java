package dev.everbearer.benchmarks.stores;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.benchmarks.clients.TokenServer;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.StoreKey;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Clients of one registration, each with a store object and an outbox of its own. */
final class Nodes implements AutoCloseable {

  static final int COUNT = 8;

  /** Of each node. */
  static final int CALLERS = 4;

  static final int ALL_CALLERS = COUNT * CALLERS;

  private final TemporaryDirectory outboxes;
  private final Operations operations;
  private final List<TokenStore> stores = new ArrayList<>();
  private final List<OAuthClient> clients = new ArrayList<>();

  private Nodes(TemporaryDirectory outboxes, Operations operations) {
    this.outboxes = outboxes;
    this.operations = operations;
  }

  /** Nodes that hear of changes in the store, as they do by default. */
  static Nodes start(TokenServer server, SharedStore shared) throws IOException {
    return start(server, shared, new Operations());
  }

  /** As {@link #start(TokenServer, SharedStore)}, and nobody tells them of changes. */
  static Nodes startDeaf(TokenServer server, SharedStore shared) throws IOException {
    return start(server, shared, new Operations().withoutNotices());
  }

  private static Nodes start(TokenServer server, SharedStore shared, Operations operations)
      throws IOException {
    Nodes nodes = new Nodes(TemporaryDirectory.create(), operations);
    StoreKeys keys = StoreKeys.of(StoreKey.generate());
    for (int i = 0; i < COUNT; i++) {
      TokenStore store = shared.open();
      nodes.stores.add(store);
      OAuthClientBuilder builder = server.clientBuilder().store(nodes.operations.in(store));
      if (store.isDurable()) {
        Outbox outbox = Outbox.in(nodes.outboxes.path().resolve("node-" + i), keys);
        builder.outbox(nodes.operations.in(outbox));
      }
      nodes.clients.add(builder.build());
    }
    return nodes;
  }

  List<OAuthClient> clients() {
    return clients;
  }

  List<TokenStore> stores() {
    return stores;
  }

  Operations operations() {
    return operations;
  }

  @Override
  public void close() throws IOException {
    clients.forEach(OAuthClient::close);
    stores.forEach(TokenStore::close);
    outboxes.close();
  }
}
