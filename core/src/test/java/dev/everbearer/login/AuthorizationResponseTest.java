package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.TokenSet;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the browser brings back, in all ways in which it may be wrong. */
@ExtendWith(ScriptedServers.class)
class AuthorizationResponseTest {

  private final ScriptedAuthorizationServer server;

  AuthorizationResponseTest(ScriptedAuthorizationServer server) {
    this.server = WebLogin.withoutPushing(server);
  }

  private String messageOfRefused(UnaryOperator<String> change) {
    try (WebLogin web = new WebLogin(server)) {
      return web.refuses(change).getMessage();
    }
  }

  private static String withoutIss(String url) {
    return url.replaceAll("&iss=[^&]*", "");
  }

  private static UnaryOperator<String> withIss(String issuer) {
    String encoded = URLEncoder.encode(issuer, StandardCharsets.UTF_8);
    return url -> withoutIss(url) + "&iss=" + encoded;
  }

  // ---- state

  @Spec("AC-02")
  @Test
  void aStateThatIsMissingWrongEmptyOrDoubledIsRefused() {
    for (UnaryOperator<String> change :
        List.<UnaryOperator<String>>of(
            url -> url.replaceAll("&state=[^&]*", ""),
            url -> url.replaceAll("&state=[^&]*", "&state=wrong"),
            url -> url.replaceAll("&state=[^&]*", "&state="),
            url -> url.replaceAll("(&state=[^&]*)", "$1x"),
            url -> url.replaceAll("(&state=[^&]*)", "$1$1"),
            url -> url.replaceAll("(&state=[^&]*)", "$1&state=wrong"))) {
      assertThat(messageOfRefused(change)).contains("its state is missing, doubled, or not");
    }
  }

  @Spec("AC-02")
  @Test
  void anAnswerToAnotherLoginOfTheSameFlowIsRefused() throws Exception {
    try (WebLogin web = new WebLogin(server)) {
      AuthorizationRedirect mine = web.flow.start();
      String callback = web.callback(web.flow.start());
      WebLogin.refusal(
          () -> web.flow.finish(mine.pending(), AuthorizationResponse.ofUrl(callback)));
      assertThat(server.tokenRequests()).isEmpty();
    }
  }

  @Spec({"AC-02", "AC-07"})
  @Test
  void anAnswerIsUsedOnceBySeveralFlowsOfAClient() throws Exception {
    try (WebLogin web = new WebLogin(server)) {
      AuthorizationRedirect redirect = web.flow.start();
      AuthorizationResponse response = AuthorizationResponse.ofUrl(web.callback(redirect));
      web.flow.finish(redirect.pending(), response);

      AuthorizationCodeFlow again =
          web.client.authorizationCodeFlow(
              Grant.authorizationCode().scope("read"), WebLogin.CALLBACK);
      assertThat(WebLogin.refusal(() -> again.finish(redirect.pending(), response)))
          .hasMessageContaining("finished before");
      assertThat(server.tokenRequests()).hasSize(1);
    }
  }

