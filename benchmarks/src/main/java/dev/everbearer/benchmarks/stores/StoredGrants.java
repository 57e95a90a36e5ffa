package dev.everbearer.benchmarks.stores;

import dev.everbearer.benchmarks.clients.TokenServer;
import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.TokenStore;
import dev.everbearer.token.Secret;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Grants that are in a store, each with a refresh token that the server has given. */
final class StoredGrants {

  private static final int WRITERS = 64;

  private final List<Grant> grants;
  private final AtomicInteger next = new AtomicInteger();

  private StoredGrants(List<Grant> grants) {
    this.grants = grants;
  }

  /** Has the server give so many refresh tokens, and writes them by many threads. */
  static StoredGrants write(TokenServer server, Nodes nodes, int count) throws Exception {
    List<String> tokens = Stream.generate(server::refreshToken).limit(count).toList();
    ServerIdentity identity = new ServerIdentity(null, server.tokenEndpoint());
    AtomicInteger position = new AtomicInteger();
    Crew.of(WRITERS)
        .work(
            writer -> {
              TokenStore store = nodes.stores().get(writer % nodes.stores().size());
              for (int i = position.getAndIncrement(); i < count; i = position.getAndIncrement()) {
                write(store, tokens.get(i), identity);
              }
            });
    return new StoredGrants(tokens.stream().map(StoredGrants::grant).toList());
  }

  private static Grant grant(String token) {
    return Grant.refreshToken(token);
  }

  private static void write(TokenStore store, String token, ServerIdentity server) {
    GrantRecord record = GrantRecord.absent().next().refreshToken(Secret.of(token), server).build();
    if (!store.compareAndSet(GrantKey.of(TokenServer.CLIENT_ID, grant(token)), record)) {
      throw new IllegalStateException("Somebody else writes to the store.");
    }
  }

  /** The next so many of them, for one run. */
  StoredGrants part(int from, int count) {
    return new StoredGrants(grants.subList(from, from + count));
  }

  /** One that nobody has taken yet; null when all are taken. */
  @Nullable Grant take() {
    int index = next.getAndIncrement();
    return index < grants.size() ? grants.get(index) : null;
  }
}
