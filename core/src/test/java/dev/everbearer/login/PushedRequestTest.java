package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.everbearer.client.SigningKey;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Authorization requests that are pushed (RFC 9126) and signed (RFC 9101). */
@ExtendWith(ScriptedServers.class)
class PushedRequestTest {

  private static final String ENDPOINT = "pushed_authorization_request_endpoint";
  private static final AuthorizationCodeGrant GRANT =
      Grant.authorizationCode().scope("read").resource("https://a.example.com/");

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;

  PushedRequestTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.clock = clock;
    this.server = server;
  }

  private WebLogin web() {
    return new WebLogin(server, GRANT, builder -> builder.clocks(clock, clock::nanoTime));
  }

  private WebLogin signing(ECKey key) {
    server.registerClient(WebLogin.ID, WebLogin.SECRET);
    server.registerClientKey(WebLogin.ID, key.toPublicJWK().toJSONString());
    return new WebLogin(
        server,
        GRANT,
        builder ->
            builder
                .clocks(clock, clock::nanoTime)
                .signedRequests(SigningKey.fromJwk(key.toJSONString())));
  }

  private static ECKey key() throws Exception {
    return new ECKeyGenerator(Curve.P_256).keyID("k1").generate();
  }

  private RecordedRequest pushed() {
    List<RecordedRequest> requests = server.requestsTo(ENDPOINT);
    assertThat(requests).hasSize(1);
    return requests.get(0);
  }

  // ---- pushed

  @Spec({"PR-01", "PR-03", "PR-04", "CA-05"})
  @Test
  void aServerThatTakesPushedRequestsGetsOneAndTheUrlHoldsNothingElse() throws Exception {
    try (WebLogin web = web()) {
      AuthorizationRedirect redirect = web.flow.start();
      assertThat(WebLogin.parameters(redirect.url())).containsOnlyKeys("client_id", "request_uri");
      assertThat(pushed().header("Authorization")).isPresent();
      assertThat(pushed().form())
          .containsOnlyKeys(
              "response_type",
              "client_id",
              "redirect_uri",
              "scope",
              "state",
              "code_challenge",
              "code_challenge_method",
              "resource");
      assertThat(
              web.flow.finish(
                  redirect.pending(), AuthorizationResponse.ofUrl(web.callback(redirect))))
          .isNotNull();
    }
  }

  @Spec("PR-02")
  @Test
  void eachLoginPushesARequestOfItsOwn() throws Exception {
    try (WebLogin web = web()) {
      AuthorizationRedirect first = web.flow.start();
      AuthorizationRedirect second = web.flow.start();
      assertThat(server.requestsTo(ENDPOINT)).hasSize(2);
      assertThat(reference(first)).isNotEqualTo(reference(second));
      clock.advance(Duration.ofSeconds(91));
      AuthorizationRedirect afterwards = web.flow.start();
      assertThat(
              web.flow.finish(
                  afterwards.pending(), AuthorizationResponse.ofUrl(web.callback(afterwards))))
          .isNotNull();
    }
  }

  @Spec("PR-02")
  @Test
  void aReferenceIsGoodOnceAndWhoeverGoesBackBeginsAnew() throws Exception {
    try (WebLogin web = web()) {
      AuthorizationRedirect first = web.flow.start();
      String answer = web.callback(first);
      assertThatThrownBy(() -> web.callback(first))
          .as("the server knows it no longer")
          .isInstanceOf(IOException.class)
          .hasMessageContaining("invalid_request_uri");
      AuthorizationRedirect again = web.flow.start();
      assertThat(reference(again)).isNotEqualTo(reference(first));
      assertThat(web.flow.finish(again.pending(), AuthorizationResponse.ofUrl(web.callback(again))))
          .isNotNull();
      assertThat(web.flow.finish(first.pending(), AuthorizationResponse.ofUrl(answer))).isNotNull();
    }
  }

  @Spec("PR-02")
  @Test
  void aReferenceThatIsOverIsNotPushedAgainByItself() throws Exception {
    try (WebLogin web = web()) {
      AuthorizationRedirect late = web.flow.start();
      clock.advance(Duration.ofSeconds(91));
      assertThatThrownBy(() -> web.callback(late))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("expired");
      assertThat(server.requestsTo(ENDPOINT)).hasSize(1);
    }
  }

  private static List<String> reference(AuthorizationRedirect redirect) {
    return WebLogin.parameters(redirect.url()).get("request_uri");
  }

  @Spec({"PR-02", "PQ-21"})
  @Test
  void aStatusOf200IsTakenAsWell() {
    server
        .script("/par")
        .answerNext(Answer.json(200, "{\"request_uri\":\"urn:a:1\",\"expires_in\":60}"));
    try (WebLogin web = web()) {
      assertThat(reference(web.flow.start())).containsExactly("urn:a:1");
    }
  }

  @Spec("PR-02")
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"request_uri\":\"\",\"expires_in\":60}",
        "{\"request_uri\":\"urn:a b\",\"expires_in\":60}",
        "{\"request_uri\":\"urn:a:1\"}",
        "{\"request_uri\":\"urn:a:1\",\"expires_in\":0}",
        "[]",
        "<html>"
      })
  void anAnswerWithoutAReferenceIsRefused(String body) {
    server.script("/par").answerNext(Answer.json(201, body));
    try (WebLogin web = web()) {
      assertThatThrownBy(web.flow::start)
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("pushed authorization request endpoint");
    }
  }

  @Spec("RO-03")
  @Test
  void aReferenceOfMoreThan512CharactersIsRefused() {
    String longest = "urn:" + "a".repeat(508);
    String body = "{\"request_uri\":\"%s\",\"expires_in\":60}";
    try (WebLogin web = web()) {
      server.script("/par").answerNext(Answer.json(201, body.formatted(longest)));
      assertThat(reference(web.flow.start())).containsExactly(longest);
      server.script("/par").answerNext(Answer.json(201, body.formatted(longest + "a")));
      assertThatThrownBy(web.flow::start).isInstanceOf(OAuthException.class);
    }
  }

  @Spec("PR-04")
  @Test
  void aServerThatWantsPushedRequestsAndHasNoEndpointGetsNone() {
    server.authorization().requirePushedAuthorizationRequests(true);
    server.withoutMetadata(ENDPOINT);
    try (WebLogin web = web()) {
      assertThat(WebLogin.refusal(web.flow::start))
          .hasMessageContaining("require_pushed_authorization_requests");
    }
  }

  @Spec("PR-05")
  @Test
  void errorsAreThoseOfTheTokenEndpoint() {
    try (WebLogin web = web()) {
      server.script("/par").answerNext(Answer.json(400, "{\"error\":\"invalid_scope\"}"));
      assertThatThrownBy(web.flow::start)
          .isInstanceOfSatisfying(
              OAuthErrorException.class, e -> assertThat(e.error()).isEqualTo("invalid_scope"));
      server.script("/par").answerNext(Answer.status(429).header("Retry-After", "7"));
      assertThatThrownBy(web.flow::start)
          .isInstanceOfSatisfying(
              OAuthException.class,
              e -> {
                Failure failure = e.failure().orElseThrow();
                assertThat(failure.kind()).isEqualTo(FailureKind.THROTTLED);
                assertThat(failure.retryAfter()).contains(Duration.ofSeconds(7));
              });
      server.script("/par").answerNext(Answer.status(413));
      assertThatThrownBy(web.flow::start).hasMessageContaining("too large");
    }
  }

  // ---- signed

  @Spec({"RO-02", "RO-03", "PR-01"})
  @ParameterizedTest
  @ValueSource(strings = {"request", "request_uri", "client_id"})
  void nobodyPutsARequestIntoARequest(String name) {
    assertThatThrownBy(() -> GRANT.authorizationParameter(name, "urn:other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("set by the library");
  }

  @Spec("RO-02")
  @Test
  void aRequestThatSomebodyTookFromTheBrowserAuthenticatesNobody() throws Exception {
    server.withoutMetadata(ENDPOINT);
    server.clientAssertions().acceptTyps("client-authentication+jwt", "oauth-authz-req+jwt");
    try (WebLogin web = signing(key())) {
      String request = WebLogin.parameters(web.flow.start().url()).get("request").get(0);
      String form =
          "grant_type=client_credentials&client_id=%s&client_assertion=%s&client_assertion_type=%s"
              .formatted(
                  WebLogin.ID, request, "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(server.tokenEndpoint())
                      .header("Content-Type", "application/x-www-form-urlencoded")
                      .POST(BodyPublishers.ofString(form))
                      .build(),
                  BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(401);
      assertThat(answer.body()).contains("invalid_client", "sub");
    }
  }

  @Spec({"RO-01", "RO-02", "FA-06"})
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aSignedRequestHoldsAllAndNamesNoSubject(boolean isPushed) throws Exception {
    if (!isPushed) {
      server.withoutMetadata(ENDPOINT);
    }
    try (WebLogin web = signing(key())) {
      AuthorizationRedirect redirect = web.flow.start();
      Map<String, List<String>> sent =
          isPushed ? pushed().form() : WebLogin.parameters(redirect.url());
      assertThat(sent).containsOnlyKeys("client_id", "request");
      SignedJWT jwt = SignedJWT.parse(sent.get("request").get(0));
      assertThat(jwt.getHeader().getType().getType()).isEqualTo("oauth-authz-req+jwt");
      assertThat(jwt.getHeader().getAlgorithm().getName()).isEqualTo("ES256");
      JWTClaimsSet claims = jwt.getJWTClaimsSet();
      assertThat(claims.getClaims())
          .doesNotContainKeys("sub", "request", "request_uri", "nbf")
          .containsEntry("iss", WebLogin.ID)
          .containsEntry("client_id", WebLogin.ID)
          .containsEntry("resource", "https://a.example.com/");
      assertThat(claims.getAudience()).containsExactly(server.issuer().toString());
      assertThat(claims.getExpirationTime().toInstant())
          .isEqualTo(claims.getIssueTime().toInstant().plusSeconds(60));
      assertThat(
              web.flow.finish(
                  redirect.pending(), AuthorizationResponse.ofUrl(web.callback(redirect))))
          .isNotNull();
    }
  }

  @Spec("RO-04")
  @Test
  void anUnsignedRequestIsNotSentWhereSignedOnesAreRequired() throws Exception {
    server.authorization().requireSignedRequestObject(true);
    try (WebLogin web = web()) {
      assertThat(WebLogin.refusal(web.flow::start)).hasMessageContaining("signedRequests(...)");
      assertThat(server.requestsTo(ENDPOINT)).isEmpty();
    }
    try (WebLogin web = signing(key())) {
      assertThat(web.login()).isNotNull();
    }
  }

  @Spec("RO-01")
  @Test
  void aKeyThatMakesNoneOfTheServersAlgorithmsIsSaidSo() throws Exception {
    server.metadata(
        Map.of("request_object_signing_alg_values_supported", List.of("none", "PS256")));
    try (WebLogin web = signing(key())) {
      assertThatThrownBy(web.flow::start)
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("PS256");
      assertThat(server.requestsTo(ENDPOINT)).isEmpty();
    }
  }
}
