package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.JwtKind;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.InsufficientScopeException;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.TokenSet;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A code for tokens: RFC 6749 section 4.1.3, RFC 7636 section 4.5. */
@ExtendWith(ScriptedServers.class)
class CodeExchangeTest {

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;

  CodeExchangeTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.clock = clock;
    this.server = server;
  }

  private WebLogin web() {
    return new WebLogin(server, builder -> builder.clocks(clock, clock::nanoTime));
  }

  @Spec({"AC-03", "PK-01", "PK-02"})
  @Test
  void theTokenRequestRepeatsTheRedirectUriAndProvesWhoBeganTheLogin() throws Exception {
    try (WebLogin web = web()) {
      TokenSet tokens = web.login();

      assertThat(server.isActive(tokens.accessToken().value())).isTrue();
      assertThat(tokens.refreshToken()).isPresent();
      Map<String, List<String>> form = web.tokenRequest();
      assertThat(form)
          .containsOnlyKeys("grant_type", "code", "redirect_uri", "code_verifier")
          .containsEntry("grant_type", List.of("authorization_code"))
          .containsEntry("redirect_uri", List.of(WebLogin.CALLBACK));
      assertThat(form.get("code_verifier").get(0)).matches("[A-Za-z0-9._~-]{43,128}");
    }
  }

  @Spec("AC-03")
  @Test
  void theRedirectUriIsTheVeryStringThatWasGiven() throws Exception {
    String odd = "https://APP.example.com:443/a%7Eb/../callback?tenant=%C3%A9";
    server.registerClient(WebLogin.ID, WebLogin.SECRET);
    try (WebLogin web = web()) {
      server.registerRedirectUris(WebLogin.ID, odd);
      AuthorizationCodeFlow flow = web.client.authorizationCodeFlow(Grant.authorizationCode(), odd);
      AuthorizationRedirect redirect = flow.start();
      flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(web.callback(redirect)));
      assertThat(web.tokenRequest()).containsEntry("redirect_uri", List.of(odd));
    }
  }

  private WebLogin withoutRedirectUri() {
    ProviderProfile profile = ProviderProfile.builder().omitRedirectUri().build();
    return new WebLogin(
        server,
        builder -> builder.profile(profile.toBuilder().build()).clocks(clock, clock::nanoTime));
  }

  /** As a server of OAuth 2.1 that takes no parameter it does not know. */
  private void refuseRedirectUris() {
    server.authorization().compareRedirectUri(false);
    server
        .script(server.tokenEndpoint().getPath())
        .answerAlways(
            Answer.computedFrom(
                request ->
                    request.form().containsKey("redirect_uri")
                        ? Answer.json(400, "{\"error\":\"invalid_request\"}")
                        : Answer.healthy()));
  }

  @Spec({"AC-03", "O1-01"})
  @Test
  void theRedirectUriIsLeftOutOfTheTokenRequestWhereThatIsSwitchedOn() throws Exception {
    refuseRedirectUris();
    try (WebLogin web = withoutRedirectUri()) {
      assertThat(web.login().refreshToken()).isPresent();
      assertThat(web.tokenRequest()).containsOnlyKeys("grant_type", "code", "code_verifier");
    }
  }

  @Spec("AC-03")
  @Test
  void aServerThatRefusesRedirectUrisGetsThemAllTheSameUnlessThatIsSwitchedOff() {
    refuseRedirectUris();
    try (WebLogin web = web()) {
      assertThat(WebLogin.refusal(web::login)).hasMessageContaining("invalid_request");
      assertThat(web.tokenRequest()).containsEntry("redirect_uri", List.of(WebLogin.CALLBACK));
    }
  }

  @Spec("AC-03")
  @Test
  void aServerThatComparesRedirectUrisRefusesARequestWithout() {
    try (WebLogin web = withoutRedirectUri()) {
      assertThat(WebLogin.refusal(web::login)).hasMessageContaining("invalid_request");
      assertThat(web.tokenRequest()).doesNotContainKey("redirect_uri");
    }
  }

  @Spec("AC-04")
  @Test
  void aCodeIsSentOnceWhateverHappens() throws Exception {
    List<Answer> troubles =
        List.of(
            Answer.reset(),
            Answer.closeBeforeAnswer(),
            Answer.healthy().sentAs(Answer.reset()),
            Answer.status(503).header("Retry-After", "0"),
            Answer.status(500),
            Answer.json(400, "{\"error\":\"invalid_grant\"}"),
            Answer.json(400, "{\"error\":\"temporarily_unavailable\"}"),
            Answer.json(200, "{"),
            Answer.redirect(307, URI.create("https://elsewhere.example.com/token")));
    try (WebLogin web = web()) {
      for (Answer trouble : troubles) {
        server.clearRequests();
        server.answerNext(trouble);
        AuthorizationRedirect redirect = web.flow.start();
        AuthorizationResponse response = AuthorizationResponse.ofUrl(web.callback(redirect));
        assertThat(WebLogin.refusal(() -> web.flow.finish(redirect.pending(), response)))
            .as(trouble.toString())
            .hasMessageContaining("not sent a second time")
            .hasMessageContaining("Log in again");
        assertThat(WebLogin.refusal(() -> web.flow.finish(redirect.pending(), response)))
            .hasMessageContaining("finished before");
        assertThat(server.tokenRequests()).as(trouble.toString()).hasSize(1);
        server.answerHealthy();
      }
      assertThat(web.login()).isNotNull();
    }
  }

  @Spec("AC-04")
  @Test
  void aCodeIsNotSentOverAConnectionThatMayBeDead() throws Exception {
    try (WebLogin web = web()) {
      web.login();
      server.answerNext(Answer.closeBeforeAnswer());
      WebLogin.refusal(web::login);
      web.login();
      assertThat(server.tokenRequests()).hasSize(3);
      assertThat(server.codesReused()).isZero();
    }
  }

  @Test
  void aFailedExchangeSaysWhatTheServerSaidAndShowsNeitherCodeNorVerifier() throws Exception {
    List<String> secrets = new ArrayList<>();
    server.answerNext(
        Answer.computedFrom(
            request -> {
              secrets.addAll(request.form().get("code"));
              secrets.addAll(request.form().get("code_verifier"));
              return Answer.json(
                  400,
                  "{\"error\":\"invalid_grant\",\"error_description\":\"%s\"}"
                      .formatted(String.join(" ", secrets)));
            }));
    try (WebLogin web = web()) {
      LoginFailedException refusal = WebLogin.refusal(web::login);
      assertThat(secrets).hasSize(2);
      assertThat(refusal.error()).contains("invalid_grant");
      assertThat(refusal.failure().orElseThrow().status()).isEqualTo(400);
      for (String secret : secrets) {
        assertThat(refusal.toString()).doesNotContain(secret);
        assertThat(String.valueOf(refusal.getCause())).doesNotContain(secret);
      }
    }
  }

  @Spec({"NA-06", "PK-02"})
  @Test
  void aPublicClientNamesItselfAndSendsNoSecret() throws Exception {
    server.registerPublicClient("public");
    server.registerRedirectUris("public", WebLogin.CALLBACK);
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .authentication(ClientAuthentication.none("public"))
            .clocks(clock, clock::nanoTime)
            .build()) {
      AuthorizationCodeFlow flow =
          client.authorizationCodeFlow(Grant.authorizationCode(), WebLogin.CALLBACK);
      AuthorizationRedirect redirect = flow.start();
      String callback =
          new dev.everbearer.testing.server.UserAgent().redirectOf(redirect.url()).toString();
      assertThat(flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(callback)))
          .isNotNull();
      assertThat(server.tokenRequests().get(0).form())
          .containsOnlyKeys("grant_type", "code", "redirect_uri", "code_verifier", "client_id");
    }
  }

  @Spec({"NA-06", "PK-02"})
  @Test
  void aSecretThatEverybodyCanReadReplacesNothingThatProtectsAPublicClient() throws Exception {
    server.registerClient("program", "printed in the program");
    server.registerRedirectUris("program", WebLogin.CALLBACK);
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .clientSecretPost("program", "printed in the program")
            .clocks(clock, clock::nanoTime)
            .build()) {
      AuthorizationCodeFlow flow =
          client.authorizationCodeFlow(Grant.authorizationCode(), WebLogin.CALLBACK);
      AuthorizationRedirect redirect = flow.start();
      assertThat(server.requestsTo("pushed_authorization_request_endpoint").get(0).form())
          .containsEntry("code_challenge_method", List.of("S256"))
          .containsKeys("code_challenge", "state");
      String callback =
          new dev.everbearer.testing.server.UserAgent().redirectOf(redirect.url()).toString();
      assertThat(flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(callback)))
          .isNotNull();
      assertThat(server.tokenRequests().get(0).form())
          .containsKeys("client_secret", "code_verifier", "redirect_uri");
    }
  }

  @Test
  void lessThanIsRequiredIsToldAsSuch() throws Exception {
    AuthorizationCodeGrant grant =
        Grant.authorizationCode().scope("read", "write").requiredScope("write");
    server.answerNext(
        Answer.json(200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"scope\":\"read\"}"));
    try (WebLogin web = new WebLogin(server, grant, b -> b.clocks(clock, clock::nanoTime))) {
      assertThatThrownBy(web::login).isInstanceOf(InsufficientScopeException.class);
    }
  }

  @Test
  void aRefreshTokenThatCameWithTooLittleIsHandedToOnRotated() throws Exception {
    AuthorizationCodeGrant grant =
        Grant.authorizationCode().scope("read", "write").requiredScope("write");
    Answer tooLittle =
        Answer.json(
            200,
            "{\"access_token\":\"a\",\"token_type\":\"Bearer\",\"scope\":\"read\","
                + "\"refresh_token\":\"kept\"}");
    List<String> kept = new ArrayList<>();
    Consumer<TokenSet> keeper =
        tokens -> {
          kept.add(tokens.refreshToken().orElseThrow().reveal());
          throw new IllegalStateException("disk full");
        };
    try (WebLogin web = new WebLogin(server, grant, b -> b.onRotated(keeper))) {
      server.answerNext(tooLittle);
      assertThatThrownBy(web::login)
          .isInstanceOf(InsufficientScopeException.class)
          .hasSuppressedException(new IllegalStateException("disk full"));
      assertThat(kept).containsExactly("kept");
      assertThat(web.login()).isNotNull();
    }
    assertThat(kept).as("what finish() gives is the caller's to keep").hasSize(1);
  }

  @Test
  void aLoginForOpenidHandsNothingOutWhenItsIdTokenIsNotOfThisLogin() throws Exception {
    AuthorizationCodeGrant grant = Grant.authorizationCode().scope("openid");
    try (WebLogin web = new WebLogin(server, grant, b -> b.clocks(clock, clock::nanoTime))) {
      assertThat(web.login().validatedIdToken()).isPresent();
      server.alterJwts(JwtKind.ID_TOKEN, jwt -> jwt.claim("nonce", "n0nce"));
      assertThat(WebLogin.refusal(web::login))
          .hasMessageContaining("nonce")
          .hasMessageNotContaining("n0nce");
    }
  }

  // ---- what is pending

  @Spec("AC-07")
  @Test
  void aLoginIsGoodForTenMinutes() throws Exception {
    try (WebLogin web = web()) {
      AuthorizationRedirect inTime = web.flow.start();
      AuthorizationRedirect late = web.flow.start();
      server.authorization().codeLifetime(Duration.ofHours(1));
      String callbackInTime = web.callback(inTime);
      String callbackLate = web.callback(late);
      clock.advance(Duration.ofMinutes(10).minusMillis(1));
      assertThat(web.flow.finish(inTime.pending(), AuthorizationResponse.ofUrl(callbackInTime)))
          .isNotNull();
      clock.advance(Duration.ofMillis(1));
      assertThat(
              WebLogin.refusal(
                  () -> web.flow.finish(late.pending(), AuthorizationResponse.ofUrl(callbackLate))))
          .hasMessageContaining("more than ten minutes");
      assertThat(server.tokenRequests()).hasSize(1);
    }
  }

  @Spec("AC-07")
  @Test
  void whatIsPendingSurvivesARestartAndIsNothingToShow() throws Exception {
    AuthorizationRedirect redirect;
    String callback;
    try (WebLogin before = web()) {
      redirect = before.flow.start();
      callback = before.callback(redirect);
    }
    assertThat(redirect.pending()).matches("[\\x21-\\x7e]{100,2000}");
    assertThat(redirect.toString()).doesNotContain(redirect.pending(), redirect.state());
    try (WebLogin after = web()) {
      assertThat(after.flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(callback)))
          .isNotNull();
    }
  }

  @Spec("AC-07")
  @Test
  void whatIsNotPendingHereIsRefused() throws Exception {
    try (WebLogin web = web()) {
      AuthorizationRedirect redirect = web.flow.start();
      AuthorizationResponse response = AuthorizationResponse.ofUrl(web.callback(redirect));
      AuthorizationCodeFlow otherPlace =
          web.client.authorizationCodeFlow(
              Grant.authorizationCode(), "https://app.example.com/other");
      WebLogin.refusal(() -> otherPlace.finish(redirect.pending(), response));
      for (String junk : List.of("", "1.", "1.!!!", "1.c2VydmVyPXg", "2." + redirect.pending())) {
        assertThat(WebLogin.refusal(() -> web.flow.finish(junk, response)))
            .hasMessageContaining("not of a login that this flow began");
      }
      assertThat(server.tokenRequests()).isEmpty();
    }
  }
}
