package dev.everbearer.grant;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.lastRequest;
import static dev.everbearer.Exchanges.onlyRequest;
import static dev.everbearer.Exchanges.refusal;
import static java.net.http.HttpResponse.BodyHandlers.discarding;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.http.OAuthIOException;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.TokenSet;
import dev.everbearer.token.TokenSource;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One token for another (RFC 8693). */
@ExtendWith(ScriptedServers.class)
class TokenExchangeTest {

  private static final AssertionSource SUBJECT = AssertionSource.of(CANARY + "-subject");

  private static TokenExchangeGrant ofSubject() {
    return Grant.tokenExchange(SUBJECT, TokenType.JWT);
  }

  private static OAuthClient manual(ScriptedAuthorizationServer server, SettableClock clock) {
    server.registerClient(ID, SECRET);
    return clientOf(server)
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .executor(Runnable::run)
        .build();
  }

  private static OAuthClient trusting(ScriptedAuthorizationServer server) {
    server.tokenExchange().trust(SUBJECT.get().reveal(), TokenType.JWT, "user");
    return clientOf(server).build();
  }

  private static Answer issued(String members) {
    return Answer.json(
        200, "{\"access_token\":\"new-token\",\"token_type\":\"Bearer\"%s}".formatted(members));
  }

  // ---- the request

  @Test
  @Spec("TX-01")
  void theSubjectTokenIsSentWithItsType(ScriptedAuthorizationServer server) {
    try (OAuthClient client = trusting(server)) {
      client.fetch(ofSubject().scope("read"));
    }
    assertThat(onlyRequest(server).bodyText())
        .isEqualTo(
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Atoken-exchange"
                + "&subject_token="
                + SUBJECT.get().reveal()
                + "&subject_token_type=urn%3Aietf%3Aparams%3Aoauth%3Atoken-type%3Ajwt"
                + "&scope=read");
  }

  @Test
  @Spec("TX-01")
  void theActorTokenIsSentWithItsType(ScriptedAuthorizationServer server) {
    server.tokenExchange().trust("actor-token", TokenType.SAML2, "service");
    try (OAuthClient client = trusting(server)) {
      client.fetch(ofSubject().actorToken(AssertionSource.of("actor-token"), TokenType.SAML2));
    }
    assertThat(onlyRequest(server).form())
        .containsEntry("actor_token", List.of("actor-token"))
        .containsEntry("actor_token_type", List.of(TokenType.SAML2));
  }

