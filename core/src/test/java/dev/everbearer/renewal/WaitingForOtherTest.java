package dev.everbearer.renewal;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.clientOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.KeptEvents;
import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Lease;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.RotationState;
import dev.everbearer.store.Sender;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.UnclearSend;
import dev.everbearer.store.Variant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A renewal that waits long for another process says so, once; nothing is sent meanwhile. */
@Timeout(60)
@ExtendWith(ScriptedServers.class)
class WaitingForOtherTest {

  private static final Duration STEP = Duration.ofMillis(100);
  private static final Duration LEASE = Duration.ofSeconds(25);

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private final FailingStore store;
  private final List<Object> heard = new CopyOnWriteArrayList<>();
  private final Grant grant = Grant.refreshToken("first");
  private final GrantKey key = GrantKey.of(ID, grant);
  private OAuthClient client;

  WaitingForOtherTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
    this.store = new FailingStore(new MemoryTokenStore(clock));
  }

  /** Another process has taken the grant, and its request is on its way. */
  @BeforeEach
  void start() {
    client =
        clientOf(server)
            .store(store)
            .outbox(Outbox.inMemory())
            .listener(new KeptEvents(heard))
            .clocks(clock, clock::nanoTime)
            .scheduler(clock.scheduler())
            .build();
    Instant now = clock.instant();
    Fingerprint token = Fingerprint.of(Secret.of("first"));
    RotationState taken =
        RotationState.NONE
            .withLease(new Lease("other", 1, now.plus(LEASE)))
            .withSenders(List.of(new Sender("other", 1, token, 1, now)))
            .withUnclear(new UnclearSend(now, now.plusSeconds(15)));
    write(
        GrantRecord.absent()
            .next()
            .refreshToken(Secret.of("first"), new ServerIdentity(null, server.tokenEndpoint()))
            .rotation(taken)
            .build());
  }

  @AfterEach
  void stop() {
    client.close();
  }

  private void write(GrantRecord next) {
    assertThat(store.compareAndSet(key, next)).isTrue();
  }

  /** The other one's answer is in the store. */
  private void otherWrites() {
    write(
        store
            .read(key)
            .record()
            .next()
            .refreshToken(Secret.of("second"), new ServerIdentity(null, server.tokenEndpoint()))
            .rotation(RotationState.NONE)
            .token(
                Variant.of(grant.request()),
                new StoredToken(
                    AccessToken.bearer("of-the-other"), clock.instant(), Duration.ofHours(1)))
            .build());
  }

  /** Time passes, in steps that whoever polls can follow. */
  private void passUntil(Callable<Boolean> condition) {
    Awaitility.await()
        .pollInterval(Duration.ofMillis(20))
        .until(
            () -> {
              clock.advance(STEP);
              return condition.call();
            });
  }

  private void passLooks(int count) {
    int before = store.roundTrips.get();
    passUntil(() -> store.roundTrips.get() >= before + count);
  }

  private List<RenewalListener.WaitingForOther> told() {
    return heard.stream()
        .filter(RenewalListener.WaitingForOther.class::isInstance)
        .map(RenewalListener.WaitingForOther.class::cast)
        .toList();
  }

  private CompletableFuture<AccessToken> waiting(TokenSource source) {
    int before = store.roundTrips.get();
    CompletableFuture<AccessToken> call =
        source.tokenAsync(Duration.ofMinutes(1)).toCompletableFuture();
    Awaitility.await().until(() -> store.roundTrips.get() > before);
    return call;
  }

  @Test
  @Spec("LC-62")
  void aLongWaitIsToldOnceWithItsEnd() {
    TokenSource source = client.tokens(grant);
    Instant before = clock.instant();
    CompletableFuture<AccessToken> call = waiting(source);
    passUntil(() -> !told().isEmpty());
    RenewalListener.WaitingForOther event = told().get(0);
    assertThat(event.grant()).isEqualTo(grant + " at " + server.tokenEndpoint());
    assertThat(event.subject()).isEqualTo(grant.subject());
    assertThat(event.since()).isEqualTo(before);
    assertThat(event.atMost()).isPositive().isLessThanOrEqualTo(LEASE.minusSeconds(1));
    assertThat(source.diagnose())
        .contains("Another process has the refresh token in hand; it is waited for since " + before)
        .contains("at most");
    passLooks(5);
    assertThat(told()).hasSize(1);
    assertThat(server.tokenRequests()).isEmpty();
    otherWrites();
    passUntil(call::isDone);
    assertThat(call.join().value()).isEqualTo("of-the-other");
    assertThat(source.diagnose()).doesNotContain("Another process");
  }

  @Test
  void aShortWaitIsNotTold() {
    TokenSource source = client.tokens(grant);
    CompletableFuture<AccessToken> call = waiting(source);
    clock.advance(Duration.ofMillis(900));
    assertThat(source.diagnose()).contains("Another process has the refresh token in hand");
    otherWrites();
    passUntil(call::isDone);
    assertThat(call.join().value()).isEqualTo("of-the-other");
    assertThat(told()).isEmpty();
    assertThat(source.diagnose()).doesNotContain("Another process");
  }
}
