package dev.everbearer.testing.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.Lease;
import dev.everbearer.store.RotationState;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.store.Variant;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What every {@link TokenStore} must pass. */
public abstract class TokenStoreContract extends TokenStoreLife {

  private static final List<String> SUBJECTS =
      List.of(
          "",
          "user-2",
          "USER-1",
          "usér-\uD83C\uDF53 /..%2f",
          "../../etc/passwd",
          "a\nb\u0000c\"'\\;--",
          "\u202Ename\u0301");

  // ---- what comes back

  @Test
  void aRecordThatWasNeverWrittenIsAbsent() {
    GrantRecord record = read(key);
    assertThat(record.version()).isZero();
    assertThat(record.refreshToken()).isEmpty();
    assertThat(record.dead()).isEmpty();
  }

  @Test
  void aRecordComesBackWholeWithTheStateOfItsRotation() {
    assertThat(store.compareAndSet(key, full())).isTrue();
    GrantRecord back = read(key);
    assertSame(back, full());
    assertThat(back.rotation()).isEqualTo(full().rotation());
    assertThat(back.token(VARIANT)).contains(stored("canary-access"));
    assertThat(revealed(back)).isEqualTo("canary-refresh");
  }

  @Test
  void aDeadGrantIsDeadWithItsReasonAndGeneration() {
    GrantRecord first = full().next().newGeneration().dead(Reason.LOST_IN_FLIGHT).build();
    assertThat(store.compareAndSet(key, full())).isTrue();
    assertThat(store.compareAndSet(key, first)).isTrue();
    GrantRecord back = read(key);
    assertThat(back.dead()).contains(Reason.LOST_IN_FLIGHT);
    assertThat(back.generation()).isEqualTo(1);
    assertThat(back.rotation()).isEqualTo(RotationState.NONE);
  }

  @Test
  @Spec({"DP-13", "DP-16"})
  void whatIsBoundToAKeyComesBackBoundToIt() {
    AccessToken bound = AccessToken.dpop("bound", "the-thumbprint", null, null, null);
    Variant ofKey = Variant.of(Grant.clientCredentials().request(), "the-thumbprint");
    StoredToken stored = new StoredToken(bound, START, Duration.ofMinutes(5));
    GrantRecord written =
        GrantRecord.absent()
            .next()
            .token(ofKey, stored)
            .refreshToken(Secret.of("refresh"), SERVER, "the-thumbprint")
            .build();
    assertThat(store.compareAndSet(key, written)).isTrue();
    GrantRecord back = read(key);
    assertThat(back.refreshTokenKey()).contains("the-thumbprint");
    assertThat(back.token(VARIANT)).as("a token that is bound to no key").isEmpty();
    AccessToken token = back.token(ofKey).orElseThrow().token();
    assertThat(token).isEqualTo(bound);
    assertThat(token.needsProof()).isTrue();
    assertThat(token.keyThumbprint()).contains("the-thumbprint");
  }

  @Test
  void aTokenOf48KiBSurvives() {
    String big = "x".repeat(48 * 1024);
    store.compareAndSet(key, withRefreshToken(read(key), big));
    assertThat(revealed(read(key))).isEqualTo(big);
  }

  @Test
  void aGrantWithManyAccessTokensSurvives() {
    GrantRecord.Builder many = full().next();
    for (int i = 0; i < 300; i++) {
      Grant grant = Grant.clientCredentials().scope("read:" + i, "write:" + i);
      many.token(Variant.of(grant.request()), stored("token-" + i));
    }
    GrantRecord written = many.build();
    store.compareAndSet(key, full());
    assertThat(store.compareAndSet(key, written)).isTrue();
    assertSame(read(key), written);
  }

  // ---- keys

  @Test
  void keysDoNotTouchOneAnother() {
    store.compareAndSet(key, withRefreshToken(read(key), "one"));
    for (String subject : SUBJECTS) {
      GrantKey other = new GrantKey("client", "refresh_token", subject);
      assertThat(store.compareAndSet(other, withRefreshToken(read(other), subject + "."))).isTrue();
    }
    assertThat(revealed(read(key))).isEqualTo("one");
    for (String subject : SUBJECTS) {
      GrantKey other = new GrantKey("client", "refresh_token", subject);
      assertThat(revealed(read(other))).isEqualTo(subject + ".");
    }
  }

