package dev.everbearer.renewal;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.clientOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.CapturedLogs;
import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.Outbox;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A store that outlives the process, and fails at times: the server ends a grant at any reuse. */
@Timeout(60)
@ExtendWith(ScriptedServers.class)
class DurableStoreTest {

  private final ScriptedAuthorizationServer server;
  private final FailingStore store = new FailingStore();
  private final Outbox outbox = Outbox.inMemory();

  DurableStoreTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  @BeforeEach
  void rotateStrictly() {
    server.refreshPolicy(RefreshPolicy.STRICT);
  }

  private OAuthClient client() {
    return clientOf(server)
        .store(store)
        .outbox(outbox)
        .exchangeTimeout(Duration.ofSeconds(5))
        .maxWait(Duration.ofSeconds(3))
        .build();
  }

  private static boolean isAnswer(GrantRecord next) {
    return next.rotation().parent() != null && next.rotation().lease() == null;
  }

  private String storedRefreshToken(Grant grant) {
    return store.kept.read(GrantKey.of(ID, grant)).record().refreshToken().orElseThrow().reveal();
  }

  @Test
  @Spec({"RF-03", "LC-12"})
  void whatTheStoreDoesNotTakeIsUsedAndWrittenWhenItDoes() {
    Grant grant = Grant.refreshToken(server.issueRefreshToken(ID));
    store.refusesWrites.set(DurableStoreTest::isAnswer);
    try (OAuthClient client = client()) {
      AccessToken token = client.tokens(grant).token();
      assertThat(token.value()).isNotBlank();
      assertThat(outbox.uncommitted(GrantKey.of(ID, grant))).isNotNull();
      assertThat(client.diagnose()).contains("holds new tokens of one grant", "Check the store.");
      store.refusesWrites.set(next -> false);
      Awaitility.await().until(() -> outbox.uncommitted().isEmpty());
      assertThat(server.tokenRequests()).hasSize(1);
    }
    assertThat(store.kept.read(GrantKey.of(ID, grant)).record().rotation().senders()).isEmpty();
  }

  @Test
  @Spec("RF-03")
  void whatAProcessLeftInItsOutboxIsWrittenByTheNextOneBeforeItSendsAnything() {
    Grant grant = Grant.refreshToken(server.issueRefreshToken(ID));
    store.refusesWrites.set(DurableStoreTest::isAnswer);
    try (OAuthClient client = client()) {
      AccessToken unused = client.tokens(grant).token();
    }
    String before = storedRefreshToken(grant);
    store.refusesWrites.set(next -> false);
    try (OAuthClient next = client()) {
      TokenSource source = next.tokens(grant);
      AccessToken taken = source.token();
      source.invalidate(taken);
      assertThat(source.token()).isNotEqualTo(taken);
    }
    assertThat(storedRefreshToken(grant)).isNotEqualTo(before);
    assertThat(outbox.uncommitted()).isEmpty();
    assertThat(server.tokenRequests()).hasSize(2);
    assertThat(server.reuseDetected()).isZero();
  }

  @Test
  @Spec("RF-03")
  void whatAProcessLeftInItsOutboxIsWrittenByTheNextOneThoughNobodyAsksIt() {
    Grant grant = Grant.refreshToken(server.issueRefreshToken(ID));
    store.refusesWrites.set(DurableStoreTest::isAnswer);
    try (OAuthClient client = client()) {
      AccessToken unused = client.tokens(grant).token();
    }
    String before = storedRefreshToken(grant);
    store.refusesWrites.set(next -> false);
    try (OAuthClient next = client()) {
      Awaitility.await().until(() -> outbox.uncommitted().isEmpty());
      assertThat(next.diagnose()).doesNotContain("Check the store.");
    }
    assertThat(storedRefreshToken(grant)).isNotEqualTo(before);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec({"LC-12", "LC-62"})
  void whileTheStoreIsDownARotatingTokenWaitsAndWhatCanBeHadAnewDoesNot() {
    store.down(true);
    try (OAuthClient client = client()) {
      AccessToken own = client.tokens(Grant.clientCredentials()).token();
      assertThat(own.value()).isNotBlank();
      TokenSource source = client.tokens(Grant.refreshToken(server.issueRefreshToken(ID)));
      assertThatThrownBy(source::token)
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("token store failed")
          .hasMessageContaining("nothing was sent")
          .hasMessageNotContaining("canary");
      assertThat(server.tokenRequests()).hasSize(1);
      store.down(false);
      assertThat(source.token(Duration.ofSeconds(20)).value()).isNotBlank();
    }
  }

  // ---- a store whose reads lag behind its writes

  @Test
  @Spec({"RF-03", "LC-61"})
  void writesThatComeTooLateAreMadeAgain() {
    store.losesWrites.set(5);
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(Grant.refreshToken(server.issueRefreshToken(ID)));
      assertThat(source.token(Duration.ofSeconds(20)).value()).isNotBlank();
      assertThat(server.tokenRequests()).hasSize(1);
    }
  }

