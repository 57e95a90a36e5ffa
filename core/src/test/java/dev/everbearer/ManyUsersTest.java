package dev.everbearer;

import static dev.everbearer.AtIssuer.clientOf;
import static dev.everbearer.Exchanges.ID;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.Secret;
import dev.everbearer.token.ServerUnavailableException;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** One client for many users, each with a grant of their own in the store. */
@ExtendWith(ScriptedServers.class)
class ManyUsersTest {

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration LIFE = Duration.ofHours(1);

  private final MemoryTokenStore store = new MemoryTokenStore();
  private ScriptedAuthorizationServer server;

  @BeforeEach
  void start(ScriptedAuthorizationServer scripted) {
    server = scripted;
    server.registerClient(ID, "any");
    server.refreshPolicy(RefreshPolicy.STRICT);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private OAuthClientBuilder client() {
    return clientOf(server).store(store).exchangeTimeout(Duration.ofSeconds(5));
  }

  /** What a login brought, with an access token that is used up. */
  private TokenSet login() {
    return login("ended", Duration.ZERO);
  }

  private TokenSet login(String accessToken, Duration life) {
    return TokenSet.builder(AccessToken.bearer(accessToken))
        .expiresIn(life)
        .refreshToken(Secret.of(server.issueRefreshToken(ID)))
        .build();
  }

  private GrantRecord record(String subject) {
    return store.read(GrantKey.of(ID, Grant.connected(subject))).record();
  }

  private static LoginRequiredException refused(TokenSource source) {
    try {
      AccessToken token = source.token(LONG);
      throw new AssertionError("a token came: " + token);
    } catch (LoginRequiredException e) {
      return e;
    }
  }

  @Test
  void theTokenOfTheLoginIsUsedAndThenRenewedFromTheStore() {
    try (OAuthClient client = client().build()) {
      client.connect("alice", login("of-the-login", LIFE));
      TokenSource alice = client.tokensOf("alice");
      assertThat(alice.token(LONG).value()).isEqualTo("of-the-login");
      assertThat(server.tokenRequests()).isEmpty();
      alice.invalidate(alice.token());
      assertThat(alice.token(LONG).value()).isNotEqualTo("of-the-login");
      assertThat(server.rotations()).isEqualTo(1);
    }
  }

  @Test
  @Spec("LC-60")
  void anotherProcessGoesOnWithTheSameRecordAndALaterScopeOrIssuerLosesNothing() {
    try (OAuthClient byEndpoint = Exchanges.clientOf(server).store(store).build()) {
      byEndpoint.connect("alice", login());
      byEndpoint.tokensOf("alice").token(LONG);
    }
    try (OAuthClient byIssuer = client().build()) {
      byIssuer.tokensOf("alice").token(LONG);
      byIssuer.tokens(Grant.connected("alice").resource("https://a.example")).token(LONG);
    }
    assertThat(server.rotations()).isEqualTo(2);
    assertThat(server.reuseDetected()).isZero();
    assertThat(record("alice").tokens()).hasSize(2);
  }

  @Test
  void usersAreKeptApartAndEqualOnesShareOneSource() {
    try (OAuthClient client = client().build()) {
      client.connect("alice", login("for-alice", LIFE));
      client.connect("bob", login("for-bob", LIFE));
      assertThat(client.tokensOf("alice")).isSameAs(client.tokens(Grant.connected("alice")));
      assertThat(client.tokensOf("alice").token(LONG).value()).isEqualTo("for-alice");
      assertThat(client.tokensOf("bob").token(LONG).value()).isEqualTo("for-bob");
    }
  }

  @Test
  void aUserWhoWasNeverConnectedIsToldHowToBe() {
    try (OAuthClient client = client().build()) {
      TokenSource nobody = client.tokensOf("nobody");
      assertThat(refused(nobody)).hasMessageContaining("connect(\"nobody\", tokens)");
      client.connect("nobody", login("at-last", LIFE));
      assertThat(nobody.token(LONG).value()).isEqualTo("at-last");
      assertThat(server.tokenRequests()).isEmpty();
    }
  }

  @Test
  void aLoginWithoutARefreshTokenServesAsLongAsItsAccessToken() {
    try (OAuthClient client = client().build()) {
      client.connect(
          "alice", TokenSet.builder(AccessToken.bearer("all-there-is")).expiresIn(LIFE).build());
      TokenSource alice = client.tokensOf("alice");
      assertThat(alice.token(LONG).value()).isEqualTo("all-there-is");
      alice.invalidate(alice.token());
      assertThat(refused(alice)).hasMessageContaining("brought no refresh token");
    }
  }

  @Test
  void fetchIsNotForWhatIsInTheStore() {
    try (OAuthClient client = client().build()) {
      assertThatThrownBy(() -> client.fetch(Grant.connected("alice")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("tokens(...)");
      for (String bad : List.of("", "a\nb")) {
        assertThatThrownBy(() -> client.tokensOf(bad)).isInstanceOf(IllegalArgumentException.class);
      }
    }
  }

  @Test
  void aLoginThatCannotBeKeptIsNoSilence() {
    TokenStore full =
        new TokenStore() {
          @Override
          public Snapshot read(GrantKey key) {
            return store.read(key);
          }

          @Override
          public boolean compareAndSet(GrantKey key, GrantRecord next) {
            throw new IllegalStateException("cAnArY");
          }

          @Override
          public void close() {}
        };
    try (OAuthClient client = client().store(full).build()) {
      assertThatThrownBy(() -> client.connect("alice", login()))
          .isInstanceOf(ServerUnavailableException.class)
          .hasMessageContaining("java.lang.IllegalStateException")
          .hasMessageNotContaining("cAnArY");
    }
  }

  // ---- login, logout

  @Test
  void disconnectRevokesAndLeavesATombstoneThatANewLoginReplaces() {
    try (OAuthClient client = client().build()) {
      client.connect("alice", login());
      TokenSource alice = client.tokensOf("alice");
      AccessToken token = alice.token(LONG);
      client.disconnect("alice");
      assertThat(refused(alice).reason()).isEqualTo(Reason.LOGGED_OUT);
      assertThat(server.isActive(token.value())).isFalse();
      assertThat(record("alice").dead()).contains(Reason.LOGGED_OUT);
      long generation = record("alice").generation();
      client.connect("alice", login("anew", LIFE));
      assertThat(alice.token(LONG).value()).isEqualTo("anew");
      assertThat(record("alice").generation()).isEqualTo(generation + 1);
      assertThat(record("alice").dead()).isEmpty();
    }
  }

  @Test
  void whoWasNeverConnectedLeavesNoTombstone() {
    try (OAuthClient client = client().build()) {
      client.disconnect("nobody");
      assertThat(record("nobody").version()).isZero();
      assertThat(server.requestsTo("revocation_endpoint")).isEmpty();
    }
  }

  @Test
  void aLoginDuringARenewalWinsAndTheSourceGoesOnWithIt() {
    server.answerNext(Answer.healthy().held());
    try (OAuthClient client = client().build()) {
      client.connect("alice", login());
      TokenSource alice = client.tokensOf("alice");
      CompletableFuture<AccessToken> caller = alice.tokenAsync(LONG).toCompletableFuture();
      server.awaitHung(1, LONG);
      client.connect("alice", login("the-newer-login", LIFE));
      server.releaseHung();
      assertThat(caller.orTimeout(10, TimeUnit.SECONDS).join().value())
          .isEqualTo("the-newer-login");
      Awaitility.await()
          .untilAsserted(() -> assertThat(alice.token(LONG).value()).isEqualTo("the-newer-login"));
      assertThat(record("alice").generation()).isEqualTo(2);
    }
  }

  @Test
  void loginsAndLogoutsOfOneUserAtOnceAreEachWhole() {
    try (OAuthClient client = client().build()) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        TokenSet login = login("login-" + i, LIFE);
        all.add(CompletableFuture.runAsync(() -> client.connect("alice", login)));
        all.add(CompletableFuture.runAsync(() -> client.disconnect("alice")));
      }
      CompletableFuture.allOf(all.toArray(CompletableFuture<?>[]::new)).join();
      client.connect("alice", login("the-last", LIFE));
      assertThat(client.tokensOf("alice").token(LONG).value()).isEqualTo("the-last");
      assertThat(server.reuseDetected()).isZero();
    }
  }

  @Test
  void grantsAreListedByPagesWithoutTheClientsOwn() {
    try (OAuthClient client = client().build()) {
      client.tokens(Grant.clientCredentials()).token(LONG);
      for (String each : List.of("d", "b", "a", "c", "e")) {
        client.connect(each, login("for-" + each, LIFE));
      }
      client.disconnect("c");
      List<GrantSummary> first = client.connections(null, 2);
      assertThat(first).extracting(each -> each.key().subject()).containsExactly("a", "b");
      List<GrantSummary> rest = client.connections("b", 10);
      assertThat(rest).extracting(each -> each.key().subject()).containsExactly("c", "d", "e");
      assertThat(rest.get(0).state()).isEqualTo(GrantSummary.State.DEAD);
      assertThat(rest.get(1).state()).isEqualTo(GrantSummary.State.LIVE);
      assertThat(rest.get(1).expiresAt()).isNotNull();
      assertThat(client.connections("e", 1)).isEmpty();
      assertThatThrownBy(() -> client.connections(null, 0))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  // ---- as many as are in use

  @Test
  void tenThousandUsersCostNoThread() {
    try (OAuthClient client = client().build()) {
      client.connect("user-0", login("t", LIFE));
      client.tokensOf("user-0").token(LONG);
      int before = Thread.getAllStackTraces().size();
      List<TokenSource> all =
          IntStream.range(0, 10_000).mapToObj(i -> client.tokensOf("user-" + i)).toList();
      assertThat(all).doesNotHaveDuplicates().allMatch(each -> each.state() != null);
      assertThat(Thread.getAllStackTraces().size()).isLessThanOrEqualTo(before + 2);
      assertThat(server.tokenRequests()).isEmpty();
    }
  }

  @Test
  void theLongestUnusedAreLetGoOfBeyondTheBound(SettableClock clock) {
    try (OAuthClient client =
        client()
            .clocks(clock, clock::nanoTime)
            .scheduler(clock.scheduler())
            .keptSources(10, LIFE)
            .build()) {
      TokenSource first = client.tokensOf("user-0");
      client.connect("user-0", login("still-mine", LIFE.multipliedBy(2)));
      assertThat(first.token(LONG).value()).isEqualTo("still-mine");
      for (int i = 1; i < 100; i++) {
        clock.advance(Duration.ofSeconds(1));
        TokenSource unused = client.tokensOf("user-" + i);
      }
      assertThat(client.diagnose()).matches("Tokens of ([1-9]|10) connected users\\.");
      assertThat(first.state()).isEqualTo(TokenState.EMPTY);
      assertThat(first.token(LONG).value()).as("from the store").isEqualTo("still-mine");
      assertThat(client.tokensOf("user-0")).isSameAs(first);
    }
  }

  @Test
  void anIdleOneIsLetGoOfAndOneInUseIsNot(SettableClock clock) {
    try (OAuthClient client =
        client()
            .clocks(clock, clock::nanoTime)
            .scheduler(clock.scheduler())
            .keptSources(10, Duration.ofMinutes(10))
            .build()) {
      client.connect("idle", login("for-idle", LIFE));
      client.connect("busy", login("for-busy", LIFE));
      TokenSource idle = client.tokensOf("idle");
      TokenSource busy = client.tokensOf("busy");
      AccessToken idleToken = idle.token(LONG);
      for (int minute = 0; minute < 20; minute++) {
        assertThat(busy.token(LONG).value()).isEqualTo("for-busy");
        clock.advance(Duration.ofMinutes(1));
      }
      assertThat(idle.state()).isEqualTo(TokenState.EMPTY);
      assertThat(busy.state()).isEqualTo(TokenState.FRESH);
      assertThat(client.tokensOf("busy")).isSameAs(busy);
      assertThat(idle.token(LONG)).isEqualTo(idleToken);
      assertThat(server.tokenRequests()).isEmpty();
    }
  }

  @Test
  void aClosedSourceStaysClosedAndItsUserGetsANewOne() {
    try (OAuthClient client = client().build()) {
      client.connect("alice", login("t", LIFE));
      TokenSource closed = client.tokensOf("alice");
      closed.close();
      assertThatThrownBy(closed::token).isInstanceOf(SourceClosedException.class);
      assertThat(client.tokensOf("alice").token(LONG).value()).isEqualTo("t");
    }
  }

  @Test
  void afterTheClientIsClosedThereIsNothing() {
    OAuthClient client = client().build();
    client.connect("alice", login("t", LIFE));
    TokenSource alice = client.tokensOf("alice");
    alice.token(LONG);
    client.close();
    assertThatThrownBy(() -> alice.token(LONG)).isInstanceOf(SourceClosedException.class);
    assertThat(alice.tokenAsync().toCompletableFuture()).isCompletedExceptionally();
    assertThatThrownBy(() -> client.tokensOf("bob")).isInstanceOf(SourceClosedException.class);
  }
}