  @Test
  @Spec("LC-60")
  void twoClientsOfOnePersonAreTwoGrants() {
    GrantKey other = new GrantKey("client-2", "refresh_token", "user-1");
    GrantKey otherType = new GrantKey("client", "authorization_code", "user-1");
    store.compareAndSet(key, withRefreshToken(read(key), "one"));
    assertThat(read(other).version()).isZero();
    assertThat(read(otherType).version()).isZero();
  }

  // ---- writing

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
  @Spec("LC-61")
  void aVersionThatSkipsOneIsNotWritten() {
    GrantRecord second = withRefreshToken(full(), "second");
    assertThat(store.compareAndSet(key, second)).isFalse();
    assertThat(read(key).version()).isZero();
  }

  @Test
  void everyAcknowledgedWriteOfManyWritersCountsOnce() throws Exception {
    int acknowledged = Writers.acknowledged(key, store);
    assertThat(read(key).version()).isEqualTo(acknowledged);
  }

  // ---- time

  @Test
  void theStoreTellsItsTime() {
    Instant first = store.read(key).now();
    Instant second = store.read(key).now();
    assertThat(second).isAfterOrEqualTo(first);
  }

  @Test
  @Spec("LC-62")
  void aLeaseEndsByTheClockOfTheStore() {
    Instant until = store.read(key).now().plusMillis(50);
    RotationState leased = RotationState.NONE.withLease(new Lease("owner", 1, until));
    store.compareAndSet(key, GrantRecord.absent().next().rotation(leased).build());
    Snapshot seen = store.read(key);
    while (!lease(seen).isOver(seen.now())) {
      assertThat(seen.now()).isBefore(until);
      seen = store.read(key);
    }
    assertThat(lease(seen)).as("it is over, and still told").isEqualTo(leased.lease());
  }

  private static Lease lease(Snapshot seen) {
    return Objects.requireNonNull(seen.record().rotation().lease(), "lease");
  }

  // ---- lists

  private void write(GrantKey anyKey, GrantRecord record) {
    assertThat(store.compareAndSet(anyKey, record)).isTrue();
  }

  @Test
  void grantsAreListedByPagesInTheOrderOfTheirSubjects() {
    List<GrantKey> keys =
        Stream.of("b", "a", "é", "", "a\uD83C\uDF53", "Z")
            .flatMap(
                subject ->
                    Stream.of("refresh_token", "password")
                        .map(type -> new GrantKey("client", type, subject)))
            .toList();
    keys.forEach(each -> write(each, full()));
    write(new GrantKey("client-2", "refresh_token", "a"), full());
    List<GrantKey> sorted = keys.stream().sorted(GrantKey.BY_SUBJECT).toList();
    assertThat(listed(null, 100)).isEqualTo(sorted);
    assertThat(listed(null, 5)).isEqualTo(sorted.subList(0, 5));
    assertThat(listed(sorted.get(4), 5)).isEqualTo(sorted.subList(5, 10));
    assertThat(listed(sorted.get(9), 5)).isEqualTo(sorted.subList(10, 12));
    assertThat(listed(sorted.get(11), 5)).isEmpty();
    assertThat(store.list("client-3", null, 5)).isEmpty();
  }

  private List<GrantKey> listed(@Nullable GrantKey after, int limit) {
    return store.list("client", after, limit).stream().map(GrantSummary::key).toList();
  }

  @Test
  void aListTellsHowAGrantStandsAndNoSecret() {
    write(key, full());
    GrantSummary suspect = store.list("client", null, 1).get(0);
    assertThat(suspect.state()).isEqualTo(GrantSummary.State.SUSPECT);
    assertThat(suspect.version()).isEqualTo(1);
    assertThat(suspect.expiresAt()).isEqualTo(START.plus(Duration.ofMinutes(5)));
    assertThat(suspect.changedAt()).isBeforeOrEqualTo(store.read(key).now());
    assertThat(suspect.toString()).doesNotContain("canary");
    write(key, full().next().dead(Reason.LOGGED_OUT).build());
    GrantSummary dead = store.list("client", null, 1).get(0);
    assertThat(dead.state()).isEqualTo(GrantSummary.State.DEAD);
    assertThat(dead.reason()).isEqualTo(Reason.LOGGED_OUT);
    assertThat(dead.version()).isEqualTo(2);
  }
}
