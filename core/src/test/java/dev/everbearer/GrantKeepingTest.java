package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What must not get lost, and who must not stand in whose way. */
@ExtendWith(ScriptedServers.class)
class GrantKeepingTest {

  private ScriptedAuthorizationServer server;
  private ClockedClient clocked;

  @BeforeEach
  void start(SettableClock clock, ScriptedAuthorizationServer scripted) {
    server = scripted;
    clocked = new ClockedClient(clock, server);
  }

  @AfterEach
  void stop() {
    clocked.close();
  }

  /** Reads, but cannot write from some moment on. */
  private static final class FullStore implements TokenStore {
    private final MemoryTokenStore empty = new MemoryTokenStore();
    private final Predicate<GrantRecord> isTooMuch;

    FullStore(Predicate<GrantRecord> isTooMuch) {
      this.isTooMuch = isTooMuch;
    }

    private static boolean isAnswer(GrantRecord next) {
      return next.rotation().parent() != null;
    }

    @Override
    public Snapshot read(GrantKey key) {
      return empty.read(key);
    }

    @Override
    public boolean compareAndSet(GrantKey key, GrantRecord next) {
      if (isTooMuch.test(next)) {
        throw new IllegalStateException("disk full, canary-of-the-store");
      }
      return empty.compareAndSet(key, next);
    }

    @Override
    public void close() {
      empty.close();
    }
  }

  @Test
  void aRotatedTokenIsHandedOverEvenWhenTheStoreFailsAndTheSpentOneIsNotSentAgainAtOnce() {
    server.refreshPolicy(RefreshPolicy.STRICT);
    List<String> kept = new CopyOnWriteArrayList<>();
    try (OAuthClient client =
        clocked
            .builder()
            .store(new FullStore(FullStore::isAnswer))
            .onRotated(tokens -> kept.add(tokens.refreshToken().orElseThrow().reveal()))
            .build()) {
      TokenSource source = client.tokens(Grant.refreshToken(server.issueRefreshToken("id")));
      CompletableFuture<AccessToken> call =
          source.tokenAsync(Duration.ofSeconds(4)).toCompletableFuture();
      Awaitility.await().until(() -> !kept.isEmpty());
      Awaitility.await().until(call::isDone);
      assertThatThrownBy(call::join)
          .hasMessageContaining("token store failed")
          .hasMessageNotContaining("canary");
      clocked.clock.advance(Duration.ofSeconds(4));
      assertThat(server.tokenRequests()).hasSize(1);
      assertThat(server.reuseDetected()).isZero();
    }
  }

  @Test
  @Spec("LC-62")
  void nothingIsSentUnderAClaimThatCouldNotBeWritten() {
    try (OAuthClient client = clocked.builder().store(new FullStore(next -> true)).build()) {
      TokenSource source = client.tokens(Grant.refreshToken(server.issueRefreshToken("id")));
      CompletableFuture<AccessToken> call =
          source.tokenAsync(Duration.ofSeconds(4)).toCompletableFuture();
      clocked.clock.advance(Duration.ofSeconds(5));
      Awaitility.await().until(call::isDone);
      assertThat(call).isCompletedExceptionally();
      assertThat(server.tokenRequests()).isEmpty();
    }
  }

  @Test
  void aRefreshTokenOfClientCredentialsOutlivesARefusedClient() {
    server.refreshTokensForClientCredentials(true);
    TokenSource source = clocked.client.tokens(Grant.clientCredentials().useRefreshToken());
    AccessToken first = clocked.firstToken(source);
    server.answerNext(Answer.json(401, "{\"error\":\"invalid_client\"}"));
    source.invalidate(first);
    assertThatThrownBy(() -> source.token(Duration.ofSeconds(20)))
        .isInstanceOf(OAuthErrorException.class);
    assertThat(server.tokenRequests()).as("no second request as a refused client").hasSize(2);
    clocked.clock.advance(Duration.ofSeconds(61));
    clocked.firstToken(source);
    assertThat(server.tokenRequests().get(2).form())
        .containsEntry("grant_type", List.of("refresh_token"));
  }

  @Test
  void aHangingRequestForOneScopeDoesNotDelayAnother() {
    server.answerNext(Answer.hang(), Answer.healthy());
    CompletableFuture<AccessToken> hanging =
        clocked
            .client
            .tokens(Grant.clientCredentials().scope("a"))
            .tokenAsync()
            .toCompletableFuture();
    server.awaitHung(1, Duration.ofSeconds(10));
    AccessToken other =
        clocked
            .client
            .tokens(Grant.clientCredentials().scope("b"))
            .tokenAsync()
            .toCompletableFuture()
            .orTimeout(4, TimeUnit.SECONDS)
            .join();
    assertThat(other).isNotNull();
    assertThat(hanging).isNotDone();
    server.releaseHung();
    assertThat(hanging).succeedsWithin(Duration.ofSeconds(10));
  }

  @Test
  void aSourceThatIsClosedTwiceDoesNotTakeItsSuccessorWithIt() {
    TokenSource first = clocked.source();
    first.close();
    TokenSource second = clocked.source();
    first.close();
    assertThat(clocked.source()).isSameAs(second).isNotSameAs(first);
  }

  @Test
  void anExecutorThatRefusesDoesNotLeaveACallerWaitingForEver() {
    try (OAuthClient client =
        clocked
            .builder()
            .executor(
                task -> {
                  throw new IllegalStateException("no threads");
                })
            .build()) {
      TokenSource source = client.tokens(Grant.clientCredentials());
      assertThatThrownBy(() -> source.token(Duration.ZERO))
          .isInstanceOf(TokenTimeoutException.class);
      CompletableFuture<AccessToken> call =
          source.tokenAsync(Duration.ofSeconds(2)).toCompletableFuture();
      clocked.clock.advance(Duration.ofSeconds(3));
      assertThat(call).isCompletedExceptionally();
    }
  }
}
