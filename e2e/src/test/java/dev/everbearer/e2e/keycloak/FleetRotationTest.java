package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.store.FileTokenStore;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.TokenSource;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many that share a grant at a Keycloak that ends it when a refresh token comes twice. */
@WithKeycloak
class FleetRotationTest {

  private static final int NODES = 8;
  private static final int ROUNDS = 20;

  private final Keycloak keycloak;
  private final Set<String> rotated = ConcurrentHashMap.newKeySet();
  private final CyclicBarrier together = new CyclicBarrier(NODES);
  @TempDir Path home;

  FleetRotationTest(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  /**
   * As a process of its own would be: with its own client, store and outbox. A client may have
   * tokens replaced a few times a minute only, so that each round begins with a new one.
   */
  private List<AccessToken> node(Grant grant) throws Exception {
    StoreKeys keys = StoreKeys.inFile(home.resolve("keys/store.jwks"));
    List<AccessToken> seen = new ArrayList<>();
    try (TokenStore store = FileTokenStore.at(home.resolve("grants"), keys);
        Outbox outbox = Outbox.in(home.resolve("outbox"), keys)) {
      for (int round = 0; round < ROUNDS; round++) {
        try (OAuthClient client = client(store, outbox)) {
          TokenSource source = client.tokens(grant);
          AccessToken before = source.token(Duration.ofSeconds(60));
          meet();
          source.invalidate(before);
          seen.add(source.token(Duration.ofSeconds(60)));
          meet();
        }
      }
    }
    return seen;
  }

  /** Waits for the others, so that a round begins and ends for all at once. */
  private void meet() throws Exception {
    int unused = together.await(90, TimeUnit.SECONDS);
  }

  private OAuthClient client(TokenStore store, Outbox outbox) {
    return OAuthClient.builder()
        .issuer(keycloak.issuer())
        .clientSecretPost(RegisteredClient.DIRECT.id(), RegisteredClient.DIRECT.secret())
        .store(store)
        .outbox(outbox)
        .onRotated(tokens -> rotated.add(tokens.refreshToken().orElseThrow().reveal()))
        .build();
  }

  @Test
  @Spec("RF-04")
  void eachRoundOfAllIsOneRefresh() throws Exception {
    Grant grant = Grant.refreshToken(keycloak.refreshToken(RegisteredClient.DIRECT, Person.ALICE));
    ExecutorService nodes = Executors.newFixedThreadPool(NODES);
    try {
      List<Future<List<AccessToken>>> all = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        all.add(nodes.submit(() -> node(grant)));
      }
      List<AccessToken> seen = all.get(0).get(5, TimeUnit.MINUTES);
      for (Future<List<AccessToken>> each : all) {
        assertThat(each.get(5, TimeUnit.MINUTES)).as("all see the same tokens").isEqualTo(seen);
      }
      assertThat(rotated.size()).as("the first, and one each round").isEqualTo(ROUNDS + 1);
      assertThat(keycloak.introspect(seen.get(ROUNDS - 1).value()))
          .containsEntry("username", "alice");
    } finally {
      nodes.shutdownNow();
    }
  }
}
