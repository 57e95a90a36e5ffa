package dev.everbearer;

import static dev.everbearer.AtIssuer.clientOf;
import static dev.everbearer.Exchanges.ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSet;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Grants that nobody uses are renewed before the server ends them for that. */
@ExtendWith(ScriptedServers.class)
class KeepAliveTest {

  private static final Duration LIMIT = Duration.ofDays(30);
  private static final Duration LOOK = Duration.ofHours(1);
  private static final KeepAlive SETTINGS = KeepAlive.standard().idleLimit(LIMIT);

  private final List<Object> events = new CopyOnWriteArrayList<>();
  private final AtomicInteger underWay = new AtomicInteger();
  private ScriptedAuthorizationServer server;
  private SettableClock clock;
  private MemoryTokenStore store;
  private OAuthClient one;
  private OAuthClient other;

  @BeforeEach
  void start(ScriptedAuthorizationServer scripted, SettableClock settable) {
    server = scripted;
    clock = settable;
    server.refreshPolicy(RefreshPolicy.STRICT);
    store = new MemoryTokenStore(clock);
    one = client().build();
    other = client().build();
  }

  @AfterEach
  void stop() {
    one.close();
    other.close();
    store.close();
  }

  private OAuthClientBuilder client() {
    return clientOf(server)
        .store(store)
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .executor(this::counted)
        .random(() -> 0.5)
        .listener(new KeptEvents(events));
  }

  /** So that the clock stands still while anything is under way. */
  private void counted(Runnable task) {
    underWay.incrementAndGet();
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } finally {
                underWay.decrementAndGet();
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void advance(Duration time) {
    clock.advance(time);
    Awaitility.await().pollInterval(Duration.ofMillis(2)).until(() -> underWay.get() == 0);
  }

  /** Goes on in steps of the pace. */
  private void advanceSeconds(int seconds) {
    for (int i = 0; i < seconds; i++) {
      advance(Duration.ofSeconds(1));
    }
  }

  private String connect(String subject) {
    String refreshToken = server.issueRefreshToken(ID);
    one.connect(
        subject,
        TokenSet.builder(AccessToken.bearer("for-" + subject))
            .expiresIn(LOOK)
            .refreshToken(Secret.of(refreshToken))
            .build());
    return refreshToken;
  }

  private GrantRecord record(String subject) {
    return store.read(GrantKey.of(ID, Grant.connected(subject))).record();
  }

  private int rotations() {
    return server.rotations();
  }

  @Test
  void eachIdleGrantIsRenewedOnceByTwoClientsAtAPace() {
    List.of("a", "b", "c", "d", "e").forEach(this::connect);
    advance(LIMIT.dividedBy(3).multipliedBy(2));
    connect("used-lately");
    one.keepAlive(SETTINGS);
    other.keepAlive(SETTINGS);
    advance(Duration.ofSeconds(30));
    assertThat(rotations()).isEqualTo(1);
    advance(Duration.ofMillis(900));
    assertThat(rotations()).as("the pace").isEqualTo(1);
    advance(Duration.ofMillis(100));
    assertThat(rotations()).isEqualTo(2);
    advanceSeconds(10);
    assertThat(rotations()).isEqualTo(5);
    for (int hour = 0; hour < 5; hour++) {
      advance(LOOK);
      advanceSeconds(3);
    }
    assertThat(rotations()).isEqualTo(5);
    assertThat(server.reuseDetected()).isZero();
    assertThat(record("used-lately").version()).isEqualTo(1);
    assertThat(record("e").generation()).isEqualTo(1);
  }

  @Test
  void grantsLiveOnAlthoughNobodyUsesThemForYears() {
    connect("a");
    one.keepAlive(SETTINGS.lookEvery(Duration.ofDays(1)));
    for (int day = 0; day < 100; day++) {
      advance(Duration.ofDays(1));
    }
    assertThat(rotations()).isBetween(4, 5);
    assertThat(record("a").dead()).isEmpty();
  }

  @Test
  void whoEndsLeavesTheRestToAnother() {
    List.of("a", "b", "c").forEach(this::connect);
    advance(LIMIT.dividedBy(3).multipliedBy(2));
    one.keepAlive(SETTINGS);
    advance(Duration.ofSeconds(30));
    assertThat(rotations()).isEqualTo(1);
    one.close();
    other.keepAlive(SETTINGS);
    advance(LOOK);
    for (int i = 0; i < 3; i++) {
      advance(LOOK);
      advanceSeconds(5);
    }
    assertThat(rotations()).isEqualTo(3);
    assertThat(server.reuseDetected()).isZero();
  }

  @Test
  void aGrantThatIsOverIsToldOnce() {
    String refreshToken = connect("gone");
    server.revokeRefreshToken(refreshToken);
    advance(LIMIT.dividedBy(3).multipliedBy(2));
    one.keepAlive(SETTINGS);
    advance(Duration.ofSeconds(30));
    advanceSeconds(5);
    for (int hour = 0; hour < 3; hour++) {
      advance(LOOK);
    }
    assertThat(events)
        .filteredOn(RenewalListener.LoginRequired.class::isInstance)
        .singleElement()
        .satisfies(
            each -> {
              RenewalListener.LoginRequired event = (RenewalListener.LoginRequired) each;
              assertThat(event.subject()).isEqualTo("gone");
              assertThat(event.reason()).isEqualTo(Reason.REVOKED);
            });
    assertThat(record("gone").dead()).contains(Reason.REVOKED);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  void aRenewalThatFailedIsTriedAgainAtTheNextLook() {
    connect("a");
    advance(LIMIT.dividedBy(3).multipliedBy(2));
    server.answerNext(Answer.json(503, "{}"));
    one.keepAlive(SETTINGS);
    advance(Duration.ofSeconds(30));
    assertThat(rotations()).isZero();
    advanceSeconds(2);
    advance(LOOK);
    assertThat(rotations()).isEqualTo(1);
    advance(LOOK);
    assertThat(rotations()).isEqualTo(1);
  }

  @Test
  void theIdleLimitIsOfTheProfileOrSaid() {
    assertThatThrownBy(() -> one.keepAlive(KeepAlive.standard()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("idleLimit(...)");
    one.keepAlive(SETTINGS);
    assertThatThrownBy(() -> one.keepAlive(SETTINGS))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("already");
    ProviderProfile profile = ProviderProfile.builder().idleLimit(LIMIT).build();
    try (OAuthClient known = client().profile(profile).build()) {
      known.keepAlive(KeepAlive.standard());
    }
    assertThatThrownBy(() -> KeepAlive.standard().pace(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
