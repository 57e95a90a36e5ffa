package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.DecryptionKey;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Jwt;
import dev.everbearer.testing.server.JwtKind;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.LoginFailedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers to a login that are one JWT of the server (JARM). */
@ExtendWith(ScriptedServers.class)
class JwtAnswerTest {

  private static final AuthorizationCodeGrant GRANT = Grant.authorizationCode().scope("read");

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private final UserAgent browser = new UserAgent();

  JwtAnswerTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.clock = clock;
    this.server = WebLogin.withoutPushing(server);
  }

  private WebLogin web() {
    return web(JwtRegistration.standard());
  }

  private WebLogin web(JwtRegistration registered) {
    return new WebLogin(
        server,
        builder -> builder.clocks(clock, clock::nanoTime).authorizationResponses(registered));
  }

  private static void login(WebLogin web) throws IOException {
    login(web, answer -> answer);
  }

  private static void login(WebLogin web, UnaryOperator<String> change) throws IOException {
    AuthorizationCodeFlow flow = web.flow.byJwt();
    AuthorizationRedirect redirect = flow.start();
    AuthorizationResponse answer =
        AuthorizationResponse.ofUrl(change.apply(web.callback(redirect)));
    assertThat(flow.finish(redirect.pending(), answer).accessToken()).isNotNull();
  }

  private void isRefused(WebLogin web, String why) {
    isRefused(web, answer -> answer, why);
  }

  private void isRefused(WebLogin web, UnaryOperator<String> change, String why) {
    assertThat(WebLogin.refusal(() -> login(web, change))).hasMessageContaining(why);
    assertThat(server.tokenRequests()).isEmpty();
  }

  // ---- JM-01

  @Spec("JM-01")
  @Test
  void whatStandsOutsideOfTheJwtDoesNotCount() throws Exception {
    try (WebLogin web = web()) {
      AuthorizationRedirect redirect = web.flow.byJwt().start();
      assertThat(WebLogin.parameters(redirect.url()))
          .containsEntry("response_mode", List.of("jwt"));
      login(web, url -> url + "&code=forged&state=forged&iss=https://evil.example.com&error=no");
      assertThat(web.tokenRequest().get("code").get(0)).isNotEqualTo("forged");
    }
  }

  @Spec("JM-01")
  @Test
  void aPlainAnswerIsRefused() {
    server.authorization().sendBy("query");
    try (WebLogin web = web()) {
      isRefused(web, "nothing outside of it (response) counts");
    }
  }

  @Spec("JM-01")
  @Test
  void aJwtThatComesTwiceIsRefused() {
    try (WebLogin web = web()) {
      isRefused(web, url -> url + "&" + url.substring(url.indexOf("response=")), "comes twice");
    }
  }

  @Spec("JM-01")
  @Test
  void aJwtWhereAPlainAnswerWasAskedForIsRefused() {
    server.authorization().sendBy("jwt");
    try (WebLogin web = web()) {
      web.refuses(answer -> answer);
    }
  }

  @Test
  void theJwtMayBePosted() throws Exception {
    try (WebLogin web = web()) {
      AuthorizationRedirect redirect = web.flow.byFormPost().byJwt().start();
      assertThat(WebLogin.parameters(redirect.url()))
          .containsEntry("response_mode", List.of("form_post.jwt"));
    }
  }

  @Test
  void aServerThatDoesNotListTheModeIsNotAsked() {
    server.metadata(Map.of("response_modes_supported", List.of("query", "form_post.jwt")));
    try (WebLogin web = web()) {
      assertThat(WebLogin.refusal(() -> web.flow.byJwt().start()))
          .hasMessageContaining("response_modes_supported");
      assertThat(web.flow.byJwt().byFormPost().start()).isNotNull();
    }
  }

  @Spec({"JM-02", "SE-12"})
  @Test
  void anIssuerThatIsInTheJwtTwiceIsNamedAsTheReason() {
    try (WebLogin web = web()) {
      isRefused(web, JwtAnswerTest::withIssuerTwice, "has the member 'iss' twice");
    }
  }

  /** As Keycloak writes it, unless it is told not to; here nobody gets as far as the signature. */
  private static String withIssuerTwice(String url) {
    int start = url.indexOf("response=") + "response=".length();
    String[] jwt = url.substring(start).split("\\.");
    String claims = new String(Base64.getUrlDecoder().decode(jwt[1]), StandardCharsets.UTF_8);
    String twice = claims.replaceFirst("\\{", "{\"iss\":\"https://evil.example.com\",");
    jwt[1] =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(twice.getBytes(StandardCharsets.UTF_8));
    return url.substring(0, start) + String.join(".", jwt);
  }

  // ---- JM-02: the ten faults

  static Stream<Arguments> faults() {
    return Stream.of(
        fault("no issuer", "no iss", jwt -> jwt.without("iss")),
        fault("another issuer", "(iss)", jwt -> jwt.claim("iss", "https://evil.example.com")),
        fault("no audience", "no aud", jwt -> jwt.without("aud")),
        fault("another audience", "(aud)", jwt -> jwt.claim("aud", "other")),
        fault("one audience more", "(aud)", jwt -> jwt.claim("aud", List.of("web", "other"))),
        fault("no expiry", "no exp", jwt -> jwt.without("exp")),
        fault("a past expiry", "expired", jwt -> jwt.claim("exp", 1_000_000_000)),
        fault("a broken signature", "signature", Jwt::brokenSignature),
        fault("no signature", "not signed", Jwt::unsigned),
        fault("the public key as a secret", "HS256", JwtAnswerTest::byPublicKey),
        fault("another state", "its state", jwt -> jwt.claim("state", "forged")),
        fault("no state", "its state", jwt -> jwt.without("state")),
        fault("no code", "neither a code nor an error", jwt -> jwt.without("code")),
        fault("a token", "came through the browser", jwt -> jwt.claim("access_token", "t")),
        fault("a future begin", "(nbf)", jwt -> jwt.claim("nbf", 4_000_000_000L)));
  }

  private static Arguments fault(String name, String why, UnaryOperator<Jwt> change) {
    return Arguments.of(name, why, change);
  }

  private static Jwt byPublicKey(Jwt jwt) {
    return jwt.hmac("HS256", "the server's public key".repeat(3).getBytes(StandardCharsets.UTF_8));
  }

  @Spec("JM-02")
  @ParameterizedTest(name = "{0}")
  @MethodSource("faults")
  void aFaultEndsTheLogin(String name, String why, UnaryOperator<Jwt> change) {
    server.alterJwts(JwtKind.AUTHORIZATION, change);
    try (WebLogin web = web()) {
      isRefused(web, why);
    }
  }

  @Spec("JM-02")
  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES256"})
  void theRegisteredAlgorithmIsTaken(String algorithm) throws Exception {
    try (WebLogin web = web(JwtRegistration.standard().signedBy(algorithm))) {
      server.clientMetadata(WebLogin.ID, Map.of("authorization_signed_response_alg", algorithm));
      login(web);
    }
  }

  @Spec("JM-02")
  @ParameterizedTest
  @CsvSource({"ES256, RS256", "RS256, ES256", "HS256, RS256"})
  void anotherThanTheRegisteredOneIsRefused(String registered, String used) {
    server.clientMetadata(WebLogin.ID, Map.of("authorization_signed_response_alg", used));
    try (WebLogin web = web(JwtRegistration.standard().signedBy(registered))) {
      isRefused(web, "expected is " + registered);
    }
  }

  @Spec("JM-02")
  @Test
  void withoutARegisteredOneTheServersListCounts() throws Exception {
    server.metadata(Map.of("authorization_signing_alg_values_supported", List.of("ES256")));
    try (WebLogin web = web()) {
      isRefused(web, "expected is ES256");
      server.clientMetadata(WebLogin.ID, Map.of("authorization_signed_response_alg", "ES256"));
      login(web);
    }
  }

  @Spec("JM-02")
  @Test
  void theExpiryCountsWithHalfAMinuteOfTolerance() throws Exception {
    long now = clock.instant().getEpochSecond();
    try (WebLogin web = web()) {
      server.alterJwts(JwtKind.AUTHORIZATION, jwt -> jwt.claim("exp", now - 30));
      isRefused(web, "expired");
      server.alterJwts(JwtKind.AUTHORIZATION, jwt -> jwt.claim("exp", now - 29));
      login(web);
    }
  }

  @Spec("JM-02")
  @Test
  void noneIsNoAlgorithmToRegister() {
    assertThatThrownBy(() -> JwtRegistration.standard().signedBy("none"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Spec("JM-02")
  @Test
  void aMacWithoutASecretIsRefusedWhenTheClientIsBuilt() {
    assertThatThrownBy(
            () ->
                OAuthClient.builder()
                    .issuer(server.issuer().toString())
                    .authentication(ClientAuthentication.none("native"))
                    .authorizationResponses(JwtRegistration.standard().signedBy("HS256"))
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("client secret");
  }

  // ---- IS-04

  @Spec("IS-04")
  @Test
  void anErrorInsideIsToldAsTheServersOnlyIfItIs() {
    try (WebLogin web = web()) {
      server.authorization().denyNext("access_denied", "not today");
      assertThat(WebLogin.refusal(() -> login(web)).error()).contains("access_denied");

      server.alterJwts(JwtKind.AUTHORIZATION, jwt -> jwt.claim("iss", "https://evil.example.com"));
      server.authorization().denyNext("access_denied", "forged text");
      LoginFailedException refusal = WebLogin.refusal(() -> login(web));
      assertThat(refusal.error()).isEmpty();
      assertThat(refusal).hasMessageContaining("(iss)").hasMessageNotContaining("forged text");
    }
  }

  // ---- JM-03

  @Spec("JM-03")
  @Test
  void anEncryptedOneIsDecryptedThenVerified() throws Exception {
    RSAKey key = new RSAKeyGenerator(2048).keyID("enc").generate();
    String publicJwk = key.toPublicJWK().toJSONString();
    DecryptionKey ours = DecryptionKey.fromJwk(key.toJSONString(), "RSA-OAEP-256", "A256GCM");
    assertThat(ours.toString()).doesNotContain(key.getPrivateExponent().toString());
    try (WebLogin web = web(JwtRegistration.standard().encryptedTo(ours))) {
      isRefused(web, "not encrypted");

      server.alterJwts(
          JwtKind.AUTHORIZATION,
          jwt -> jwt.encryptedUnsigned(publicJwk, "RSA-OAEP-256", "A256GCM"));
      isRefused(web, "no JWT may be");

      server.alterJwts(
          JwtKind.AUTHORIZATION,
          jwt -> jwt.brokenSignature().encrypted(publicJwk, "RSA-OAEP-256", "A256GCM"));
      isRefused(web, "signature");

      server.alterJwts(
          JwtKind.AUTHORIZATION, jwt -> jwt.encrypted(publicJwk, "RSA-OAEP-256", "A256GCM"));
      login(web);
    }
  }

  @Spec("JM-03")
  @Test
  void anEncryptedOneWithoutAKeyIsRefused() throws Exception {
    String publicJwk = new RSAKeyGenerator(2048).generate().toPublicJWK().toJSONString();
    server.alterJwts(
        JwtKind.AUTHORIZATION, jwt -> jwt.encrypted(publicJwk, "RSA-OAEP-256", "A256GCM"));
    try (WebLogin web = web()) {
      isRefused(web, "it is encrypted, and no key was given");
    }
  }

  // ---- which login it answers

  @Test
  void theStateInsideTellsWhichLoginOfASessionItIs() throws Exception {
    PendingLogins logins = new PendingLogins(clock);
    try (WebLogin web = web()) {
      AuthorizationRedirect redirect = web.flow.byJwt().start();
      logins.keep("session", redirect);
      AuthorizationResponse answer = AuthorizationResponse.ofUrl(web.callback(redirect));
      assertThat(logins.take("session", answer)).contains(redirect.pending());
    }
    assertThat(AuthorizationResponse.ofQuery("response=a.b.c&state=s").state()).isEmpty();
  }

  @Spec("JM-01")
  @Test
  void anAnswerCountsOnce() throws Exception {
    try (WebLogin web = web()) {
      AuthorizationCodeFlow flow = web.flow.byJwt();
      AuthorizationRedirect redirect = flow.start();
      AuthorizationResponse answer = AuthorizationResponse.ofUrl(web.callback(redirect));
      assertThat(flow.finish(redirect.pending(), answer)).isNotNull();
      assertThat(WebLogin.refusal(() -> flow.finish(redirect.pending(), answer)))
          .hasMessageContaining("counts once");
      assertThat(server.tokenRequests()).hasSize(1);
    }
  }

  @Spec({"JM-01", "JM-02", "NA-04"})
  @Test
  void onAPersonsMachineStrangersAreTurnedAwayAndTheLoginGoesOn() {
    server.registerPublicClient("native");
    server.registerRedirectUris("native", "http://127.0.0.1/cb");
    List<Integer> shown = new CopyOnWriteArrayList<>();
    Login login =
        Login.inBrowser(url -> visit(url, shown))
            .path("/cb")
            .byJwt()
            .timeLimit(Duration.ofMinutes(1));
    assertThat(login.isByJwt()).isTrue();
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .authentication(ClientAuthentication.none("native"))
            .clocks(clock, clock::nanoTime)
            .login(login)
            .build()) {
      assertThat(client.fetch(GRANT)).isNotNull();
      assertThat(shown).containsExactly(400, 400, 200);

      server.alterJwts(JwtKind.AUTHORIZATION, Jwt::brokenSignature);
      assertThat(WebLogin.refusal(() -> client.fetch(GRANT))).hasMessageContaining("signature");
    }
  }

  private void visit(URI url, List<Integer> shown) {
    try {
      Map<String, List<String>> asked = WebLogin.parameters(url);
      String place = asked.get("redirect_uri").get(0);
      String state = asked.get("state").get(0);
      shown.add(browser.open(URI.create(place + "?code=forged&state=" + state)).statusCode());
      shown.add(browser.open(URI.create(place + "?response=a.b.c&state=" + state)).statusCode());
      shown.add(browser.open(url).statusCode());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
