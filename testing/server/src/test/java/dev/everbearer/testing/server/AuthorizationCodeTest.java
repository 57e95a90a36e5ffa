package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWKSet;
import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(ScriptedServers.class)
class AuthorizationCodeTest {

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;

  AuthorizationCodeTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  @BeforeEach
  void register() {
    server.registerPublicClient("c");
    server.registerRedirectUris("c", CodeFlow.REDIRECT, "http://127.0.0.1/cb", "http://[::1]:1/cb");
  }

  private CodeFlow flow() {
    return new CodeFlow(server, "c");
  }

  private ReceivedJwt idToken(HttpResponse<String> response) throws Exception {
    ReceivedJwt jwt = ReceivedJwt.parse(string(response, "id_token"));
    jwt.requireSignatureBy(JWKSet.parse(server.keys().jwks()));
    return jwt;
  }

  @Test
  void answersWithCodeStateAndIssuer() throws IOException {
    Map<String, List<String>> answer = flow().answer();

    assertThat(answer).containsOnlyKeys("code", "state", "iss");
    assertThat(answer.get("state")).containsExactly("state 1&2");
    assertThat(answer.get("iss")).containsExactly(server.issuer().toString());
    assertThat(server.codesIssued()).isEqualTo(1);
    assertThat(http.post(server.endpoint("authorization_endpoint"), flow().form()).statusCode())
        .isEqualTo(302);
  }

  @Test
  void redeemsACode() throws IOException {
    HttpResponse<String> response = flow().with("scope", "a b").login();

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(string(response, "scope")).isEqualTo("a b");
    assertThat(server.isActive(string(response, "access_token"))).isTrue();
    assertThat(server.isActive(string(response, "refresh_token"))).isTrue();
    assertThat(response.body()).doesNotContain("id_token");
  }

  @Test
  void anIdTokenComesWithTheOpenidScope() throws Exception {
    HttpResponse<String> response =
        flow()
            .with("scope", "openid")
            .with("nonce", "n-1")
            .with("acr_values", "gold silver")
            .login();

    ReceivedJwt jwt = idToken(response);
    long now = clock.instant().getEpochSecond();
    String accessToken = string(response, "access_token");
    assertThat(jwt.header()).containsEntry("alg", "RS256");
    assertThat(jwt.claims())
        .containsEntry("iss", server.issuer().toString())
        .containsEntry("sub", "alice")
        .containsEntry("aud", "c")
        .containsEntry("iat", now)
        .containsEntry("exp", now + 300)
        .containsEntry("auth_time", now)
        .containsEntry("acr", "gold")
        .containsEntry("nonce", "n-1")
        .containsEntry("at_hash", IdTokens.leftHalf("RS256", accessToken));
  }

  @Test
  void aRefreshRenewsTheIdTokenToo() throws Exception {
    HttpResponse<String> login = flow().with("scope", "openid").with("nonce", "n").login();
    Instant then = clock.instant();
    clock.advance(Duration.ofMinutes(1));

    HttpResponse<String> refreshed =
        http.post(
            server.tokenEndpoint(),
            "grant_type=refresh_token&client_id=c&refresh_token=" + string(login, "refresh_token"));

    assertThat(idToken(refreshed).claims())
        .containsEntry("sub", "alice")
        .containsEntry("auth_time", then.getEpochSecond())
        .doesNotContainKey("nonce");
  }

  @Test
  void idTokensAreSignedAsRegisteredAndSpoiledAsWanted() throws Exception {
    server.clientMetadata("c", Map.of("id_token_signed_response_alg", "ES256"));
    CodeFlow flow = flow().with("scope", "openid");
    assertThat(idToken(flow.login()).header()).containsEntry("alg", "ES256");

    server.alterJwts(JwtKind.ID_TOKEN, jwt -> jwt.claim("aud", "other").without("exp"));

    assertThat(idToken(flow.login()).claims())
        .containsEntry("aud", "other")
        .doesNotContainKey("exp");
    server.alterJwts(JwtKind.ID_TOKEN, Jwt::unsigned);
    assertThat(string(flow.login(), "id_token")).endsWith(".");
  }

