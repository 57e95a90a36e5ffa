package dev.everbearer;

import static dev.everbearer.AtIssuer.advancing;
import static dev.everbearer.AtIssuer.clientOf;
import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.ServerUnavailableException;
import dev.everbearer.token.TokenSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Revoking tokens (RFC 7009), as the server sees it. */
@ExtendWith(ScriptedServers.class)
class RevocationTest {

  private static final Secret TOKEN = Secret.of(CANARY + "-token");
  private static final String UNSUPPORTED = "{\"error\":\"unsupported_token_type\"}";

  private static List<RecordedRequest> revocations(ScriptedAuthorizationServer server) {
    return server.requestsTo("revocation_endpoint");
  }

  private static List<String> bodies(ScriptedAuthorizationServer server) {
    return revocations(server).stream().map(RecordedRequest::bodyText).toList();
  }

  private static void answer(ScriptedAuthorizationServer server, Answer... answers) {
    server.script(server.revocationEndpoint().getPath()).answerNext(answers);
  }

  private static void answerAlways(ScriptedAuthorizationServer server, Answer answer) {
    server.script(server.revocationEndpoint().getPath()).answerAlways(answer);
  }

  // ---- the request

  @Test
  @Spec({"RV-01", "CA-05"})
  void aTokenIsPostedWithItsHintByAnAuthenticatedClient(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).build()) {
      String token = server.issueAccessToken(ID);
      client.revoke(Secret.of(token), "access_token");
      assertThat(bodies(server))
          .containsExactly("token=" + token + "&token_type_hint=access_token");
      assertThat(revocations(server).get(0).header("Authorization")).isPresent();
      assertThat(server.isActive(token)).isFalse();

      client.revoke(Secret.of("other"), "");
      assertThat(bodies(server)).endsWith("token=other");
    }
  }

  @Test
  @Spec("RV-01")
  void aPlainHttpEndpointIsNotCalled(ScriptedAuthorizationServer server) {
    server.metadata(Map.of("revocation_endpoint", "http://id.example.com/revoke"));
    try (OAuthClient client =
        clientOf(server).maxWait(Duration.ZERO).exchangeTimeout(Duration.ofSeconds(2)).build()) {
      assertThatThrownBy(() -> client.revoke(TOKEN, ""))
          .isInstanceOf(MalformedAnswerException.class)
          .hasMessageContaining("revocation_endpoint is not an absolute https URL");
    }
  }

  @Test
  @Spec("RV-01")
  void aServerWithoutTheEndpointIsNamed(ScriptedAuthorizationServer server) {
    server.withoutMetadata("revocation_endpoint");
    try (OAuthClient client = clientOf(server).build()) {
      assertRefusal(
          refusal(ServerUnavailableException.class, () -> client.revoke(TOKEN, "")),
          FailureKind.REFUSED,
          0,
          "has no revocation endpoint",
          "The token was not revoked.");
    }
  }

  @ParameterizedTest
  @Spec("CA-05")
  @CsvSource({"client_secret_post, 0", "client_secret_basic, 1"})
  void itsOwnListOfMethodsIsHonoured(
      String listed, int headers, ScriptedAuthorizationServer server) {
    server.registerClient(ID, SECRET);
    server.metadata(
        Map.of(
            "token_endpoint_auth_methods_supported",
            List.of("client_secret_basic", "client_secret_post"),
            "revocation_endpoint_auth_methods_supported",
            List.of(listed)));
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .authentication(ClientAuthentication.clientSecret(ID, () -> SECRET))
            .build()) {
      client.revoke(TOKEN, "");
      assertThat(revocations(server).get(0).headers("Authorization")).hasSize(headers);
    }
  }

  @Test
  @Spec("CA-05")
  void noSecretGoesToAnEndpointThatTakesNone(ScriptedAuthorizationServer server) {
    server.registerClient(ID, SECRET);
    server.metadata(
        Map.of("revocation_endpoint_auth_methods_supported", List.of("private_key_jwt")));
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .authentication(ClientAuthentication.clientSecret(ID, () -> SECRET))
            .build()) {
      assertRefusal(
          refusal(ServerUnavailableException.class, () -> client.revoke(TOKEN, "")),
          FailureKind.REFUSED,
          0,
          "revocation endpoint",
          "[private_key_jwt]");
      assertThat(revocations(server)).isEmpty();
    }
  }

  // ---- the answer

  @Test
  @Spec("RV-02")
  void status200IsSuccessWhateverTheBody(ScriptedAuthorizationServer server) {
    answer(server, Answer.status(200).header("Content-Type", "text/html"), Answer.json(200, "{"));
    try (OAuthClient client = clientOf(server).build()) {
      client.revoke(TOKEN, "");
      client.revoke(TOKEN, "");
      client.revoke(Secret.of("unknown"), "refresh_token");
    }
    assertThat(revocations(server)).hasSize(3);
  }

  @Test
  @Spec({"RV-02", "PQ-19"})
  void another2xxAndAnUnknownTokenAsAnErrorAreSuccessUnlessStrict(
      ScriptedAuthorizationServer server) {
    Answer invalidToken = Answer.json(400, "{\"error\":\"invalid_token\"}");
    answer(server, Answer.status(204), invalidToken, Answer.status(204), invalidToken);
    try (OAuthClient client = clientOf(server).build()) {
      client.revoke(TOKEN, "");
      client.revoke(TOKEN, "");
    }
    try (OAuthClient strict = clientOf(server).profile(ProviderProfile.strict()).build()) {
      refusal(MalformedAnswerException.class, () -> strict.revoke(TOKEN, ""));
      assertThat(refusal(OAuthErrorException.class, () -> strict.revoke(TOKEN, "")).error())
          .isEqualTo("invalid_token");
    }
  }

  @ParameterizedTest
  @Spec("RV-02")
  @ValueSource(ints = {301, 307, 404})
  void noOtherStatusIsSuccess(int status, ScriptedAuthorizationServer server) {
    answer(server, Answer.status(status).header("Location", "/elsewhere"));
    try (OAuthClient client = clientOf(server).build()) {
      assertRefusal(
          refusal(MalformedAnswerException.class, () -> client.revoke(TOKEN, "")),
          FailureKind.MALFORMED,
          status,
          "The token was not revoked.");
      assertThat(revocations(server)).hasSize(1);
    }
  }

  @Test
  @Spec("RV-03")
  void aBusyServerIsAskedAgainWhenItSaid(ScriptedAuthorizationServer server, SettableClock clock) {
    answer(server, Answer.status(503).header("Retry-After", "7"), Answer.status(200));
    try (OAuthClient client = clientOf(server, clock).build()) {
      advancing(clock, Duration.ofMillis(500), () -> client.revoke(TOKEN, ""));
    }
    List<Instant> times = revocations(server).stream().map(RecordedRequest::arrival).toList();
    assertThat(times).hasSize(2);
    assertThat(Duration.between(times.get(0), times.get(1)))
        .isBetween(Duration.ofSeconds(7), Duration.ofSeconds(9));
  }

  @Test
  @Spec("RV-03")
  void aServerThatStaysBusyIsReportedWhenTimeIsUp(
      ScriptedAuthorizationServer server, SettableClock clock) {
    answerAlways(server, Answer.status(503));
    try (OAuthClient client = clientOf(server, clock).maxWait(Duration.ofSeconds(20)).build()) {
      Instant start = clock.instant();
      assertThat(
              refusal(
                  ServerUnavailableException.class,
                  () -> advancing(clock, Duration.ofMillis(200), () -> client.revoke(TOKEN, ""))))
          .hasMessageContaining("The token was not revoked.");
      assertThat(Duration.between(start, clock.instant()))
          .isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    }
    assertThat(revocations(server)).hasSizeBetween(2, 60);
  }

  @Test
  @Spec("RV-03")
  void aRefusedRequestIsNotRepeated(ScriptedAuthorizationServer server) {
    answer(server, Answer.json(400, "{\"error\":\"invalid_request\"}"));
    try (OAuthClient client = clientOf(server).build()) {
      refusal(OAuthErrorException.class, () -> client.revoke(TOKEN, ""));
    }
    assertThat(revocations(server)).hasSize(1);
  }

  @Test
  @Spec("RV-04")
  void aKindOfTokenThatCannotBeRevokedIsSaidToBeSo(ScriptedAuthorizationServer server) {
    answer(server, Answer.json(400, UNSUPPORTED));
    try (OAuthClient client = clientOf(server).build()) {
      OAuthErrorException refused =
          refusal(OAuthErrorException.class, () -> client.revoke(TOKEN, "access_token"));
      assertThat(refused.error()).isEqualTo("unsupported_token_type");
      assertThat(refused).hasMessageContaining("tokens of this kind cannot be revoked there");
    }
  }

  @Test
  @Spec("RV-04")
  void whereOnlyRefreshTokensAreRevokedTheRefreshTokenIs(ScriptedAuthorizationServer server) {
    answer(server, Answer.healthy(), Answer.json(400, UNSUPPORTED));
    try (OAuthClient client = clientOf(server).build()) {
      String refreshToken = server.issueRefreshToken(ID);
      TokenSet tokens = client.fetch(Grant.refreshToken(refreshToken));
      String next = tokens.refreshToken().orElseThrow().reveal();
      client.revoke(tokens);
      assertThat(bodies(server))
          .containsExactly(
              "token=" + next + "&token_type_hint=refresh_token",
              "token=" + tokens.accessToken().value() + "&token_type_hint=access_token");
      assertThat(server.isActive(next)).isFalse();
    }
  }

  @Test
  @Spec("RV-04")
  void whereThereIsNoRefreshTokenAnAccessTokenThatCannotBeRevokedIsReported(
      ScriptedAuthorizationServer server) {
    answer(server, Answer.json(400, UNSUPPORTED));
    try (OAuthClient client = clientOf(server).build()) {
      TokenSet tokens = client.fetch(Grant.clientCredentials());
      refusal(OAuthErrorException.class, () -> client.revoke(tokens));
    }
  }

  @Test
  void anInterruptEndsItAndKeepsItsFlag(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).build()) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> client.revoke(TOKEN, ""))
          .hasMessageContaining("Revoking a token was interrupted");
      assertThat(Thread.interrupted()).isTrue();
    }
  }
}