  @Test
  @Spec("LC-61")
  void aStoreThatTakesNoneOfThemIsNotStormed() {
    store.losesWrites.set(Integer.MAX_VALUE);
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(Grant.refreshToken(server.issueRefreshToken(ID)));
      assertThatThrownBy(() -> source.token(Duration.ofSeconds(2)))
          .isInstanceOf(OAuthException.class);
      assertThat(store.roundTrips.get()).isLessThan(60);
      assertThat(server.tokenRequests()).isEmpty();
      store.losesWrites.set(0);
    }
  }

  // ---- a refusal

  /** What is written after the server's answer, refusals included. */
  private static boolean isAfterAnswer(GrantRecord next) {
    return next.version() > 2 && next.rotation().senders().isEmpty();
  }

  @Test
  @Spec({"RF-07", "LC-62"})
  void aRefusalThatTheStoreDoesNotTakeIsSettledAsSoonAsItDoesAndNothingIsSentAgain() {
    AtomicInteger refused = new AtomicInteger();
    store.refusesWrites.set(next -> isAfterAnswer(next) && refused.incrementAndGet() > 0);
    server.answerAlways(Answer.json(400, "{\"error\":\"invalid_grant\"}"));
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(Grant.refreshToken(server.issueRefreshToken(ID)));
      CompletableFuture<AccessToken> token =
          source.tokenAsync(Duration.ofSeconds(20)).toCompletableFuture();
      Awaitility.await().until(() -> refused.get() > 1);
      assertThat(token).isNotDone();
      store.refusesWrites.set(next -> false);
      assertThat(token)
          .failsWithin(Duration.ofSeconds(8))
          .withThrowableThat()
          .withCauseInstanceOf(LoginRequiredException.class);
      assertThat(server.tokenRequests()).hasSize(1);
    }
  }

  @Test
  void aRenewalIsThreeRoundTripsToTheStore() {
    try (OAuthClient client = client()) {
      TokenSource source = client.tokens(Grant.refreshToken(server.issueRefreshToken(ID)));
      AccessToken first = source.token();
      int before = store.roundTrips.get();
      source.invalidate(first);
      assertThat(source.token()).isNotEqualTo(first);
      assertThat(store.roundTrips.get() - before).as("read, take, commit").isEqualTo(3);
    }
  }

  @Test
  @Spec("RF-03")
  void whoHasNoOutboxOnADiskIsToldOnce() {
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.renewal");
        OAuthClient client = client()) {
      for (int i = 0; i < 2; i++) {
        AccessToken unused =
            client.tokens(Grant.refreshToken(server.issueRefreshToken(ID))).token();
      }
      assertThat(logs.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains("no outbox on a disk", "server's answer", "outbox(Outbox.in(");
    }
  }

  @Test
  @Spec("LC-60")
  void aSiblingsRenewalIsAdopted() {
    Grant grant = Grant.refreshToken(server.issueRefreshToken(ID));
    try (OAuthClient one = client();
        OAuthClient other = clientOf(server).store(store).outbox(Outbox.inMemory()).build()) {
      AccessToken first = one.tokens(grant).token();
      assertThat(other.tokens(grant).token()).isEqualTo(first);
      one.tokens(grant).invalidate(first);
      AccessToken second = one.tokens(grant).token();
      other.tokens(grant).invalidate(first);
      assertThat(List.of(other.tokens(grant).token())).containsExactly(second);
      assertThat(server.tokenRequests()).hasSize(2);
    }
  }
}
