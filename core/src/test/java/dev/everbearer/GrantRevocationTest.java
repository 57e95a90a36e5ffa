package dev.everbearer;

import static dev.everbearer.AtIssuer.clientOf;
import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.PendingRevocation;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.ServerUnavailableException;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Giving a whole grant back: out of use here first, then at the server (RFC 7009). */
@ExtendWith(ScriptedServers.class)
class GrantRevocationTest {

  private static final Duration LONG = Duration.ofSeconds(10);

  private final MemoryTokenStore store = new MemoryTokenStore();
  private ScriptedAuthorizationServer server;
  private Grant grant;
  private String refreshToken;

  @BeforeEach
  void start(ScriptedAuthorizationServer scripted) {
    server = scripted;
    server.registerClient(ID, "any");
    refreshToken = server.issueRefreshToken(ID);
    grant = Grant.refreshToken(refreshToken);
  }

  @AfterEach
  void stop() {
    store.close();
  }

  private OAuthClientBuilder client() {
    return clientOf(server)
        .store(store)
        .maxWait(Duration.ofMillis(500))
        .exchangeTimeout(Duration.ofSeconds(2));
  }

  private void answerRevocations(Answer... answers) {
    server.script(server.revocationEndpoint().getPath()).answerNext(answers);
  }

  private List<String> revoked() {
    return server.requestsTo("revocation_endpoint").stream()
        .map(request -> request.form().get("token_type_hint").get(0))
        .toList();
  }

  private List<String> revokedTokens() {
    return server.requestsTo("revocation_endpoint").stream()
        .map(request -> request.form().get("token").get(0))
        .toList();
  }

  private GrantRecord record() {
    return store.read(GrantKey.of(ID, grant)).record();
  }

  private void assertTombstone(int pending) {
    GrantRecord record = record();
    assertThat(record.dead()).contains(Reason.LOGGED_OUT);
    assertThat(record.refreshToken()).isEmpty();
    assertThat(record.tokens()).isEmpty();
    assertThat(record.toRevoke()).hasSize(pending);
  }

  private static void assertLoggedOut(TokenSource source) {
    assertThatThrownBy(() -> source.token(LONG))
        .isInstanceOfSatisfying(
            LoginRequiredException.class,
            refused -> assertThat(refused.reason()).isEqualTo(Reason.LOGGED_OUT))
        .hasMessageContaining("logged out");
  }

  @Test
  @Spec("RV-05")
  void theRefreshTokenIsRevokedBeforeTheAccessTokensOfAllScopes() {
    try (OAuthClient client = client().build()) {
      TokenSource source = client.tokens(grant);
      AccessToken token = source.token(LONG);
      TokenSource other =
          client.tokens(Grant.refreshToken(refreshToken).resource("https://a.example"));
      AccessToken otherToken = other.token(LONG);
      String rotated = record().refreshToken().orElseThrow().reveal();

      client.revoke(grant);

      assertThat(revoked()).containsExactly("refresh_token", "access_token", "access_token");
      assertThat(revokedTokens())
          .startsWith(rotated)
          .contains(token.value(), otherToken.value())
          .noneMatch(server::isActive);
      assertTombstone(0);
      assertLoggedOut(source);
      assertLoggedOut(other);
      assertThat(source.diagnose()).contains("logged out");
    }
  }

  @Test
  @Spec("RV-05")
  void aRefreshTokenThatWasNeverUsedIsRevokedAndNotUsedAfterwards() {
    try (OAuthClient client = client().build()) {
      client.revoke(grant);
      assertThat(revokedTokens()).containsExactly(refreshToken);
      assertLoggedOut(client.tokens(grant));
      assertThat(server.tokenRequests()).isEmpty();
    }
  }

