package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import dev.everbearer.token.TokenTimeoutException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The life of a token, from outside, on a settable clock. */
@ExtendWith(ScriptedServers.class)
class TokenLifeTest {

  private SettableClock clock;
  private ScriptedAuthorizationServer server;
  private ClockedClient clocked;
  private TokenSource source;

  @BeforeEach
  void start(SettableClock settableClock, ScriptedAuthorizationServer scripted) {
    clock = settableClock;
    server = scripted;
    server.accessTokenLifetime(Duration.ofSeconds(100));
    clocked = new ClockedClient(clock, server);
    source = clocked.source();
  }

  @AfterEach
  void stop() {
    clocked.close();
  }

  private static Duration seconds(long seconds) {
    return Duration.ofSeconds(seconds);
  }

  @Test
  @Spec("LC-01")
  void theLifeCountsFromTheSendingOfTheRequestNotFromItsAnswer() {
    server.answerNext(
        Answer.computedFrom(
            request -> {
              clock.advance(seconds(5));
              return Answer.json(
                  200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"expires_in\":6}");
            }));
    AccessToken first = clocked.firstToken(source);
    assertThat(first.expiresAt()).contains(clock.instant().plusSeconds(1));
    assertThat(source.token(Duration.ZERO)).isEqualTo(first);
    clock.advance(seconds(1));
    assertThat(source.token()).isNotEqualTo(first);
  }

  @Test
  @Spec("LC-12")
  void aTokenIsRenewedInTheBackgroundAtItsSoftMarginAndNobodyWaits() {
    AccessToken first = clocked.firstToken(source);
    clock.advance(seconds(68));
    assertThat(source.token()).isEqualTo(first);
    assertThat(server.tokenRequests()).hasSize(1);
    clock.advance(seconds(2)); // jitter 0.5 moves the soft point from 75 to 70
    ClockedClient.awaitSuccessor(source, first);
    assertThat(server.tokenRequests()).hasSize(2);
    Awaitility.await().until(() -> clocked.eventsOf(RenewalListener.Obtained.class).size() == 2);
    RenewalListener.Obtained renewal = clocked.eventsOf(RenewalListener.Obtained.class).get(1);
    assertThat(renewal.isBackground()).isTrue();
    assertThat(renewal.lead()).isEqualTo(seconds(30));
    assertThat(clocked.eventsOf(RenewalListener.Waited.class)).hasSize(1);
  }

  @Test
  @Spec("LC-02")
  void aStepOfTheWallClockIsSeenWithinATick() {
    AccessToken first = clocked.firstToken(source);
    clock.stepWall(seconds(200));
    clock.advance(seconds(1));
    assertThat(source.state()).isEqualTo(TokenState.EXPIRED);
    assertThat(source.token()).isNotEqualTo(first);
  }

  @Test
  @Spec("LC-03")
  void aSleepOfTheMachineEndsATokenByTheWallClock() {
    AccessToken first = clocked.firstToken(source);
    clock.sleepMachine(seconds(3600));
    clock.advance(seconds(1));
    assertThat(source.token()).isNotEqualTo(first);
  }

  @Test
  @Spec("LC-03")
  void aWallClockSetBackExtendsNothing() {
    AccessToken first = clocked.firstToken(source);
    clock.stepWall(seconds(-3600));
    clock.advance(seconds(1));
    assertThat(source.token()).isEqualTo(first);
    clock.advance(seconds(99));
    assertThat(source.token(seconds(5))).isNotEqualTo(first);
  }

  @Test
  @Spec("LC-03")
  void aWallClockSetForwardOnlyRenewsEarly() {
    AccessToken first = clocked.firstToken(source);
    clock.stepWall(seconds(80));
    clock.advance(seconds(1)); // 19 s are left: past the soft margin
    ClockedClient.awaitSuccessor(source, first);
    assertThat(clocked.eventsOf(RenewalListener.Failed.class)).isEmpty();
  }

  @Test
  @Spec("LC-04")
  void hostsWithWrongClocksAgreeByTheClockOfTheirStore() {
    MemoryTokenStore store = new MemoryTokenStore(clock);
    try (OAuthClient early = withClockAhead(store, seconds(300));
        OAuthClient late = withClockAhead(store, seconds(-300))) {
      String rotating = server.issueRefreshToken("id");
      TokenSource one = early.tokens(Grant.refreshToken(rotating));
      TokenSource other = late.tokens(Grant.refreshToken(rotating));
      AccessToken first = clocked.firstToken(one);
      assertThat(clocked.firstToken(other)).isEqualTo(first);
      for (int renewal = 0; renewal < 5; renewal++) {
        // To the soft point and no further: nothing may move while a renewal is under way.
        clock.advance(seconds(70));
        AccessToken before = first;
        ClockedClient.awaitSuccessor(one, before);
        ClockedClient.awaitSuccessor(other, before);
        first = one.token();
        assertThat(other.token()).isEqualTo(first);
        assertThat(one.state()).isEqualTo(TokenState.FRESH);
        assertThat(other.state()).isEqualTo(TokenState.FRESH);
      }
      assertThat(server.tokenRequests()).hasSize(6);
      assertThat(server.rotations()).isEqualTo(6);
      assertThat(server.familiesRevoked()).isZero();
    }
  }

