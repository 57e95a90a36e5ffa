package dev.everbearer.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.PendingRevocation;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.store.Variant;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link TokenStore} must pass. */
public abstract class TokenStoreContract {

  private static final int WRITERS = 8;
  private static final int WRITES = 50;

  private final GrantKey key = new GrantKey("client", "refresh_token", "user-1");
  private final Variant variant = Variant.of(Grant.clientCredentials().request());
  private TokenStore store;

  /** An empty store, new for each test. */
  protected abstract TokenStore open() throws Exception;

  @BeforeEach
  void openStore() throws Exception {
    store = open();
  }

  @AfterEach
  void closeStore() {
    store.close();
  }

  private GrantRecord read(GrantKey anyKey) {
    return store.read(anyKey).record();
  }

  private static GrantRecord withRefreshToken(GrantRecord record, String token) {
    return record
        .next()
        .refreshToken(
            Secret.of(token),
            new ServerIdentity("https://id.test", URI.create("https://id.test/token")))
        .build();
  }

  private static String revealed(GrantRecord record) {
    return record.refreshToken().map(Secret::reveal).orElse("none");
  }

  @Test
  void aRecordThatWasNeverWrittenIsAbsent() {
    GrantRecord record = read(key);
    assertThat(record.version()).isZero();
    assertThat(record.refreshToken()).isEmpty();
    assertThat(record.dead()).isEmpty();
  }

  @Test
  void aRecordComesBackWhole() {
    AccessToken token = AccessToken.bearer("access");
    StoredToken stored =
        new StoredToken(token, Instant.parse("2026-01-01T00:00:00Z"), Duration.ofMinutes(5));
    GrantRecord written =
        withRefreshToken(GrantRecord.absent().next().token(variant, stored).build(), "unused");
    List<PendingRevocation> pending =
        List.of(
            new PendingRevocation(
                Secret.of("old"), PendingRevocation.REFRESH_TOKEN, written.server().orElseThrow()),
            new PendingRevocation(Secret.of("older"), PendingRevocation.ACCESS_TOKEN, null));
    Instant sent = Instant.parse("2026-01-01T00:04:00Z");
    UnclearSend unclear = new UnclearSend(sent, sent.plusSeconds(15));
    GrantRecord first =
        GrantRecord.absent()
            .next()
            .token(variant, stored)
            .refreshToken(Secret.of("refresh"), written.server().orElseThrow())
            .unclear(unclear)
            .dead(Reason.LOST_IN_FLIGHT)
            .toRevoke(pending)
            .build();
    assertThat(store.compareAndSet(key, first)).isTrue();
    GrantRecord back = read(key);
    assertThat(back.version()).isEqualTo(1);
    assertThat(revealed(back)).isEqualTo("refresh");
    assertThat(back.server()).isEqualTo(written.server());
    assertThat(back.unclear()).contains(unclear);
    assertThat(back.dead()).contains(Reason.LOST_IN_FLIGHT);
    assertThat(back.token(variant)).contains(stored);
    assertThat(back.toRevoke()).isEqualTo(pending);
  }

  @Test
  @Spec({"DP-13", "DP-16"})
  void whatIsBoundToAKeyComesBackBoundToIt() {
    AccessToken bound = AccessToken.dpop("bound", "the-thumbprint", null, null, null);
    Variant ofKey = Variant.of(Grant.clientCredentials().request(), "the-thumbprint");
    StoredToken stored =
        new StoredToken(bound, Instant.parse("2026-01-01T00:00:00Z"), Duration.ofMinutes(5));
    ServerIdentity server =
        new ServerIdentity("https://id.test", URI.create("https://id.test/token"));
    GrantRecord written =
        GrantRecord.absent()
            .next()
            .token(ofKey, stored)
            .refreshToken(Secret.of("refresh"), server, "the-thumbprint")
            .build();
    assertThat(store.compareAndSet(key, written)).isTrue();
    GrantRecord back = read(key);
    assertThat(back.refreshTokenKey()).contains("the-thumbprint");
    assertThat(back.token(variant)).as("a token that is bound to no key").isEmpty();
    AccessToken token = back.token(ofKey).orElseThrow().token();
    assertThat(token).isEqualTo(bound);
    assertThat(token.needsProof()).isTrue();
    assertThat(token.keyThumbprint()).contains("the-thumbprint");
  }

  @Test
  @Spec("LC-61")
  void theLoserOfTwoWritersChangesNothing() {
    GrantRecord before = read(key);
    assertThat(store.compareAndSet(key, withRefreshToken(before, "winner"))).isTrue();
    assertThat(store.compareAndSet(key, withRefreshToken(before, "loser"))).isFalse();
    assertThat(revealed(read(key))).isEqualTo("winner");
    assertThat(store.compareAndSet(key, withRefreshToken(read(key), "next"))).isTrue();
    assertThat(revealed(read(key))).isEqualTo("next");
  }

  @Test
  void keysDoNotTouchOneAnother() {
    GrantKey other = new GrantKey("client", "refresh_token", "usér-\uD83C\uDF53 /..%2f");
    store.compareAndSet(key, withRefreshToken(read(key), "one"));
    store.compareAndSet(other, withRefreshToken(read(other), "other"));
    assertThat(revealed(read(key))).isEqualTo("one");
    assertThat(revealed(read(other))).isEqualTo("other");
  }

  @Test
  void aTokenOf48KiBSurvives() {
    String big = "x".repeat(48 * 1024);
    store.compareAndSet(key, withRefreshToken(read(key), big));
    assertThat(revealed(read(key))).isEqualTo(big);
  }

  @Test
  void everyAcknowledgedWriteOfManyWritersCountsOnce() throws Exception {
    ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
    try {
      CountDownLatch go = new CountDownLatch(1);
      List<Future<Integer>> results = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        results.add(writers.submit(writer(go)));
      }
      go.countDown();
      int acknowledged = 0;
      for (Future<Integer> result : results) {
        acknowledged += result.get(60, TimeUnit.SECONDS);
      }
      assertThat(acknowledged).isEqualTo(WRITERS * WRITES);
      assertThat(read(key).version()).isEqualTo(acknowledged);
    } finally {
      writers.shutdownNow();
    }
  }

  private Callable<Integer> writer(CountDownLatch go) {
    return () -> {
      go.await();
      int written = 0;
      while (written < WRITES) {
        GrantRecord next = withRefreshToken(read(key), "token-" + written);
        written += store.compareAndSet(key, next) ? 1 : 0;
      }
      return written;
    };
  }

  @Test
  void theStoreTellsItsTime() {
    Instant first = store.read(key).now();
    Instant second = store.read(key).now();
    assertThat(second).isAfterOrEqualTo(first);
  }
}