  @Test
  @Spec("RV-05")
  void aFailedRevocationLeavesATombstoneThatALaterRunRetries() {
    answerRevocations(Answer.json(400, "{\"error\":\"invalid_request\"}"));
    AccessToken token;
    try (OAuthClient client = client().build()) {
      TokenSource source = client.tokens(grant);
      token = source.token(LONG);
      assertThatThrownBy(() -> client.revoke(grant))
          .isInstanceOf(OAuthErrorException.class)
          .hasMessageContaining("out of use here, and its server still has to be told");
      assertLoggedOut(source);
      assertTombstone(2);
    }
    try (OAuthClient restarted = client().build()) {
      assertLoggedOut(restarted.tokens(grant));
      assertThat(server.isActive(token.value())).isTrue();
      restarted.revoke(grant);
      assertThat(server.isActive(token.value())).isFalse();
      assertTombstone(0);
    }
    assertThat(revoked()).containsExactly("refresh_token", "refresh_token", "access_token");
  }

  @Test
  @Spec("RV-05")
  void whatIsRevokedAlreadyIsNotRevokedAgain() {
    answerRevocations(
        Answer.healthy(), Answer.json(400, "{\"error\":\"invalid_request\"}"), Answer.healthy());
    try (OAuthClient client = client().build()) {
      client.tokens(grant).token(LONG);
      assertThatThrownBy(() -> client.revoke(grant)).isInstanceOf(OAuthException.class);
      assertTombstone(1);
      client.revoke(grant);
      client.revoke(grant);
    }
    assertThat(revoked()).containsExactly("refresh_token", "access_token", "access_token");
  }

  @Test
  @Spec("RV-05")
  void aServerThatIsDownDoesNotKeepTheTokensInUse() {
    server.script(server.revocationEndpoint().getPath()).answerAlways(Answer.reset());
    try (OAuthClient client = client().build()) {
      TokenSource source = client.tokens(grant);
      source.token(LONG);
      refusal(ServerUnavailableException.class, () -> client.revoke(grant));
      assertLoggedOut(source);
      assertTombstone(2);
    }
  }

  @Test
  @Spec("RV-04")
  void accessTokensThatCannotBeRevokedAreNoFailure() {
    answerRevocations(Answer.healthy(), Answer.json(400, "{\"error\":\"unsupported_token_type\"}"));
    try (OAuthClient client = client().build()) {
      client.tokens(grant).token(LONG);
      client.revoke(grant);
      assertTombstone(0);
    }
  }

  @Test
  @Spec("RV-05")
  void aRenewalUnderWayEndsBeforeTheTombstoneAndItsTokensAreRevoked() {
    server.answerNext(Answer.healthy().held());
    try (OAuthClient client = client().exchangeTimeout(LONG).build()) {
      TokenSource source = client.tokens(grant);
      CompletableFuture<AccessToken> caller = source.tokenAsync(LONG).toCompletableFuture();
      server.awaitHung(1, LONG);
      CompletableFuture<Void> logout = CompletableFuture.runAsync(() -> client.revoke(grant));
      assertThat(caller).failsWithin(LONG);
      server.releaseHung();
      assertThat(logout).succeedsWithin(LONG);
      assertThat(revoked()).containsExactly("refresh_token", "access_token");
      assertThat(revokedTokens()).doesNotContain(refreshToken).noneMatch(server::isActive);
      assertTombstone(0);
      assertLoggedOut(source);
    }
  }

  /** The same records behind a lock of their own, as in another process. */
  private record OtherProcess(TokenStore shared) implements TokenStore {
    @Override
    public Snapshot read(GrantKey key) {
      return shared.read(key);
    }

    @Override
    public boolean compareAndSet(GrantKey key, GrantRecord next) {
      return shared.compareAndSet(key, next);
    }

    @Override
    public void close() {}
  }

  /** A renewal ends after another process has logged out, and its client goes on for a while. */
  private void renewAcrossLogout(Runnable afterwards) {
    server.answerNext(Answer.healthy().held());
    try (OAuthClient renewing = client().exchangeTimeout(LONG).build();
        OAuthClient leaving = client().store(new OtherProcess(store)).build()) {
      CompletableFuture<AccessToken> caller =
          renewing.tokens(grant).tokenAsync(LONG).toCompletableFuture();
      server.awaitHung(1, LONG);
      leaving.revoke(grant);
      assertTombstone(0);

      server.releaseHung();
      assertThatThrownBy(caller::join)
          .hasCauseInstanceOf(LoginRequiredException.class)
          .hasMessageContaining("logged out");
      afterwards.run();
    }
  }