  private OAuthClient withClockAhead(MemoryTokenStore store, Duration ahead) {
    InstantSource wrong = () -> clock.instant().plus(ahead);
    return clocked.builder().clocks(wrong, clock::nanoTime).store(store).build();
  }

  @Test
  void aTokenOfAnotherServerIsNotAdoptedFromASharedStore() {
    MemoryTokenStore store = new MemoryTokenStore(clock);
    try (ScriptedAuthorizationServer other = ScriptedAuthorizationServer.start();
        OAuthClient here = clocked.builder().store(store).build();
        OAuthClient there =
            clocked
                .builder()
                .store(store)
                .tokenEndpoint(other.tokenEndpoint().toString())
                .build()) {
      other.registerClient("id", "secret");
      AccessToken ours = clocked.firstToken(here.tokens(Grant.clientCredentials()));
      AccessToken theirs = clocked.firstToken(there.tokens(Grant.clientCredentials()));
      assertThat(theirs).isNotEqualTo(ours);
      assertThat(other.isActive(theirs.value())).isTrue();
    }
  }

  @Test
  @Spec("LC-14")
  void aTokenThatNobodyUsesIsNotRenewed() {
    source.warmUp();
    server.awaitRequests(1, seconds(5));
    Awaitility.await().until(() -> source.state() == TokenState.FRESH);
    clock.advance(seconds(99));
    clock.advance(seconds(1000));
    assertThat(server.tokenRequests()).hasSize(1);
    assertThat(source.state()).isEqualTo(TokenState.EXPIRED);
    assertThat(source.token()).isNotNull();
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @Test
  @Spec("LC-14")
  void aTokenThatNobodyUsesIsRenewedWhenThePolicySaysSo() {
    try (OAuthClient keen =
        clocked.builder().renewalPolicy(RenewalPolicy.standard().renewIdle()).build()) {
      TokenSource kept = keen.tokens(Grant.clientCredentials()).warmUp();
      Awaitility.await().until(() -> kept.state() == TokenState.FRESH);
      clock.advance(seconds(71));
      server.awaitRequests(2, seconds(5));
    }
  }

  @Test
  @Spec("LC-15")
  void aWaiterThatGivesUpHarmsNobodyAndAllOthersGetTheTokenWhenTheServerRecovers()
      throws Exception {
    server.answerAlways(Answer.status(503));
    List<CompletableFuture<AccessToken>> waiters = new ArrayList<>();
    for (int i = 0; i < 49; i++) {
      waiters.add(source.tokenAsync(seconds(20)).toCompletableFuture());
    }
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    CountDownLatch started = new CountDownLatch(1);
    Thread impatient =
        new Thread(
            () -> {
              started.countDown();
              try {
                source.token(seconds(20));
              } catch (TokenTimeoutException e) {
                thrown.set(Thread.currentThread().isInterrupted() ? e : null);
              }
            });
    impatient.start();
    started.await();
    impatient.interrupt();
    impatient.join();
    assertThat(thrown.get()).isInstanceOf(TokenTimeoutException.class);

    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              clock.advance(Duration.ofMillis(50));
              return server.tokenRequests().size() >= 3;
            });
    server.answerHealthy();
    AccessToken token = clocked.advanceUntilDone(waiters.get(0), Duration.ofMillis(100));
    assertThat(waiters).allSatisfy(waiter -> assertThat(waiter.join()).isEqualTo(token));
  }

  @Test
  @Spec("LC-15")
  void eachWaiterFailsAtItsOwnDeadlineAndIsToldWhatWasTried() {
    server.answerAlways(Answer.status(500));
    CompletableFuture<AccessToken> shorter = source.tokenAsync(seconds(2)).toCompletableFuture();
    CompletableFuture<AccessToken> longer = source.tokenAsync(seconds(8)).toCompletableFuture();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(2))
        .until(
            () -> {
              clock.advance(Duration.ofMillis(50));
              return shorter.isDone();
            });
    assertThat(longer).isNotDone();
    assertThatThrownBy(shorter::join)
        .cause()
        .isInstanceOf(TokenTimeoutException.class)
        .hasMessageContaining("No access token within 2")
        .hasMessageContaining("attempt")
        .hasMessageContaining("answered 500")
        .hasMessageContaining(server.tokenEndpoint().toString());
    server.answerHealthy();
    assertThat(clocked.advanceUntilDone(longer, Duration.ofMillis(50))).isNotNull();
  }

  @Test
  void fiftyThreadsOnAColdSourceMakeOneRequest() throws Exception {
    server.answerNext(Answer.healthy().delayed(Duration.ofMillis(200)));
    CountDownLatch go = new CountDownLatch(1);
    List<CompletableFuture<AccessToken>> calls = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      calls.add(
          CompletableFuture.supplyAsync(
              () -> {
                awaitQuietly(go);
                return source.token();
              },
              task -> new Thread(task).start()));
    }
    go.countDown();
    AccessToken token = calls.get(0).get();
    assertThat(calls).allSatisfy(call -> assertThat(call.join()).isEqualTo(token));
    assertThat(server.tokenRequests()).hasSize(1);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void equalGrantsShareOneSourceAndOthersDoNot() {
    OAuthClient client = clocked.client;
    assertThat(client.tokens(Grant.clientCredentials())).isSameAs(source);
    assertThat(client.tokens(Grant.clientCredentials().scope("b a")))
        .isSameAs(client.tokens(Grant.clientCredentials().scope("a", "b")));
    assertThat(client.tokens(Grant.clientCredentials().scope("a"))).isNotSameAs(source);
  }

  @Test
  void aRotatedRefreshTokenIsHandedOverBeforeItsAccessTokenIsUsed() {
    List<String> kept = new ArrayList<>();
    server.refreshPolicy(RefreshPolicy.STRICT);
    String first = server.issueRefreshToken("id");
    try (OAuthClient client =
        clocked
            .builder()
            .onRotated(tokens -> kept.add(tokens.refreshToken().orElseThrow().reveal()))
            .build()) {
      TokenSource rotating = client.tokens(Grant.refreshToken(first));
      rotating.token();
      assertThat(kept).hasSize(1);
      clock.advance(seconds(101));
      rotating.token();
      assertThat(kept).hasSize(2).doesNotHaveDuplicates().doesNotContain(first);
    }
    assertThat(server.reuseDetected()).isZero();
  }

  @Test
  void twoVariantsOfOneRefreshTokenTakeTurns() throws Exception {
    server.refreshPolicy(RefreshPolicy.STRICT);
    String rotating = server.issueRefreshToken("id", "read", "write");
    TokenSource read = clocked.client.tokens(Grant.refreshToken(rotating).scope("read"));
    TokenSource write = clocked.client.tokens(Grant.refreshToken(rotating).scope("write"));
    for (int round = 0; round < 5; round++) {
      CompletableFuture<AccessToken> one = read.tokenAsync().toCompletableFuture();
      CompletableFuture<AccessToken> two = write.tokenAsync().toCompletableFuture();
      assertThat(one.get()).isNotEqualTo(two.get());
      clock.advance(seconds(101));
    }
    assertThat(server.reuseDetected()).isZero();
    assertThat(server.rotations()).isEqualTo(10);
  }

  @Test
  void closingFailsThoseWhoWaitAndAllWhoAskLater() {
    server.answerAlways(Answer.status(503));
    CompletableFuture<AccessToken> waiting = source.tokenAsync().toCompletableFuture();
    clocked.client.close();
    assertThatThrownBy(waiting::join).hasCauseInstanceOf(SourceClosedException.class);
    assertThatThrownBy(source::token).isInstanceOf(SourceClosedException.class);
    assertThatThrownBy(() -> clocked.client.tokens(Grant.clientCredentials().scope("x")))
        .isInstanceOf(SourceClosedException.class)
        .hasMessageContaining("Build a new OAuthClient");
    assertThatThrownBy(() -> clocked.client.fetch(Grant.clientCredentials()))
        .isInstanceOf(SourceClosedException.class);
    assertThat(clock.pendingTasks()).isZero();
  }

  @Test
  void aWithdrawnTokenIsNotHandedOutAgain() {
    AccessToken first = clocked.firstToken(source);
    source.invalidate(AccessToken.bearer("another"));
    assertThat(source.token()).isEqualTo(first);
    source.invalidate(first);
    assertThat(source.token()).isNotEqualTo(first);
  }

  @Test
  void stagesCannotBeCompletedFromOutside() {
    server.answerAlways(Answer.status(503));
    CompletableFuture<AccessToken> mine = source.tokenAsync().toCompletableFuture();
    mine.complete(AccessToken.bearer("forged"));
    CompletableFuture<AccessToken> other = source.tokenAsync().toCompletableFuture();
    assertThat(other).isNotDone();
    server.answerHealthy();
    assertThat(clocked.advanceUntilDone(other, Duration.ofMillis(100)).value())
        .isNotEqualTo("forged");
  }

  @Test
  void aDiagnosisSaysInWordsWhereTheSourceStands() {
    assertThat(source.diagnose()).contains("EMPTY").contains("No token is in hand");
    source.token();
    assertThat(source.diagnose()).contains("FRESH").contains("ends in 100 s");
    server.answerAlways(Answer.status(502));
    clock.advance(seconds(71));
    Awaitility.await().until(() -> source.diagnose().contains("answered 502"));
    assertThat(source.diagnose()).contains("RENEWABLE").contains("attempt");
  }
}