  @Test
  void maxAgeAndPromptDecideWhetherALoginIsOldEnoughToBeRepeated() throws Exception {
    server.authorization().authenticatedAt(clock.instant().minusSeconds(100)).subject("bob");
    CodeFlow flow = flow().with("scope", "openid");
    long now = clock.instant().getEpochSecond();

    assertThat(idToken(flow.login()).claims())
        .containsEntry("auth_time", now - 100)
        .containsEntry("sub", "bob");
    assertThat(idToken(flow.with("max_age", "100").login()).claims())
        .containsEntry("auth_time", now - 100);
    assertThat(idToken(flow.with("max_age", "99").login()).claims())
        .containsEntry("auth_time", now);
    assertThat(idToken(flow.without("max_age").with("prompt", "login").login()).claims())
        .containsEntry("auth_time", now);
    server.authorization().acr("bronze");
    assertThat(idToken(flow.with("acr_values", "gold").login()).claims())
        .containsEntry("acr", "bronze");
  }

  @Test
  void aCodeUsedTwiceTakesItsTokensWithIt() throws IOException {
    CodeFlow flow = flow();
    Map<String, String> request = flow.tokenRequest(flow.code());
    HttpResponse<String> first = flow.redeem(request);
    HttpResponse<String> second = flow.redeem(request);

    assertThat(string(second, "error")).isEqualTo("invalid_grant");
    assertThat(server.codesReused()).isEqualTo(1);
    assertThat(server.isActive(string(first, "access_token"))).isFalse();
    assertThat(server.isActive(string(first, "refresh_token"))).isFalse();
  }

  @Test
  void aCodeExpires() throws IOException {
    CodeFlow flow = flow();
    Map<String, String> request = flow.tokenRequest(flow.code());
    Map<String, String> late = flow.tokenRequest(flow.code());

    clock.advance(Duration.ofSeconds(60).minusNanos(1));
    assertThat(flow.redeem(request).statusCode()).isEqualTo(200);
    clock.advance(Duration.ofNanos(1));
    assertThat(flow.redeem(late).body()).contains("invalid_grant", "expired");
  }

  @ParameterizedTest
  @CsvSource({
    "code_verifier, a-verifier-of-at-least-43-unreserved-characters-, invalid_grant, code_challenge",
    "code_verifier, short, invalid_request, malformed",
    "code_verifier, , invalid_request, missing: code_verifier",
    "redirect_uri, https://client.example/callback/, invalid_grant, redirect_uri",
    "redirect_uri, , invalid_request, missing: redirect_uri",
    "client_id, other, invalid_grant, another client",
    "code, unknown, invalid_grant, unknown",
    "scope, a, invalid_request, settled",
    "resource, https://other.example, invalid_target, not granted",
  })
  void refusesTokenRequests(String name, String value, String error, String description)
      throws IOException {
    server.registerPublicClient("other");
    CodeFlow flow = flow().with("scope", "a").with("resource", "https://api.example");
    Map<String, String> request = flow.tokenRequest(flow.code());
    if (value == null) {
      request.remove(name);
    } else {
      request.put(name, value);
    }

    HttpResponse<String> response = flow.redeem(request);

    assertThat(string(response, "error")).isEqualTo(error);
    assertThat(string(response, "error_description")).contains(description);
  }

  @Test
  void theRedirectUriNeedNotBeRepeatedIfSaid() throws IOException {
    server.authorization().compareRedirectUri(false);
    Map<String, String> request = flow().tokenRequest(flow().code());
    request.remove("redirect_uri");

    assertThat(flow().redeem(request).statusCode()).isEqualTo(200);
  }

  @Test
  void aVerifierWithoutAChallengeIsADowngrade() throws IOException {
    server.authorization().requirePkce(false);
    CodeFlow flow = flow().without("code_challenge").without("code_challenge_method");
    Map<String, String> request = flow.tokenRequest(flow.code());
    assertThat(flow.redeem(request).body()).contains("invalid_grant");

    request = flow.tokenRequest(flow.code());
    request.remove("code_verifier");
    assertThat(flow.redeem(request).statusCode()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "response_type, token, unsupported_response_type",
    "response_type, , invalid_request",
    "response_mode, fragment, invalid_request",
    "code_challenge, , invalid_request",
    "code_challenge, x, invalid_request",
    "code_challenge_method, plain, invalid_request",
    "code_challenge_method, , invalid_request",
    "scope, a  b, invalid_scope",
    "resource, relative, invalid_target",
    "max_age, -1, invalid_request",
  })
  void tellsTheClientWhatIsWrong(String name, String value, String error) throws IOException {
    CodeFlow flow = value == null ? flow().without(name) : flow().with(name, value);

    Map<String, List<String>> answer = flow.answer();

    assertThat(answer.get("error")).containsExactly(error);
    assertThat(answer.get("state")).containsExactly("state 1&2");
    assertThat(answer.get("iss")).containsExactly(server.issuer().toString());
    assertThat(answer).doesNotContainKey("code");
  }

