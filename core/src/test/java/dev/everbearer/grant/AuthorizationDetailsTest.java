package dev.everbearer.grant;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.granted;
import static dev.everbearer.Exchanges.onlyRequest;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.everbearer.OAuthClient;
import dev.everbearer.Warnings;
import dev.everbearer.login.Login;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AuthorizationDetail;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSource;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Rich authorization requests (RFC 9396). */
@ExtendWith(ScriptedServers.class)
class AuthorizationDetailsTest {

  private static final String NAME = "authorization_details";
  private static final AuthorizationDetail READ =
      AuthorizationDetail.of("account").with("actions", List.of("read")).with("limit", 10);
  private static final String READ_JSON =
      "[{\"actions\":[\"read\"],\"limit\":10,\"type\":\"account\"}]";
  private static final AuthorizationDetail PAY =
      AuthorizationDetail.of("payment").with("to", "\"Zoë\"");

  private static Grant ofBoth() {
    return Grant.clientCredentials().authorizationDetails(READ, PAY);
  }

  private static OAuthClient knowing(ScriptedAuthorizationServer server) {
    server.registerClient(ID, SECRET);
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clientSecretBasic(ID, SECRET)
        .build();
  }

  // ---- the request

  @Test
  @Spec("RA-01")
  void aTokenRequestCarriesAJsonArrayOfObjects(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(ofBoth());
    }
    assertThat(onlyRequest(server).form())
        .containsEntry(
            NAME,
            List.of(
                "[{\"actions\":[\"read\"],\"limit\":10,\"type\":\"account\"},"
                    + "{\"to\":\"\\\"Zoë\\\"\",\"type\":\"payment\"}]"));
  }

  @Test
  @Spec("RA-01")
  void theyAreSentWhereverAScopeIs(ScriptedAuthorizationServer server) {
    String refreshToken = refreshTokenFor(server);
    server.tokenExchange().trust("subject", TokenType.JWT, "user");
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(Grant.refreshToken(refreshToken).authorizationDetails(READ));
      client.fetch(
          Grant.tokenExchange(AssertionSource.of("subject"), TokenType.JWT)
              .authorizationDetails(READ));
      client.fetch(Grant.samlBearer(AssertionSource.of("<Assertion/>")).authorizationDetails(READ));
    }
    assertThat(server.tokenRequests())
        .hasSize(4)
        .allSatisfy(request -> assertThat(request.form()).containsEntry(NAME, List.of(READ_JSON)));
  }

  @Test
  @Spec({"RA-01", "RF-08"})
  void everyRefreshAsksForThemAgain(ScriptedAuthorizationServer server) {
    Grant grant = Grant.refreshToken(refreshTokenFor(server)).authorizationDetails(READ);
    try (OAuthClient client = clientOf(server).build()) {
      TokenSource source = client.tokens(grant);
      source.invalidate(source.token());
      assertThat(source.token()).isNotNull();
    }
    assertThat(server.tokenRequests())
        .hasSize(3)
        .allSatisfy(request -> assertThat(request.form()).containsEntry(NAME, List.of(READ_JSON)));
  }

  @Test
  @Spec("RA-01")
  void anAssertionIsSentWithThem(ScriptedAuthorizationServer server) {
    server.answerNext(granted(""));
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(Grant.jwtBearer(AssertionSource.of("a.b.c")).authorizationDetails(READ));
    }
    assertThat(onlyRequest(server).form()).containsEntry(NAME, List.of(READ_JSON));
  }

  /** A refresh token of a login for the same details. */
  private static String refreshTokenFor(ScriptedAuthorizationServer server) {
    server.refreshTokensForClientCredentials(true);
    try (OAuthClient client = clientOf(server).build()) {
      return client
          .fetch(Grant.clientCredentials().authorizationDetails(READ))
          .refreshToken()
          .orElseThrow()
          .reveal();
    }
  }

  @Test
  @Spec("RA-01")
  void anAuthorizationRequestCarriesThem(ScriptedAuthorizationServer server) {
    server.withoutMetadata("pushed_authorization_request_endpoint");
    server.registerRedirectUris(ID, "https://app.example.com/back");
    try (OAuthClient client = knowing(server)) {
      URI url =
          client
              .authorizationCodeFlow(
                  Grant.authorizationCode().authorizationDetails(READ),
                  "https://app.example.com/back")
              .start()
              .url();
      assertThat(URLDecoder.decode(url.getRawQuery(), StandardCharsets.UTF_8))
          .contains("&" + NAME + "=" + READ_JSON);
    }
  }

  @Test
  @Spec({"RA-01", "PR-01"})
  void aPushedRequestCarriesThemAndTheUrlDoesNot(ScriptedAuthorizationServer server) {
    server.registerRedirectUris(ID, "https://app.example.com/back");
    try (OAuthClient client = knowing(server)) {
      URI url =
          client
              .authorizationCodeFlow(
                  Grant.authorizationCode().authorizationDetails(READ),
                  "https://app.example.com/back")
              .start()
              .url();
      assertThat(url.getRawQuery()).doesNotContain(NAME);
    }
    assertThat(server.requestsTo("pushed_authorization_request_endpoint").get(0).form())
        .containsEntry(NAME, List.of(READ_JSON));
  }

  @Test
  @Spec("RA-01")
  void theOrderOfMembersDoesNotMatterForTheTokenThatIsKept(ScriptedAuthorizationServer server) {
    AuthorizationDetail same =
        AuthorizationDetail.of("account").with("limit", 10.0).with("actions", List.of("read"));
    try (OAuthClient client = clientOf(server).build()) {
      TokenSource source = client.tokens(Grant.clientCredentials().authorizationDetails(READ));
      source.token();
      assertThat(client.tokens(Grant.clientCredentials().authorizationDetails(same)))
          .isSameAs(source);
      assertThat(client.tokens(ofBoth()).token()).isNotEqualTo(source.token());
      assertThat(client.tokens(Grant.clientCredentials()).token()).isNotEqualTo(source.token());
    }
    assertThat(server.tokenRequests()).hasSize(3);
  }

  @Test
  @Spec("RA-01")
  void theyAreNoFreeParameter() {
    ClientCredentialsGrant grant = Grant.clientCredentials();
    assertThatThrownBy(() -> grant.parameter(NAME, "[]"))
        .isInstanceOf(IllegalArgumentException.class);
    AuthorizationCodeGrant code = Grant.authorizationCode();
    assertThatThrownBy(() -> code.authorizationParameter(NAME, "[]"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- what is granted

  @Test
  @Spec("RA-02")
  void whatIsGrantedReplacesWhatWasAskedFor(ScriptedAuthorizationServer server) {
    server
        .grants()
        .alterAuthorizationDetails(
            asked ->
                List.of(
                    Map.of(
                        "type",
                        "account",
                        "actions",
                        List.of("read"),
                        "limit",
                        10,
                        "iban",
                        "DE1")));
    try (OAuthClient client = clientOf(server).build();
        Warnings warnings = Warnings.ofAnswers()) {
      List<AuthorizationDetail> granted =
          client.fetch(Grant.clientCredentials().authorizationDetails(READ)).authorizationDetails();
      assertThat(granted).containsExactly(READ.with("iban", "DE1"));
      assertThat(warnings.holding(NAME)).isEmpty();
    }
  }

  @Test
  @Spec("RA-02")
  void anAnswerThatDoesNotSayGrantsWhatWasAskedFor(ScriptedAuthorizationServer server) {
    server.answerNext(granted(""));
    try (OAuthClient client = clientOf(server).build()) {
      assertThat(client.fetch(ofBoth()).authorizationDetails()).containsExactly(READ, PAY);
    }
  }

  @Test
  @Spec("RA-02")
  void lessThanWasAskedForIsTakenAndReported(ScriptedAuthorizationServer server) {
    server.grants().alterAuthorizationDetails(asked -> asked.subList(0, 1));
    try (OAuthClient client = clientOf(server).build();
        Warnings warnings = Warnings.ofAnswers()) {
      assertThat(client.fetch(ofBoth()).authorizationDetails()).containsExactly(READ);
      assertThat(
              warnings.holding(
                  "authorization_details of the type payment are granted in part or not"))
          .hasSize(1);
    }
  }

  @ParameterizedTest
  @Spec("RA-02")
  @ValueSource(strings = {"{\"type\":\"a\"}", "\"a\"", "[\"a\"]", "[{}]", "[{\"type\":7}]"})
  void whatCannotBeReadIsNotGranted(String json, ScriptedAuthorizationServer server) {
    server.answerNext(granted("\"%s\":%s".formatted(NAME, json)));
    try (OAuthClient client = clientOf(server).build()) {
      assertRefusal(
          refusal(MalformedAnswerException.class, () -> client.fetch(ofBoth())),
          FailureKind.MALFORMED,
          200,
          "authorization_details are no array of objects with a type");
    }
  }

  // ---- what is refused

  @Test
  @Spec("RA-03")
  void aRefusalIsNamedAndNotRepeated(ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(Answer.json(400, "{\"error\":\"invalid_authorization_details\"}"));
    try (OAuthClient client =
        clientOf(server)
            .clocks(clock, clock::nanoTime)
            .scheduler(clock.scheduler())
            .executor(Runnable::run)
            .build()) {
      TokenSource source = client.tokens(ofBoth());
      OAuthErrorException refusal = refusal(OAuthErrorException.class, source::token);
      assertThat(refusal.error()).isEqualTo("invalid_authorization_details");
      assertRefusal(refusal, FailureKind.REFUSED, 400, "cannot take the authorization details");
      clock.advance(Duration.ofSeconds(59));
      refusal(OAuthErrorException.class, source::token);
    }
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("RA-03")
  void aTypeThatTheServerDoesNotListIsNotSent(ScriptedAuthorizationServer server) {
    server.grants().authorizationDetailsTypes("account");
    try (OAuthClient client = knowing(server)) {
      client.fetch(Grant.clientCredentials().authorizationDetails(READ));
      OAuthException refusal =
          catchThrowableOfType(OAuthException.class, () -> client.fetch(ofBoth()));
      assertRefusal(
          refusal,
          FailureKind.REFUSED,
          0,
          "no authorization details of the type payment, only of [account]",
          "nothing was sent");
    }
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  @Spec("RA-03")
  void norIsAnyLoginBegunForIt(ScriptedAuthorizationServer server) {
    server.grants().authorizationDetailsTypes("account");
    server.registerClient(ID, SECRET);
    List<Grant> grants =
        List.of(
            Grant.device().authorizationDetails(PAY),
            Grant.ciba(CibaHint.loginHint("alice")).authorizationDetails(PAY),
            Grant.authorizationCode().authorizationDetails(PAY));
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .clientSecretBasic(ID, SECRET)
            .login(Login.inBrowser(url -> {}).orOnAnotherDevice(code -> {}))
            .build()) {
      for (Grant grant : grants) {
        assertThat(refusal(LoginFailedException.class, () -> client.fetch(grant)))
            .hasMessageContaining("no authorization details of the type payment");
      }
    }
    assertThat(server.requestsTo("device_authorization_endpoint")).isEmpty();
    assertThat(server.requestsTo("backchannel_authentication_endpoint")).isEmpty();
    assertThat(server.requestsTo("pushed_authorization_request_endpoint")).isEmpty();
  }
}