  @Spec("AC-02")
  @Test
  void aStrangersAnswerDoesNotUseUpALogin() throws Exception {
    try (WebLogin web = new WebLogin(server)) {
      AuthorizationRedirect redirect = web.flow.start();
      String good = web.callback(redirect);
      String forged = WebLogin.CALLBACK + "?code=x&state=y";
      WebLogin.refusal(
          () -> web.flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(forged)));
      assertThat(web.flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(good)))
          .isNotNull();
    }
  }

  // ---- what is said twice, and what is unknown

  @Spec({"AC-05", "O1-01"})
  @ParameterizedTest
  @ValueSource(strings = {"code", "iss", "error", "error_description"})
  void aParameterThatComesTwiceIsRefused(String name) {
    assertThat(messageOfRefused(url -> url + "&" + name + "=a&" + name + "=b"))
        .contains("'" + name + "' comes twice");
  }

  @Spec({"AC-05", "O1-01"})
  @Test
  void unknownParametersAreIgnored() throws Exception {
    try (WebLogin web = new WebLogin(server)) {
      TokenSet tokens = web.login(url -> url + "&session_state=a&x&x=1&y=%26&&=&state_code=1");
      assertThat(server.isActive(tokens.accessToken().value())).isTrue();
    }
  }

  @Test
  void anAnswerThatCannotBeReadIsRefused() {
    assertThat(messageOfRefused(url -> url + "&x=%zz")).contains("form encoding is broken");
    assertThat(messageOfRefused(url -> url + "&x=" + "y".repeat(70_000))).contains("too long");
    assertThat(messageOfRefused(url -> url.replaceAll("\\?.*", ""))).contains("its state");
    assertThat(messageOfRefused(url -> url.replaceAll("([?&])code=[^&]*", "$1code=%0d%0aa")))
        .contains("characters");
    assertThat(messageOfRefused(url -> url.replaceAll("([?&])code=[^&]*", "$1code=")))
        .contains("neither a code nor an error");
  }

  // ---- errors

  @Spec("AC-06")
  @Test
  void anErrorOfTheServerIsToldWithItsCodeAndMeaning() {
    server.authorization().denyNext("access_denied", "no\u001b[31m way\u202e");
    try (WebLogin web = new WebLogin(server)) {
      LoginFailedException refusal = web.refuses(url -> url);
      assertThat(refusal.error()).contains("access_denied");
      assertThat(refusal)
          .hasMessageContaining(server.issuer().toString())
          .hasMessageContaining("access_denied (\"no[31m way\")")
          .hasMessageContaining("Log in again");
    }
  }

  @Spec({"AC-06", "IS-04"})
  @Test
  void anErrorIsNotShownBeforeItIsKnownWhoseItIs() {
    for (UnaryOperator<String> change :
        List.<UnaryOperator<String>>of(
            url -> url.replaceAll("&state=[^&]*", "&state=wrong"),
            withIss("https://evil.example.com"),
            AuthorizationResponseTest::withoutIss)) {
      server.authorization().denyNext("evil_code", "Call 555-1234 at once");
      assertThat(messageOfRefused(change)).doesNotContain("evil_code", "555-1234");
    }
    server.authorization().denyNext("evil_code", "Call 555-1234 at once");
    assertThat(messageOfRefused(url -> url)).contains("evil_code");
  }

  @Spec("AC-06")
  @Test
  void aLoginThatEndedWithAnErrorIsNotFinishedByACode() throws Exception {
    server.authorization().denyNext("access_denied", null);
    try (WebLogin web = new WebLogin(server)) {
      AuthorizationRedirect redirect = web.flow.start();
      String denied = web.callback(redirect);
      WebLogin.refusal(
          () -> web.flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(denied)));
      String withCode = denied.replaceAll("error=[^&]*", "code=injected");
      assertThat(
              WebLogin.refusal(
                  () -> web.flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(withCode))))
          .hasMessageContaining("finished before");
      assertThat(server.tokenRequests()).isEmpty();
    }
  }

  // ---- the way it came

  @Spec("AC-08")
  @Test
  void aFragmentAndTokensInTheBrowserAreRefused() {
    assertThat(messageOfRefused(url -> url.replace('?', '#'))).contains("fragment");
    assertThat(messageOfRefused(url -> url + "#_=_")).contains("fragment");
    for (String name : List.of("access_token", "id_token", "token_type", "refresh_token")) {
      assertThat(messageOfRefused(url -> url + "&" + name + "=x"))
          .contains("'" + name + "' came through the browser");
    }
  }

  @Spec({"AC-08", "PQ-26"})
  @Test
  void aPostedFormIsTakenWhenItWasAskedFor() throws Exception {
    try (WebLogin web = new WebLogin(server)) {
      AuthorizationCodeFlow flow = web.flow.byFormPost();
      AuthorizationRedirect redirect = flow.start();
      assertThat(WebLogin.parameters(redirect.url()))
          .containsEntry("response_mode", List.of("form_post"));

      String body = bodyFor(redirect);
      String type = "Application/X-WWW-Form-Urlencoded;charset=utf-8";
      assertThat(
              flow.finish(redirect.pending(), AuthorizationResponse.ofFormPost("POST", type, body)))
          .isNotNull();
    }
  }

  @Spec({"AC-08", "PQ-26"})
  @Test
  void aPostedFormOfAnotherMethodOrMediaTypeOrUnaskedIsRefused() throws Exception {
    String form = "application/x-www-form-urlencoded";
    try (WebLogin web = new WebLogin(server)) {
      AuthorizationCodeFlow flow = web.flow.byFormPost();
      AuthorizationRedirect redirect = flow.start();
      String body = bodyFor(redirect);
      for (AuthorizationResponse bad :
          List.of(
              AuthorizationResponse.ofFormPost("GET", form, body),
              AuthorizationResponse.ofFormPost("POST", "text/plain", body),
              AuthorizationResponse.ofFormPost("POST", null, body),
              AuthorizationResponse.ofQuery(body))) {
        WebLogin.refusal(() -> flow.finish(redirect.pending(), bad));
      }
      AuthorizationRedirect byQuery = web.flow.start();
      AuthorizationResponse posted =
          AuthorizationResponse.ofFormPost("POST", form, bodyFor(byQuery));
      assertThat(WebLogin.refusal(() -> web.flow.finish(byQuery.pending(), posted)))
          .hasMessageContaining("was to come in a query");
      assertThat(server.tokenRequests()).isEmpty();
    }
  }

  private String bodyFor(AuthorizationRedirect redirect) throws Exception {
    server.authorization().sendBy("query");
    try {
      return new dev.everbearer.testing.server.UserAgent().redirectOf(redirect.url()).getRawQuery();
    } finally {
      server.authorization().sendBy(null);
    }
  }

  // ---- the issuer

  @Spec("IS-01")
  @Test
  void anIssuerMustBeTheRecordedOneCharacterByCharacter() throws Exception {
    String issuer = server.issuer().toString();
    for (String other :
        List.of(
            issuer + "/",
            issuer.replace("http", "HTTP"),
            issuer.replace("127", "%3127"),
            issuer.replaceAll(":\\d+$", ""),
            "https://evil.example.com")) {
      assertThat(messageOfRefused(withIss(other))).as(other).contains("(iss)");
    }
    try (WebLogin web = new WebLogin(server)) {
      assertThat(web.login(withIss(issuer))).isNotNull();
      assertThat(web.login(url -> withoutIss(url) + "&iss=" + issuer)).isNotNull();
    }
  }

  @Spec("IS-02")
  @Test
  void anAnnouncedIssuerMustNotBeMissing() {
    assertThat(messageOfRefused(AuthorizationResponseTest::withoutIss))
        .contains("does not name its server");
    assertThat(messageOfRefused(url -> withoutIss(url) + "&iss=")).contains("not name its");
  }

  @Spec("IS-02")
  @Test
  void alreadyBegunLoginsBelongToTheirServer() throws Exception {
    try (ScriptedAuthorizationServer other =
            WebLogin.withoutPushing(ScriptedAuthorizationServer.start());
        WebLogin web = new WebLogin(server);
        WebLogin elsewhere = new WebLogin(other)) {
      AuthorizationRedirect redirect = elsewhere.flow.start();
      String callback = elsewhere.callback(redirect);
      assertThat(
              WebLogin.refusal(
                  () -> web.flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(callback))))
          .hasMessageContaining("begun at another server");
      assertThat(server.tokenRequests()).isEmpty();
      assertThat(other.tokenRequests()).isEmpty();
    }
  }

  @Spec("IS-03")
  @Test
  void anUnannouncedIssuerIsComparedAndDiscardedByTheStrictProfile() throws Exception {
    server.withoutMetadata("authorization_response_iss_parameter_supported");
    try (WebLogin web = new WebLogin(server)) {
      assertThat(web.login()).isNotNull();
      assertThat(web.login(AuthorizationResponseTest::withoutIss)).isNotNull();
      assertThat(web.refuses(withIss("https://evil.example.com"))).hasMessageContaining("(iss)");
    }
    try (WebLogin web =
        new WebLogin(server, builder -> builder.profile(ProviderProfile.strict()))) {
      assertThat(web.refuses(url -> url)).hasMessageContaining("strict profile discards");
      assertThat(web.login(AuthorizationResponseTest::withoutIss)).isNotNull();
    }
  }

  @Spec("IS-03")
  @Test
  void anIssuerWithNothingToCompareItWithIsDiscardedByTheStrictProfile() throws Exception {
    assertThat(loginByEndpoints(ProviderProfile.standard())).isNotNull();
    assertThat(WebLogin.refusal(() -> loginByEndpoints(ProviderProfile.strict())))
        .hasMessageContaining("no issuer is configured");
  }

  private TokenSet loginByEndpoints(ProviderProfile profile) throws Exception {
    server.registerClient(WebLogin.ID, WebLogin.SECRET);
    server.registerRedirectUris(WebLogin.ID, WebLogin.CALLBACK);
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .endpoint(Endpoint.AUTHORIZATION, server.endpoint("authorization_endpoint").toString())
            .clientSecretBasic(WebLogin.ID, WebLogin.SECRET)
            .profile(profile)
            .build()) {
      AuthorizationCodeFlow flow =
          client.authorizationCodeFlow(Grant.authorizationCode(), WebLogin.CALLBACK);
      AuthorizationRedirect redirect = flow.start();
      URI callback = new dev.everbearer.testing.server.UserAgent().redirectOf(redirect.url());
      return flow.finish(redirect.pending(), AuthorizationResponse.ofQuery(callback.getRawQuery()));
    }
  }

  // ---- mix-up

  @Spec("IS-05")
  @Test
  void twoServersThatDoNotNameThemselvesCannotShareARedirectUri() throws Exception {
    try (ScriptedAuthorizationServer attacker =
            WebLogin.withoutPushing(ScriptedAuthorizationServer.start());
        WebLogin honest = new WebLogin(server);
        WebLogin evil = new WebLogin(attacker)) {
      server.withoutMetadata("authorization_response_iss_parameter_supported");
      attacker.withoutMetadata("authorization_response_iss_parameter_supported");
      AuthorizationRedirect redirect = honest.flow.start();

      // The attacker would send the browser on to the honest server, and wait for its code.
      assertThat(WebLogin.refusal(evil.flow::start))
          .hasMessageContaining("a redirect URI of its own");
      assertThat(attacker.tokenRequests()).isEmpty();

      AuthorizationCodeFlow ownPlace =
          evil.client.authorizationCodeFlow(
              Grant.authorizationCode(), "https://app.example.com/callback/evil");
      assertThat(ownPlace.start()).isNotNull();
      assertThat(
              honest.flow.finish(
                  redirect.pending(), AuthorizationResponse.ofUrl(honest.callback(redirect))))
          .isNotNull();
      honest.client.close();
      assertThat(evil.flow.start()).isNotNull();
    }
  }

  @Spec("IS-05")
  @Test
  void serversThatNameThemselvesShareARedirectUriAndAnAnswerOfTheOtherIsRefused() throws Exception {
    try (ScriptedAuthorizationServer attacker =
            WebLogin.withoutPushing(ScriptedAuthorizationServer.start());
        WebLogin honest = new WebLogin(server);
        WebLogin evil = new WebLogin(attacker)) {
      attacker.withoutMetadata("authorization_response_iss_parameter_supported");
      AuthorizationRedirect redirect = evil.flow.start();
      String atHonest =
          redirect
              .url()
              .toString()
              .replace(attacker.issuer().toString(), server.issuer().toString());
      String callback =
          new dev.everbearer.testing.server.UserAgent().redirectOf(URI.create(atHonest)).toString();
      assertThat(honest.flow.start()).isNotNull();
      assertThat(
              WebLogin.refusal(
                  () ->
                      evil.flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(callback))))
          .hasMessageContaining("another server");
      assertThat(attacker.tokenRequests()).isEmpty();
    }
  }
}