  @ParameterizedTest
  @CsvSource({
    "client_id, other",
    "client_id,",
    "redirect_uri,",
    "redirect_uri, https://client.example/callback/",
    "redirect_uri, https://client.example/callback?x=y",
    "redirect_uri, http://127.0.0.1:80/other",
    "redirect_uri, http://localhost/cb",
    "redirect_uri, http://127.0.0.1.evil.test/cb",
    "redirect_uri, http://127.0.0.1:80@evil.test/cb",
    "request_uri, urn:x",
  })
  void redirectsNowhereUnlessClientAndAddressAreGood(String name, String value) throws IOException {
    CodeFlow flow = value == null ? flow().without(name) : flow().with(name, value);

    HttpResponse<String> response = flow.ask();

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.headers().firstValue("Location")).isEmpty();
    assertThat(response.headers().firstValue("Content-Type").orElse("")).startsWith("text/html");
  }

  @Test
  void refusesRepeatedParameters() throws IOException {
    HttpResponse<String> response = http.get(URI.create(flow().uri() + "&state=again"));

    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(response.body()).contains("more than once: state");
  }

  @ParameterizedTest
  @CsvSource({"http://127.0.0.1:49152/cb", "http://127.0.0.1/cb", "http://[::1]:49152/cb"})
  void loopbackRedirectsGoWithEveryPort(String redirectUri) throws IOException {
    CodeFlow flow = flow().with("redirect_uri", redirectUri);

    assertThat(new UserAgent().redirectOf(flow.uri()).toString())
        .startsWith(redirectUri + "?code=");
    assertThat(flow.login().statusCode()).isEqualTo(200);
  }

  @Test
  void deniesOnce() throws IOException {
    server.authorization().denyNext("access_denied", "not today").denyNext("login_required", null);

    assertThat(flow().answer())
        .containsEntry("error", List.of("access_denied"))
        .containsEntry("error_description", List.of("not today"))
        .containsEntry("state", List.of("state 1&2"))
        .containsKey("iss");
    assertThat(flow().answer()).containsOnlyKeys("error", "state", "iss");
    assertThat(flow().answer()).containsKey("code");
  }

  @Test
  void answersCanBeFalsified() throws IOException {
    server
        .authorization()
        .alterResponse(
            answer ->
                answer
                    .without("iss")
                    .with("state", "other")
                    .and("code", answer.value("code").orElseThrow())
                    .and("access_token", "x"));

    Map<String, List<String>> answer = flow().answer();

    assertThat(answer).containsOnlyKeys("code", "state", "access_token");
    assertThat(answer.get("state")).containsExactly("other");
    assertThat(answer.get("code")).hasSize(2);
  }

  @Test
  void aFragmentIsSentOnlyIfScripted() throws IOException {
    server.authorization().sendBy("fragment");

    assertThat(new UserAgent().redirectOf(flow().uri()).getRawFragment()).startsWith("code=");
  }

  @Test
  void refreshTokensComeToThoseThatMayHaveThem() throws IOException {
    server.refreshTokensFor(RefreshTokensFor.OFFLINE_ACCESS);
    assertThat(string(flow().login(), "refresh_token")).isEmpty();
    CodeFlow offline = flow().with("scope", "offline_access");
    assertThat(string(offline.login(), "refresh_token")).isNotEmpty();

    server.clientMetadata("c", Map.of("grant_types", List.of("authorization_code")));
    assertThat(string(offline.login(), "refresh_token")).isEmpty();
    server.clientMetadata("c", Map.of("grant_types", List.of("client_credentials")));
    assertThat(string(flow().login(), "error")).isEqualTo("unauthorized_client");
    server.clientMetadata(
        "c", Map.of("grant_types", List.of("authorization_code", "refresh_token")));
    server.refreshTokensFor(RefreshTokensFor.NO_LOGIN);
    assertThat(string(offline.login(), "refresh_token")).isEmpty();
  }
}