  @Test
  @Spec("TX-01")
  void noTokenGoesWithoutItsType() {
    assertThatThrownBy(() -> Grant.tokenExchange(SUBJECT, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Say what kind of token it is");
    TokenExchangeGrant grant = ofSubject();
    assertThatThrownBy(() -> grant.actorToken(SUBJECT, " "))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> grant.requestedTokenType(""))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @Spec("TX-01")
  @ValueSource(
      strings = {
        "subject_token",
        "subject_token_type",
        "actor_token",
        "actor_token_type",
        "requested_token_type"
      })
  void whatIsExchangedIsNoFreeParameter(String name) {
    TokenExchangeGrant grant = ofSubject();
    assertThatThrownBy(() -> grant.parameter(name, "x"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("set by the library");
  }

  @Test
  @Spec("TX-02")
  void resourcesAndAudiencesRepeat(ScriptedAuthorizationServer server) {
    try (OAuthClient client = trusting(server)) {
      client.fetch(
          ofSubject()
              .audience("a")
              .audience("b")
              .resource("https://a.example.com/")
              .resource("https://b.example.com/"));
    }
    assertThat(onlyRequest(server).form())
        .containsEntry("audience", List.of("a", "b"))
        .containsEntry("resource", List.of("https://a.example.com/", "https://b.example.com/"));
  }

  @Test
  @Spec("TX-02")
  void whatItIsForTellsTokensApart(ScriptedAuthorizationServer server) {
    try (OAuthClient client = trusting(server)) {
      AccessToken plain = client.tokens(ofSubject()).token();
      AccessToken forA = client.tokens(ofSubject().audience("a")).token();
      AccessToken forBoth = client.tokens(ofSubject().audience("a").audience("b")).token();
      AccessToken again = client.tokens(ofSubject().audience("b").audience("a")).token();
      AccessToken typed =
          client.tokens(ofSubject().requestedTokenType(TokenType.ACCESS_TOKEN)).token();

      assertThat(List.of(plain, forA, forBoth, typed)).doesNotHaveDuplicates();
      assertThat(again).isEqualTo(forBoth);
    }
  }

  // ---- the answer

  @Test
  @Spec("TX-03")
  void theIssuedTypeIsSaid(ScriptedAuthorizationServer server) {
    try (OAuthClient client = trusting(server)) {
      TokenSet tokens = client.fetch(ofSubject().requestedTokenType(TokenType.ACCESS_TOKEN));
      assertThat(tokens.extras()).containsEntry("issued_token_type", TokenType.ACCESS_TOKEN);
    }
  }

  @ParameterizedTest
  @Spec("TX-03")
  @ValueSource(
      strings = {
        "",
        ",\"issued_token_type\":null",
        ",\"issued_token_type\":7",
        ",\"issued_token_type\":\"\""
      })
  void anAnswerThatDoesNotSayWhatWasIssuedIsRefused(
      String member, ScriptedAuthorizationServer server) {
    server.answerNext(issued(member));
    try (OAuthClient client = clientOf(server).build()) {
      assertRefusal(
          refusal(MalformedAnswerException.class, () -> client.fetch(ofSubject())),
          FailureKind.MALFORMED,
          200,
          "it has no issued_token_type");
    }
  }

  @Test
  @Spec("TX-03")
  void anotherTypeThanTheOneAskedForIsRefused(ScriptedAuthorizationServer server) {
    server.answerNext(issued(",\"issued_token_type\":\"%s\"".formatted(TokenType.ACCESS_TOKEN)));
    Grant grant = ofSubject().requestedTokenType(TokenType.JWT);
    try (OAuthClient client = clientOf(server).build()) {
      assertRefusal(
          refusal(MalformedAnswerException.class, () -> client.fetch(grant)),
          FailureKind.MALFORMED,
          200,
          "its issued_token_type is " + TokenType.ACCESS_TOKEN + ", and " + TokenType.JWT);
    }
  }

  @Test
  @Spec("TX-03")
  void otherGrantsNeedNoIssuedType(ScriptedAuthorizationServer server) {
    server.answerNext(issued(""));
    try (OAuthClient client = clientOf(server).build()) {
      assertThat(client.fetch(Grant.clientCredentials()).accessToken().value())
          .isEqualTo("new-token");
    }
  }

  // ---- what is no access token

  @ParameterizedTest
  @Spec("TX-04")
  @ValueSource(strings = {TokenType.ID_TOKEN, TokenType.SAML2, TokenType.REFRESH_TOKEN})
  void fetchGivesWhatIsNoAccessTokenAndNobodySendsIt(
      String type, ScriptedAuthorizationServer server) {
    try (OAuthClient client = trusting(server)) {
      TokenSet tokens = client.fetch(ofSubject().requestedTokenType(type));
      AccessToken issued = tokens.accessToken();
      assertThat(issued.value()).isNotEmpty();
      assertThat(issued.type()).isEqualTo("N_A");
      assertThat(issued.isSendable()).isFalse();
      assertThat(tokens.extras()).containsEntry("issued_token_type", type);
      assertThatThrownBy(issued::authorization)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("no access token")
          .hasMessageNotContaining(issued.value());
    }
  }

  @Test
  @Spec("TX-04")
  void aSourceRefusesWhatIsNoAccessTokenAndNamesTheWayToGetIt(
      ScriptedAuthorizationServer server, ScriptedApi api) {
    Grant grant = ofSubject().requestedTokenType(TokenType.ID_TOKEN);
    try (OAuthClient client = trusting(server)) {
      TokenSource source = client.tokens(grant);
      MalformedAnswerException refusal = refusal(MalformedAnswerException.class, source::token);
      assertRefusal(refusal, FailureKind.REFUSED, 200, "no access token", "OAuthClient.fetch");

      HttpClient http = client.httpClientFor(api.origin().toString(), grant);
      assertThatThrownBy(
              () -> http.send(HttpRequest.newBuilder(api.uri("/")).build(), discarding()))
          .isInstanceOf(OAuthIOException.class);
      assertThat(api.requests()).isEmpty();
    }
  }

  @Test
  @Spec("TX-04")
  void aTypeThatIsNoAccessTokenIsNoneWithoutATokenTypeEither(ScriptedAuthorizationServer server) {
    server.alterAnswers(
        "token_endpoint",
        answer -> {
          answer.remove("token_type");
          return answer;
        });
    try (OAuthClient client = trusting(server)) {
      TokenSet idToken = client.fetch(ofSubject().requestedTokenType(TokenType.ID_TOKEN));
      assertThat(idToken.accessToken().isSendable()).isFalse();
      TokenSet access = client.fetch(ofSubject().requestedTokenType(TokenType.ACCESS_TOKEN));
      assertThat(access.accessToken().isSendable()).isTrue();
    }
  }

  @Test
  @Spec("TX-04")
  void otherGrantsGetNoTokenOfThatType(ScriptedAuthorizationServer server) {
    server.answerNext(Answer.json(200, "{\"access_token\":\"good-token\",\"token_type\":\"N_A\"}"));
    try (OAuthClient client = clientOf(server).build()) {
      assertRefusal(
          refusal(MalformedAnswerException.class, () -> client.fetch(Grant.clientCredentials())),
          FailureKind.MALFORMED,
          200,
          "its token_type is not Bearer");
    }
  }

  // ---- lives

  @Test
  @Spec("TX-05")
  void aNewSubjectTokenIsANewGrant(ScriptedAuthorizationServer server) {
    server.tokenExchange().trust("other-subject", TokenType.JWT, "other");
    try (OAuthClient client = trusting(server)) {
      TokenSource first = client.tokens(ofSubject());
      TokenSource second =
          client.tokens(Grant.tokenExchange(AssertionSource.of("other-subject"), TokenType.JWT));
      assertThat(first.token()).isNotEqualTo(second.token());
      assertThat(client.tokens(ofSubject())).isSameAs(first);
      assertThat(server.tokenRequests()).hasSize(2);
    }
  }

  @Test
  @Spec("TX-05")
  void theResultLivesAsLongAsItSaysAndIsThenExchangedAnew(
      ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerAlways(
        issued(
            ",\"expires_in\":86400,\"issued_token_type\":\"%s\""
                .formatted(TokenType.ACCESS_TOKEN)));
    AtomicReference<String> subject = new AtomicReference<>("first");
    Grant grant =
        Grant.tokenExchange(AssertionSource.supplier("user", subject::get), TokenType.ACCESS_TOKEN);
    try (OAuthClient client = manual(server, clock)) {
      TokenSource source = client.tokens(grant);
      source.token();
      clock.advance(Duration.ofHours(20));
      source.token();
      assertThat(server.tokenRequests()).hasSize(1);
      subject.set("second");
      clock.advance(Duration.ofHours(5));
      source.token();
    }
    assertThat(lastRequest(server).form()).containsEntry("subject_token", List.of("second"));
  }

  @ParameterizedTest
  @Spec("TX-06")
  @ValueSource(strings = {"invalid_request", "invalid_grant"})
  void aRefusedSubjectTokenIsNotSentAgainButANewOneIsAtOnce(
      String error, ScriptedAuthorizationServer server, SettableClock clock) {
    server.answerNext(Answer.json(400, "{\"error\":\"%s\"}".formatted(error)));
    server.answerAlways(
        issued(",\"expires_in\":300,\"issued_token_type\":\"%s\"".formatted(TokenType.JWT)));
    AtomicReference<String> subject = new AtomicReference<>("expired");
    Grant grant =
        Grant.tokenExchange(AssertionSource.supplier("user", subject::get), TokenType.ACCESS_TOKEN);
    try (OAuthClient client = manual(server, clock)) {
      TokenSource source = client.tokens(grant);
      refusal(OAuthErrorException.class, source::token);
      OAuthErrorException again = refusal(OAuthErrorException.class, source::token);
      assertRefusal(again, FailureKind.INVALID_GRANT, 400, "Nothing was sent", error);
      assertThat(server.tokenRequests()).hasSize(1);

      subject.set("anew");
      assertThat(source.token().value()).isEqualTo("new-token");
      assertThat(server.tokenRequests()).hasSize(2);
    }
  }

  @Test
  @Spec("LC-28")
  void anAnswerThatIsLostIsAskedForAgain(ScriptedAuthorizationServer server, SettableClock clock) {
    server.tokenExchange().trust(SUBJECT.get().reveal(), TokenType.JWT, "user");
    server.answerNext(Answer.healthy().sentAs(Answer.reset()));
    try (OAuthClient client = manual(server, clock)) {
      var waiting = client.tokens(ofSubject()).tokenAsync().toCompletableFuture();
      clock.advance(Duration.ofSeconds(2));
      assertThat(waiting).isCompleted();
    }
  }

  @Test
  @Spec("SE-03")
  void nothingThatIsPrintedShowsTheTokens() {
    TokenExchangeGrant grant = ofSubject().actorToken(SUBJECT, TokenType.JWT);
    assertThat(grant + grant.subject() + grant.request()).doesNotContain(CANARY);
  }

  @Test
  void equalGrantsExchangeTheSame() {
    TokenExchangeGrant grant = ofSubject();
    assertThat(grant)
        .isEqualTo(ofSubject())
        .hasSameHashCodeAs(ofSubject())
        .isNotEqualTo(Grant.tokenExchange(SUBJECT, TokenType.ACCESS_TOKEN))
        .isNotEqualTo(grant.actorToken(SUBJECT, TokenType.JWT))
        .isNotEqualTo(grant.requestedTokenType(TokenType.JWT));
    assertThat(grant.requestedTokenType(TokenType.JWT).requestedTokenType(TokenType.SAML2))
        .isEqualTo(grant.requestedTokenType(TokenType.SAML2));
  }
}