  @Test
  @Spec("RV-05")
  void aRenewalThatEndsAfterTheLogoutBringsNothingBackAndIsRevokedByItself() {
    renewAcrossLogout(
        () -> {
          Awaitility.await().until(() -> revoked().size() == 3);
          Awaitility.await().untilAsserted(() -> assertTombstone(0));
        });
    assertThat(revoked()).containsExactly("refresh_token", "refresh_token", "access_token");
    assertThat(revokedTokens()).noneMatch(server::isActive);
  }

  @Test
  @Spec("RV-05")
  void whatCannotBeRevokedThenIsSaidOnceAndStaysNoted() {
    answerRevocations(Answer.healthy(), Answer.json(400, "{\"error\":\"invalid_request\"}"));
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.renewal")) {
      renewAcrossLogout(() -> Awaitility.await().until(() -> lateOnes(logs) > 0));
      assertThat(lateOnes(logs)).isEqualTo(1);
    }
    assertThat(revokedTokens()).hasSize(2);
    assertTombstone(2);
    assertThat(record().toRevoke().get(0).typeHint()).isEqualTo(PendingRevocation.REFRESH_TOKEN);
    try (OAuthClient next = client().build()) {
      next.revoke(grant);
    }
    assertTombstone(0);
  }

  private static long lateOnes(CapturedLogs logs) {
    return logs.messages(Level.WARNING).stream()
        .filter(each -> each.contains("after its logout"))
        .count();
  }

  @Test
  @Spec("RV-05")
  void tokensOfAnotherServerAreNotShownToThisOne() {
    answerRevocations(Answer.json(400, "{\"error\":\"invalid_request\"}"));
    try (OAuthClient client = client().build()) {
      client.tokens(grant).token(LONG);
      assertThatThrownBy(() -> client.revoke(grant)).isInstanceOf(OAuthException.class);
    }
    try (ScriptedAuthorizationServer other = ScriptedAuthorizationServer.start();
        OAuthClient swapped = clientOf(other).store(store).build()) {
      assertThatThrownBy(() -> swapped.revoke(grant))
          .hasMessageContaining("were given by " + server.issuer())
          .hasMessageContaining(other.issuer() + " is not told");
      assertThat(other.requestsTo("revocation_endpoint")).isEmpty();
      assertTombstone(2);
    }
  }

  @Test
  void aGrantOfTheClientsOwnRightsBeginsAnew() {
    Grant own = Grant.clientCredentials();
    try (OAuthClient client = client().build()) {
      TokenSource source = client.tokens(own);
      AccessToken first = source.token(LONG);
      client.revoke(own);
      assertThat(revokedTokens()).containsExactly(first.value());
      assertThat(source.token(LONG)).isNotEqualTo(first);
    }
  }

  @Test
  void aLogoutIsTold() {
    List<Object> events = new CopyOnWriteArrayList<>();
    RenewalListener listener =
        new RenewalListener() {
          @Override
          public void loginRequired(LoginRequired event) {
            events.add(event.reason());
          }
        };
    try (OAuthClient client = client().listener(listener).build()) {
      client.tokens(grant).token(LONG);
      client.revoke(grant);
      Awaitility.await().until(() -> !events.isEmpty());
    }
    assertThat(events).containsExactly(Reason.LOGGED_OUT);
  }

  @Test
  void aStoreThatFailsIsNamed() {
    TokenStore broken =
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
    try (OAuthClient client = client().store(broken).build()) {
      assertThat(refusal(ServerUnavailableException.class, () -> client.revoke(grant)))
          .hasMessageContaining("The token store failed (java.lang.IllegalStateException)");
      assertThat(server.requestsTo("revocation_endpoint")).isEmpty();
    }
  }
}
