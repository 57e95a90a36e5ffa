package dev.everbearer.renewal.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.renewal.internal.rotation.Claim;
import dev.everbearer.renewal.internal.rotation.Settlement.Child;
import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.RefreshTokenLife;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.Variant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What those left behind that ended before the store had it. */
class OrphansTest {

  private static final ServerIdentity SERVER =
      new ServerIdentity("https://id.test", URI.create("https://id.test/token"));
  private static final Secret SENT = Secret.of("sent");

  private final MemoryTokenStore store = new MemoryTokenStore();
  private final List<String> closed = new ArrayList<>();

  private static GrantKey key(String subject) {
    return new GrantKey("client", "refresh_token", subject);
  }

  private void sentBefore(String subject) {
    GrantRecord record = GrantRecord.absent().next().refreshToken(SENT, SERVER).build();
    assertThat(store.compareAndSet(key(subject), record)).isTrue();
  }

  /** Left by one that had sent the refresh token of a user, with what came for it. */
  private final class Left implements Outbox {

    private final String name;
    private final Outbox inside = Outbox.inMemory();

    Left(String name, String... subjects) {
      this.name = name;
      for (String subject : subjects) {
        Claim claim = new Claim(name, 2, 0, Fingerprint.of(SENT), 1, null);
        Child child = new Child(Secret.of("child of " + subject), null, SERVER);
        inside.put(
            key(subject),
            GrantRecord.restoring(0, 2)
                .refreshToken(child.token(), SERVER)
                .rotation(
                    Uncommitted.entry(
                            claim,
                            child,
                            new RefreshTokenLife(Instant.EPOCH, null),
                            Variant.of(Grant.clientCredentials().request()),
                            null)
                        .rotation())
                .build());
      }
    }

    @Override
    public String owner() {
      return name;
    }

    @Override
    public void put(GrantKey key, GrantRecord uncommitted) {
      inside.put(key, uncommitted);
    }

    @Override
    public @Nullable GrantRecord uncommitted(GrantKey key) {
      return inside.uncommitted(key);
    }

    @Override
    public Map<GrantKey, GrantRecord> uncommitted() {
      return inside.uncommitted();
    }

    @Override
    public void remove(GrantKey key) {
      inside.remove(key);
    }

    @Override
    public List<Outbox> orphans() {
      return name.equals("ours")
          ? List.of(new Left("first", "alice"), new Left("second", "bob"))
          : List.of();
    }

    @Override
    public void close() {
      closed.add(name);
    }
  }

  /** Fails for one user. */
  private final class PartlyDown implements TokenStore {

    private final GrantKey failing;

    PartlyDown(String subject) {
      this.failing = key(subject);
    }

    @Override
    public Snapshot read(GrantKey key) {
      if (key.equals(failing)) {
        throw new IllegalStateException("down for " + key.subject());
      }
      return store.read(key);
    }

    @Override
    public boolean compareAndSet(GrantKey key, GrantRecord next) {
      return store.compareAndSet(key, next);
    }

    @Override
    public void close() {
      store.close();
    }
  }

  private static Uncommitted uncommitted(TokenStore store, Outbox outbox) {
    return new Uncommitted(store, outbox, new Pause(Timings.of(new SettableClock())));
  }

  private String stored(String subject) {
    return store.read(key(subject)).record().refreshToken().map(Secret::reveal).orElse("none");
  }

  @Test
  @Spec("RF-03")
  void oneThatCannotBeWrittenKeepsNoOtherBackAndAllAreLetGoOf() {
    sentBefore("alice");
    sentBefore("bob");
    Uncommitted uncommitted = uncommitted(new PartlyDown("alice"), new Left("ours"));
    assertThatThrownBy(uncommitted::replayAll).hasMessage("down for alice");
    assertThat(stored("bob")).isEqualTo("child of bob");
    assertThat(closed).containsExactly("first", "second");
  }

  @Test
  @Spec("RF-03")
  void whatIsOfAnotherStoreIsLeftWhereItIs() {
    Outbox others = new Left("theirs", "carol");
    uncommitted(store, others).replayAll();
    assertThat(others.uncommitted()).containsOnlyKeys(key("carol"));
    assertThat(store.read(key("carol")).record().version()).isZero();
  }
}
