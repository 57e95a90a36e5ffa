package dev.everbearer.renewal;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.failure;
import static dev.everbearer.Exchanges.granted;
import static dev.everbearer.Exchanges.lastRequest;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.RefreshTokenGrant;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.ServerUnavailableException;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Refreshing (RFC 6749 section 6) with a refresh token that stays, and with one that rotates. */
@ExtendWith(ScriptedServers.class)
class RefreshTest {

  private static final Duration LONG = Duration.ofMinutes(6);

  private static OAuthClientBuilder manual(
      ScriptedAuthorizationServer server, SettableClock clock) {
    return clientOf(server)
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .executor(Runnable::run);
  }

  @ParameterizedTest
  @Spec({"RF-01", "RSP-06", "PQ-11"})
  @ValueSource(strings = {"", ",\"refresh_token\":null", ",\"refresh_token\":\"\""})
  void anAnswerWithoutARefreshTokenKeepsTheOldOne(
      String member, ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(granted("\"expires_in\":300" + member));
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSource source = client.tokens(Grant.refreshToken("first"));
      source.token();
      clock.advance(LONG);
      source.token();

      assertThat(server.tokenRequests())
          .hasSizeGreaterThan(1)
          .allSatisfy(
              request ->
                  assertThat(request.bodyText())
                      .isEqualTo("grant_type=refresh_token&refresh_token=first"));
    }
  }

  @Test
  @Spec("PQ-11")
  void aServerThatDoesNotRotateIsRefreshedAgainAndAgain(
      ScriptedAuthorizationServer server, SettableClock clock) {
    server.refreshPolicy(RefreshPolicy.NO_ROTATION);
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSource source = client.tokens(Grant.refreshToken(server.issueRefreshToken(ID)));
      AccessToken first = source.token();
      clock.advance(LONG);
      assertThat(source.token()).isNotEqualTo(first);
    }
  }

  @Test
  @Spec("RF-02")
  void aNewRefreshTokenReplacesTheOldOne(ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerNext(
        granted("\"expires_in\":300,\"refresh_token\":\"second\""),
        Answer.json(
            200, "{\"access_token\":\"other\",\"token_type\":\"Bearer\",\"expires_in\":300}"));
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSource source = client.tokens(Grant.refreshToken("first"));
      source.token();
      assertThat(lastRequest(server).bodyText())
          .isEqualTo("grant_type=refresh_token&refresh_token=first");
      clock.advance(LONG);
      source.token();
      assertThat(server.tokenRequests().get(1).bodyText())
          .isEqualTo("grant_type=refresh_token&refresh_token=second");
    }
  }

  @Test
  @Spec("RF-02")
  void aStrictServerSeesNoRefreshTokenTwice(
      ScriptedAuthorizationServer server, SettableClock clock) {
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSource source = client.tokens(Grant.refreshToken(server.issueRefreshToken(ID)));
      for (int i = 0; i < 5; i++) {
        source.token();
        clock.advance(LONG);
      }
      assertThat(server.rotations()).isGreaterThanOrEqualTo(5);
      assertThat(server.reuseDetected()).isZero();
    }
  }

  // ---- to whom a refresh token goes

  @Test
  @Spec("RF-05")
  void aRefreshTokenIsNotSentToAnotherServer(
      ScriptedAuthorizationServer server, SettableClock clock) {
    Grant grant = Grant.refreshToken(server.issueRefreshToken(ID));
    try (ScriptedAuthorizationServer other =
            ScriptedAuthorizationServer.builder().clock(clock).start();
        MemoryTokenStore store = new MemoryTokenStore(clock)) {
      try (OAuthClient client = manual(server, clock).store(store).build()) {
        client.tokens(grant).token();
      }
      clock.advance(LONG);
      try (OAuthClient swapped = manual(other, clock).store(store).build()) {
        OAuthException refused =
            refusal(ServerUnavailableException.class, () -> swapped.tokens(grant).token());
        assertRefusal(
            refused,
            FailureKind.REFUSED,
            0,
            "was given by %s and is not sent to %s"
                .formatted(server.tokenEndpoint(), other.tokenEndpoint()),
            "Log in there, or configure the server that gave it.");
      }
      assertThat(other.totalConnections()).isZero();

      try (OAuthClient back = manual(server, clock).store(store).build()) {
        assertThat(back.tokens(grant).token().value()).isNotEmpty();
      }
      assertThat(server.reuseDetected()).isZero();
    }
  }

  @Test
  @Spec("RF-05")
  void movingFromAnEndpointToItsIssuerKeepsTheGrant(
      ScriptedAuthorizationServer server, SettableClock clock) {
    Grant grant = Grant.refreshToken(server.issueRefreshToken(ID));
    try (MemoryTokenStore store = new MemoryTokenStore(clock)) {
      try (OAuthClient client = manual(server, clock).store(store).build()) {
        client.tokens(grant).token();
      }
      clock.advance(LONG);
      try (OAuthClient moved =
          OAuthClient.builder()
              .issuer(server.issuer().toString())
              .clientSecretBasic(ID, SECRET)
              .store(store)
              .clocks(clock, clock::nanoTime)
              .scheduler(clock.scheduler())
              .build()) {
        assertThat(moved.tokens(grant).token().value()).isNotEmpty();
      }
    }
  }

  // ---- scope

  @Test
  @Spec("RF-06")
  void noScopeIsSentByDefaultAndANarrowerOneWhenAskedFor(ScriptedAuthorizationServer server) {
    server.refreshPolicy(RefreshPolicy.NO_ROTATION);
    try (OAuthClient client = clientOf(server).build()) {
      String refreshToken = server.issueRefreshToken(ID, "a", "b");
      RefreshTokenGrant grant = Grant.refreshToken(refreshToken).grantedScope("a", "b");
      client.fetch(grant);
      assertThat(lastRequest(server).form().keySet())
          .containsExactly("grant_type", "refresh_token");

      client.fetch(grant.scope("b"));
      assertThat(lastRequest(server).form()).containsEntry("scope", List.of("b"));
    }
  }

  @Test
  @Spec("RF-06")
  void aWiderScopeIsRefusedLocally() {
    RefreshTokenGrant grant = Grant.refreshToken("cAnArY").grantedScope("a", "b");
    assertThatThrownBy(() -> grant.scope("b", "c"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[a b] was granted and [b c] is asked for")
        .hasMessageContaining("log in again for more")
        .hasMessageNotContaining("cAnArY");
    assertThatThrownBy(() -> Grant.refreshToken("cAnArY").scope("c").grantedScope("a"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- hints

  @ParameterizedTest
  @Spec({"LC-10", "PQ-23"})
  @ValueSource(
      strings = {
        "\"refresh_expires_in\":0",
        "\"refresh_expires_in\":-1",
        "\"refresh_token_expires_in\":1",
        "\"refresh_token_expires_in\":\"junk\"",
        "\"refresh_token_expires_at\":1"
      })
  void aHintOfTheRefreshTokensLifeOnlyInforms(
      String hint, ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerNext(granted("\"expires_in\":300,\"refresh_token\":\"second\"," + hint));
    server.answerAlways(granted("\"expires_in\":300"));
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSource source = client.tokens(Grant.refreshToken("first"));
      source.token();
      clock.advance(Duration.ofMinutes(20));
      source.token();
      assertThat(server.tokenRequests()).hasSizeGreaterThan(1);
      assertThat(server.tokenRequests().subList(1, server.tokenRequests().size()))
          .allSatisfy(
              request ->
                  assertThat(request.form()).containsEntry("refresh_token", List.of("second")));
    }
  }

  @Test
  @Spec("LC-10")
  void onlyInvalidGrantEndsARefreshToken(ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(Answer.json(400, "{\"error\":\"invalid_grant\"}"));
    try (OAuthClient client = manual(server, clock).build()) {
      TokenSource source = client.tokens(Grant.refreshToken("first"));
      LoginRequiredException over = refusal(LoginRequiredException.class, source::token);
      assertThat(over.reason()).isEqualTo(LoginRequiredException.Reason.REFUSED);
      assertThat(over).hasMessageContaining("Log in again, or hand in a new one.");
      assertThat(failure(over).status()).isEqualTo(400);
      refusal(LoginRequiredException.class, source::token);
      assertThat(server.tokenRequests()).hasSize(1);
    }
  }
}
