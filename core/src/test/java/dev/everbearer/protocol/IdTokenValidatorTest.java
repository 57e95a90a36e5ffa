package dev.everbearer.protocol;

import static dev.everbearer.jose.SignatureAlgorithm.ES256;
import static dev.everbearer.jose.SignatureAlgorithm.PS256;
import static dev.everbearer.jose.SignatureAlgorithm.RS256;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.Exchanges;
import dev.everbearer.jose.BadJwts;
import dev.everbearer.jose.Base64Url;
import dev.everbearer.jose.JwtSigner;
import dev.everbearer.jose.KeySource;
import dev.everbearer.jose.Keys;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.jose.Signatures;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** OpenID Connect Core sections 3.1.3.7, 3.1.3.8 and 12.2, rule by rule. */
class IdTokenValidatorTest {

  private static final String ISSUER = "https://id.example.com";
  private static final URI ENDPOINT = URI.create("https://id.example.com/token");
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String SECRET = "cAnArY-0123456789abcdef0123456789";
  private static final IdTokenExpectation LOGIN = IdTokenExpectation.ofLogin("n-1");

  private static Map<String, Object> claims(Object... namesAndValues) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", ISSUER);
    claims.put("sub", "cAnArY-somebody");
    claims.put("aud", "us");
    claims.put("exp", at(300));
    claims.put("iat", at(0));
    claims.put("nonce", "n-1");
    for (int i = 0; i < namesAndValues.length; i += 2) {
      claims.put((String) namesAndValues[i], namesAndValues[i + 1]);
      if (namesAndValues[i + 1] == null) {
        claims.remove(namesAndValues[i]);
      }
    }
    return claims;
  }

  private static long at(long seconds) {
    return NOW.plusSeconds(seconds).getEpochSecond();
  }

  private static String signed(Map<String, Object> claims) {
    return BadJwts.signed(claims);
  }

  private static AuthorizationServer server(Map<String, Object> metadata) {
    return AuthorizationServer.discovered(ISSUER, ENDPOINT, null, metadata);
  }

  private static IdTokenValidator validator(
      AuthorizationServer server, KeySource keys, IdTokenRules rules) {
    return new IdTokenValidator(() -> server, keys, rules, () -> NOW);
  }

  private static IdTokenValidator validator(IdTokenRules rules) {
    return validator(server(Map.of()), BadJwts.KEYS, rules);
  }

  private static IdTokenValidator validator() {
    return validator(IdTokenRules.of("us"));
  }

  private static IdTokenRules registered(
      @Nullable String algorithm, @Nullable Supplier<String> secret) {
    return new IdTokenRules("us", Set.of(), algorithm, secret, null);
  }

  private static IdToken accepts(
      IdTokenValidator validator, String token, IdTokenExpectation expected) throws Exception {
    return validator.validate(Secret.of(token), expected);
  }

  private static IdToken accepts(Map<String, Object> claims) throws Exception {
    return accepts(validator(), signed(claims), LOGIN);
  }

  private static void refuses(
      IdTokenValidator validator, String token, IdTokenExpectation expected, String why) {
    MalformedAnswerException thrown =
        Exchanges.refusal(
            MalformedAnswerException.class,
            () -> {
              try {
                validator.validate(Secret.of(token), expected);
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    Exchanges.assertRefusal(
        thrown, FailureKind.MALFORMED, 200, "The ID token of " + ISSUER + " is refused", why);
  }

  private static void refuses(Map<String, Object> claims, String why) {
    refuses(validator(), signed(claims), LOGIN, why);
  }

  @Test
  @Spec({"ID-01", "ID-02", "ID-03", "ID-04", "ID-05"})
  void aGoodOneTellsWhoLoggedIn() throws Exception {
    IdToken token =
        accepts(
            claims(
                "auth_time", at(-60), "acr", "high", "amr", List.of("pwd", "otp"), "email", "a@b"));

    assertThat(token.issuer()).isEqualTo(ISSUER);
    assertThat(token.subject()).isEqualTo("cAnArY-somebody");
    assertThat(token.audience()).containsExactly("us");
    assertThat(token.issuedAt()).isEqualTo(NOW);
    assertThat(token.expiresAt()).isEqualTo(NOW.plusSeconds(300));
    assertThat(token.authTime()).contains(NOW.minusSeconds(60));
    assertThat(token.acr()).contains("high");
    assertThat(token.amr()).containsExactly("pwd", "otp");
    assertThat(token.nonce()).contains("n-1");
    assertThat(token.claim("email")).contains("a@b");
    assertThat(token.claim("phone")).isEmpty();
    assertThat(token.claims()).hasSize(10);
    assertThat(token).hasToString("IdToken[of " + ISSUER + ", until 2026-01-01T00:05:00Z]");
  }

  // ---- issuer, audience, authorized party

  @Test
  @Spec("ID-01")
  void theIssuerIsExactlyTheDiscoveredOne() {
    for (String other :
        List.of(ISSUER + "/", "HTTPS://id.example.com", "https://id.example.com:443", "us")) {
      refuses(claims("iss", other), "it is of another issuer, '" + other + "'");
    }
    refuses(claims("iss", null), "it has no iss");
    refuses(claims("iss", List.of(ISSUER)), "its iss is not a string");
  }

  @Test
  @Spec("ID-01")
  void whoKnowsNoIssuerCannotCheckIt() {
    IdTokenValidator blind =
        validator(
            AuthorizationServer.ofTokenEndpoint(ENDPOINT), BadJwts.KEYS, IdTokenRules.of("us"));
    assertThatThrownBy(() -> accepts(blind, signed(claims()), LOGIN))
        .hasMessageContaining("configure issuer(...)");
  }

  @Test
  @Spec("ID-02")
  void theAudienceIsUs() throws Exception {
    accepts(claims("aud", List.of("us")));
    accepts(claims("aud", List.of("us", "us")));
    accepts(claims("azp", "us"));
    refuses(claims("aud", null), "it has no aud");
    refuses(claims("aud", "them"), "it is for another client");
    refuses(claims("aud", List.of()), "it is for another client");
    refuses(claims("aud", List.of("US")), "it is for another client");
    refuses(claims("aud", List.of("us", 7)), "aud is not a list of strings");
    refuses(claims("aud", 7), "aud is not a string");
    refuses(claims("aud", List.of("us", "them"), "azp", "us"), "not among the trusted audiences");
  }

  @Test
  @Spec("ID-02")
  void othersAreAudiencesOnlyIfTheyAreTrustedAndWeAreTheParty() throws Exception {
    IdTokenValidator trusting = validator(new IdTokenRules("us", Set.of("them"), null, null, null));
    Map<String, Object> both = claims("aud", List.of("them", "us"));

    both.put("azp", "us");
    accepts(trusting, signed(both), LOGIN);
    both.put("azp", "them");
    refuses(trusting, signed(both), LOGIN, "issued to another client (azp)");
    both.remove("azp");
    refuses(trusting, signed(both), LOGIN, "several audiences and no azp");
    refuses(claims("azp", "them"), "issued to another client (azp)");
    refuses(trusting, signed(claims("aud", "them")), LOGIN, "it is for another client");
  }

  // ---- signature

  @ParameterizedTest
  @EnumSource(
      value = SignatureAlgorithm.class,
      names = "[HR].*|ES[35].*",
      mode = EnumSource.Mode.MATCH_NONE)
  @Spec("ID-03")
  void theRegisteredAlgorithmCounts(SignatureAlgorithm algorithm) throws Exception {
    String kid = algorithm == ES256 ? "e" : algorithm.wireName().startsWith("Ed") ? "o" : "r";
    IdTokenValidator registered = validator(registered(algorithm.wireName(), null));

    accepts(registered, Keys.jwt(algorithm, kid, claims()), LOGIN);
    refuses(registered, signed(claims()), LOGIN, "it is signed by RS256, and expected is");
  }

  @Test
  @Spec("ID-03")
  void withoutARegisteredOneTheServersListCountsAndElseRs256() throws Exception {
    IdTokenValidator listing =
        validator(
            server(
                Map.of(
                    "id_token_signing_alg_values_supported",
                    List.of("none", "HS256", "ES256", "RSA1_5"))),
            BadJwts.KEYS,
            registered(null, () -> SECRET));

    accepts(listing, Keys.jwt(ES256, "e", claims()), LOGIN);
    refuses(listing, signed(claims()), LOGIN, "it is signed by RS256, and expected is ES256");
    refuses(listing, mac(SECRET), LOGIN, "it is signed by HS256, and expected is ES256");
    accepts(validator(), signed(claims()), LOGIN);
    refuses(validator(), Keys.jwt(PS256, "r", claims()), LOGIN, "expected is RS256");
  }

  private static String mac(String secret) {
    return BadJwts.mac(secret, claims());
  }

  @Test
  @Spec("ID-03")
  void hmacCountsOnlyIfItIsRegisteredAndWithTheClientSecret() throws Exception {
    IdTokenValidator registered = validator(registered("HS256", () -> SECRET));
    accepts(registered, mac(SECRET), LOGIN);
    refuses(registered, mac(SECRET + "x"), LOGIN, "not made with the client secret");
    refuses(registered, signed(claims()), LOGIN, "expected is HS256");
    refuses(validator(), mac(SECRET), LOGIN, "it is signed by HS256");
    assertThatThrownBy(() -> registered("HS256", null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("client secret");
    assertThatThrownBy(() -> registered("none", null)).isInstanceOf(IllegalArgumentException.class);
  }

  static Stream<Arguments> bad() {
    return Stream.of(BadJwts.forged(claims()), BadJwts.misused(claims()), ofAnotherLogin())
        .flatMap(each -> each);
  }

  private static Stream<Arguments> ofAnotherLogin() {
    return Stream.of(
        Arguments.of("another nonce", signed(claims("nonce", "n-2")), "nonce"),
        Arguments.of("no nonce", signed(claims("nonce", null)), "no nonce"),
        Arguments.of("another party", signed(claims("azp", "them")), "(azp)"),
        Arguments.of(
            "made in the future", signed(claims("iat", at(3600))), "this machine's clock"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bad")
  @Spec({"ID-01", "ID-02", "ID-03", "ID-04", "ID-05", "ID-08", "SE-13", "SE-21"})
  void badOnesAreRefused(String name, String token, String why) {
    refuses(validator(), token, LOGIN, why);
  }

  @Test
  @Spec({"ID-08", "FA-04"})
  void decoysOfTheSameKidAreSeenThrough() throws Exception {
    IdTokenValidator validator = validator(server(Map.of()), BadJwts.DECOYS, IdTokenRules.of("us"));
    accepts(validator, signed(claims()), LOGIN);
    refuses(validator, BadJwts.byDecoy(claims()), LOGIN, "does not bear");
  }

  @Test
  @Spec("ID-08")
  void withoutAKidSeveralFittingKeysAreRefused() throws Exception {
    KeySource two =
        Keys.source(Keys.jwk(Keys.RSA, "kid", "a"), Keys.jwk(Keys.OTHER_RSA, "kid", "b"));
    String token = Keys.jwt(RS256, "", claims());
    accepts(validator(), token, LOGIN);
    refuses(validator(server(Map.of()), two, IdTokenRules.of("us")), token, LOGIN, "it has no kid");
  }

  // ---- times and subject

  @ParameterizedTest
  @CsvSource({
    "exp, -29, true",
    "exp, -30, false",
    "exp, -31, false",
    "exp, 999999999, true",
    "iat, 600, true",
    "iat, 601, false",
    "iat, -86400, true",
    "iat, -86401, false",
    "nbf, 30, true",
    "nbf, 31, false",
    "nbf, -1000, true"
  })
  @Spec("ID-04")
  void theTimesAreHeldAtTheirEdges(String claim, long seconds, boolean isTaken) throws Exception {
    if (isTaken) {
      accepts(claims(claim, at(seconds)));
    } else {
      refuses(claims(claim, at(seconds)), "by this machine's clock it is " + NOW);
    }
  }

  @Test
  @Spec("ID-04")
  void whatIsRequiredIsThereAndOfItsType() throws Exception {
    for (String name : List.of("exp", "iat", "sub")) {
      refuses(claims(name, null), "it has no " + name);
    }
    for (String name : List.of("exp", "iat", "nbf", "auth_time")) {
      refuses(claims(name, "" + at(100)), "its " + name + " is not a number of seconds");
      refuses(claims(name, -1), "its " + name + " is not a number of seconds");
      refuses(claims(name, 1e30), "its " + name + " is not a number of seconds");
    }
    refuses(claims("sub", ""), "its sub is not a string, or empty");
    refuses(claims("sub", 7), "its sub is not a string");
    accepts(claims("exp", at(100) + 0.5));
  }

  // ---- nonce

  @Test
  @Spec("ID-05")
  void theNonceIsTheOneThatWasSent() throws Exception {
    refuses(claims("nonce", null), "it has no nonce, and one was sent");
    refuses(claims("nonce", "n-2"), "its nonce is that of another login");
    refuses(claims("nonce", 1), "its nonce is not a string");
    IdTokenExpectation without = IdTokenExpectation.ofLogin(null);
    refuses(validator(), signed(claims()), without, "it has a nonce, and none was sent");
    accepts(validator(), signed(claims("nonce", null)), without);
  }

  // ---- how and when

  @ParameterizedTest
  @CsvSource({
    "0, 0, true",
    "0, -30, true",
    "0, -31, false",
    "0, 5, true",
    "60, -90, true",
    "60, -91, false"
  })
  @Spec("ID-06")
  void theLoginIsNoOlderThanMaxAge(long maxAge, long loggedIn, boolean isTaken) throws Exception {
    IdTokenExpectation expected = LOGIN.maxAge(Duration.ofSeconds(maxAge), NOW);
    String token = signed(claims("auth_time", at(loggedIn)));
    if (isTaken) {
      accepts(validator(), token, expected);
    } else {
      refuses(validator(), token, expected, "longer ago than max_age allows");
    }
  }

  @Test
  @Spec("ID-06")
  void theAgeCountsFromTheRequestNotFromItsAnswer() throws Exception {
    IdTokenExpectation expected = LOGIN.maxAge(Duration.ZERO, NOW.minusSeconds(300));
    accepts(validator(), signed(claims("auth_time", at(-200))), expected);
  }

  @Test
  @Spec("ID-06")
  void authTimeIsThereWhenItWasAskedFor() throws Exception {
    refuses(validator(), signed(claims()), LOGIN.maxAge(Duration.ZERO, NOW), "it has no auth_time");
    refuses(validator(), signed(claims()), LOGIN.authTime(), "it has no auth_time");
    accepts(validator(), signed(claims("auth_time", at(-99999))), LOGIN.authTime());
  }

  @Test
  @Spec("ID-06")
  void anEssentialAcrIsOneOfThoseAskedFor() throws Exception {
    IdTokenExpectation expected = LOGIN.acr(Set.of("high", "highest"));
    accepts(validator(), signed(claims("acr", "high")), expected);
    refuses(validator(), signed(claims("acr", "low")), expected, "its acr is none of those");
    refuses(validator(), signed(claims()), expected, "its acr is none of those");
    accepts(claims("acr", "low"));
  }

  // ---- the access token beside it

  @ParameterizedTest
  @CsvSource({
    "RS256, r, SHA-256",
    "ES256, e, SHA-256",
    "RS512, r, SHA-512",
    "PS384, r, SHA-384",
    "EdDSA, o, SHA-512",
    "Ed25519, o, SHA-512"
  })
  @Spec("ID-07")
  void theHashOfTheAccessTokenIsHeldAgainstIt(String name, String kid, String hash)
      throws Exception {
    byte[] digest =
        MessageDigest.getInstance(hash).digest("cAnArY-at".getBytes(StandardCharsets.US_ASCII));
    String atHash = Base64Url.encode(Arrays.copyOf(digest, digest.length / 2));
    SignatureAlgorithm algorithm = SignatureAlgorithm.named(name);
    IdTokenValidator validator = validator(registered(name, null));
    String token = Keys.jwt(algorithm, kid, claims("at_hash", atHash));

    accepts(validator, token, LOGIN.accessToken(AccessToken.bearer("cAnArY-at")));
    refuses(
        validator,
        token,
        LOGIN.accessToken(AccessToken.bearer("cAnArY-other")),
        "its at_hash is not that of the access token");
  }

  @Test
  @Spec("ID-07")
  void withoutAHashNothingIsHeldAgainstIt() throws Exception {
    accepts(validator(), signed(claims()), LOGIN.accessToken(AccessToken.bearer("a")));
    IdTokenExpectation expected = LOGIN.accessToken(AccessToken.bearer("a"));
    refuses(validator(), signed(claims("at_hash", 7)), expected, "its at_hash is not a string");
  }

  // ---- refresh

  @Test
  @Spec("ID-09")
  void aRefreshedOneIsOfTheSameLogin() throws Exception {
    Object[] same = {"auth_time", at(-100)};
    IdToken original = accepts(claims(same));
    IdTokenExpectation refresh = IdTokenExpectation.ofRefresh(original);

    accepts(validator(), signed(claims(same)), refresh);
    accepts(validator(), signed(claims("nonce", null)), refresh);
    refuses(
        validator(), signed(claims("sub", "cAnArY-else")), refresh, "its sub is not that of the");
    refuses(validator(), signed(claims("auth_time", at(0))), refresh, "its auth_time is not that");
    refuses(validator(), signed(claims("nonce", "n-2")), refresh, "its nonce is not that of the");
    refuses(validator(), signed(claims("azp", "us")), refresh, "its azp is not that of the login");
    refuses(validator(), signed(claims("iss", "https://b.example")), refresh, "another issuer");
    refuses(validator(), signed(claims("exp", at(-100))), refresh, "it expired");
  }

  @Test
  @Spec("ID-09")
  void aRefreshedOneOfAnotherIssuerOrForFewerIsRefused() throws Exception {
    IdTokenValidator trusting = validator(new IdTokenRules("us", Set.of("them"), null, null, null));
    Map<String, Object> both = claims("aud", List.of("us", "them"), "azp", "us");
    IdToken original = accepts(trusting, signed(both), LOGIN);
    refuses(
        trusting,
        signed(claims("azp", "us")),
        IdTokenExpectation.ofRefresh(original),
        "its aud leaves out some");
    IdToken elsewhere =
        IdToken.checked(
            Secret.of("a"),
            Map.of("iss", "https://b", "sub", "cAnArY-somebody", "aud", "us", "exp", 1, "iat", 1));
    refuses(
        validator(),
        signed(claims("nonce", null)),
        IdTokenExpectation.ofRefresh(elsewhere),
        "its iss is not that of the login");
  }

  @Test
  @Spec("ID-09")
  void aRefreshOfAnUnknownLoginComparesNothing() throws Exception {
    accepts(validator(), signed(claims()), IdTokenExpectation.ofRefresh(null));
    accepts(validator(), signed(claims("nonce", null)), IdTokenExpectation.ofRefresh(null));
  }

  // ---- other kinds of JWTs

  @ParameterizedTest
  @ValueSource(
      strings = {
        "at+jwt",
        "application/at+jwt",
        "logout+jwt",
        "oauth-authz-req+jwt",
        "client-authentication+jwt",
        "token-introspection+jwt",
        "dpop+jwt",
        "secevent+jwt",
        "JOSE"
      })
  @Spec("SE-22")
  void jwtsThatSayTheyAreSomethingElseAreNoIdTokens(String type) throws Exception {
    String token =
        JwtSigner.compact(
            type, RS256, "r", claims(), input -> Signatures.sign(RS256, privateKey(), input));
    refuses(validator(), token, LOGIN, "another kind of JWT");
  }

  private static PrivateKey privateKey() {
    return Keys.RSA.getPrivate();
  }

  @ParameterizedTest
  @ValueSource(strings = {"JWT", "jwt", "application/jwt", ""})
  @Spec("SE-22")
  void theTypeOfAnIdTokenIsJwtOrLeftOut(String type) throws Exception {
    String token =
        JwtSigner.compact(
            type.isEmpty() ? null : type,
            RS256,
            "r",
            claims(),
            input -> Signatures.sign(RS256, privateKey(), input));
    accepts(validator(), token, LOGIN);
  }

  /** What these kinds hold when they say nothing of their type, as older servers have it. */
  static Stream<Arguments> otherKinds() {
    return Stream.of(
        Arguments.of(
            "an access token (RFC 9068)",
            claims("aud", "https://api.example", "nonce", null, "client_id", "us"),
            "another client"),
        Arguments.of(
            "a logout token",
            claims(
                "events", Map.of("http://schemas.openid.net/event/backchannel-logout", Map.of())),
            "another kind of JWT"),
        Arguments.of(
            "an introspection answer",
            claims("token_introspection", Map.of("active", true)),
            "another kind of JWT"),
        Arguments.of(
            "our client assertion", claims("iss", "us", "sub", "us", "aud", ISSUER), "issuer"),
        Arguments.of(
            "our request object", claims("iss", "us", "aud", ISSUER, "sub", null), "issuer"),
        Arguments.of(
            "an authorization answer (JARM)",
            claims("sub", null, "iat", null, "nonce", null, "code", "c"),
            "it has no sub"),
        Arguments.of(
            "a signed UserInfo answer", claims("exp", null, "iat", null), "it has no exp"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("otherKinds")
  @Spec("SE-22")
  void otherKindsAreRecognisedByTheirClaims(String name, Map<String, Object> claims, String why) {
    refuses(claims, why);
  }
}
