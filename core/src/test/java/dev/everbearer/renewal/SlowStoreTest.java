package dev.everbearer.renewal;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.clientOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A store that many share, and that answers late. */
@Timeout(60)
@ExtendWith(ScriptedServers.class)
class SlowStoreTest {

  private static final Duration SLOW = Duration.ofSeconds(2);

  private final ScriptedAuthorizationServer server;
  private final AtomicLong passed = new AtomicLong();
  private final InstantSource wall = () -> InstantSource.system().instant().plusNanos(passed.get());
  private final MemoryTokenStore shared = new MemoryTokenStore(wall);

  SlowStoreTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  /** Time passes, by all clocks, before a record is read. */
  private final class Slow implements TokenStore {

    private final Duration time;

    Slow(Duration time) {
      this.time = time;
    }

    @Override
    public Snapshot read(GrantKey key) {
      long unused = passed.addAndGet(time.toNanos());
      return shared.read(key);
    }

    @Override
    public boolean compareAndSet(GrantKey key, GrantRecord next) {
      return shared.compareAndSet(key, next);
    }

    @Override
    public boolean isDurable() {
      return true;
    }

    @Override
    public void close() {
      // It is shared.
    }
  }

  private OAuthClient client(Duration slow) {
    return clientOf(server)
        .store(new Slow(slow))
        .outbox(Outbox.inMemory())
        .clocks(wall, () -> System.nanoTime() + passed.get())
        .build();
  }

  @Test
  @Spec("RF-04")
  void aTokenThatWasGotAfterASlowReadIsTakenOverAtOnce() {
    Grant grant = Grant.refreshToken(server.issueRefreshToken(ID));
    try (OAuthClient slow = client(SLOW);
        OAuthClient quick = client(Duration.ZERO)) {
      AccessToken token = slow.tokens(grant).token();
      assertThat(quick.tokens(grant).token()).isEqualTo(token);
    }
    assertThat(server.tokenRequests()).hasSize(1);
  }
}
