package dev.everbearer.client;

import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.lastRequest;
import static dev.everbearer.Exchanges.onlyRequest;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.everbearer.CapturedLogs;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.client.ClientAuthentication.Target;
import dev.everbearer.grant.Grant;
import dev.everbearer.jose.CompactJws;
import dev.everbearer.jose.Keys;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.ServerUnavailableException;
import java.math.BigDecimal;
import java.net.URI;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.logging.Level;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Clients that prove who they are by a JWT (RFC 7523 and its revision), as the server sees it. */
@ExtendWith(ScriptedServers.class)
class ClientAssertionTest {

  private static final String SECRET = "cAnArY-0123456789abcdef-0123456789";

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private KeyPair pair;
  private SigningKey key;

  ClientAssertionTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  /** A pair of its own for each test: what keys are used for is remembered beyond a test. */
  @BeforeEach
  void register() {
    pair = Keys.p256();
    key = key(pair, "k1");
    server.registerClientKey("id", jwk(pair, "k1"));
    server.registerClient("secretive", SECRET);
  }

  private static SigningKey key(KeyPair pair, String kid) {
    return SigningKey.of(pair.getPrivate(), pair.getPublic()).withKeyId(kid);
  }

  private static String jwk(KeyPair pair, String kid) {
    return JSONObjectUtils.toJSONString(Keys.jwk(pair, "kid", kid));
  }

  private OAuthClientBuilder client() {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clocks(clock, clock::nanoTime)
        .scheduler(clock.scheduler())
        .random(() -> 0.5);
  }

  private void fetch(OAuthClientBuilder builder) {
    try (OAuthClient client = builder.build()) {
      client.fetch(Grant.clientCredentials());
    }
  }

  private static CompactJws assertion(RecordedRequest request) throws Exception {
    return CompactJws.parse(request.form().get("client_assertion").get(0));
  }

  // ---- what is sent

  @Test
  @Spec({"JA-01", "JA-02", "JA-03", "FA-06", "CA-03", "O1-01"})
  void aKeySignsAnAssertionForTheIssuer() throws Exception {
    fetch(client().privateKeyJwt("id", key));

    RecordedRequest request = onlyRequest(server);
    assertThat(request.headers("Authorization")).isEmpty();
    assertThat(request.query()).isEmpty();
    assertThat(request.form())
        .containsOnlyKeys("grant_type", "client_id", "client_assertion_type", "client_assertion")
        .containsEntry("client_id", List.of("id"))
        .containsEntry(
            "client_assertion_type",
            List.of("urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
    CompactJws jwt = assertion(request);
    assertThat(jwt.algorithm()).isEqualTo(SignatureAlgorithm.ES256);
    assertThat(jwt.headerText("typ")).isEqualTo("client-authentication+jwt");
    assertThat(jwt.headerText("kid")).isEqualTo("k1");
    BigDecimal now = BigDecimal.valueOf(clock.instant().getEpochSecond());
    assertThat(jwt.claims().members())
        .containsOnlyKeys("iss", "sub", "aud", "iat", "exp", "jti")
        .containsEntry("iss", "id")
        .containsEntry("sub", "id")
        .containsEntry("aud", server.issuer().toString())
        .containsEntry("iat", now)
        .containsEntry("exp", now.add(BigDecimal.valueOf(60)));
    assertThat(jwt.claims().requiredText("jti")).hasSizeGreaterThanOrEqualTo(22);
  }

  @Test
  @Spec({"JA-01", "JA-06"})
  void aSecretMakesAnHmacAndIsNotSent() throws Exception {
    fetch(client().clientSecretJwt("secretive", SECRET));

    RecordedRequest request = onlyRequest(server);
    assertThat(request.bodyText()).doesNotContain("cAnArY");
    assertThat(request.headers("Authorization")).isEmpty();
    CompactJws jwt = assertion(request);
    assertThat(jwt.algorithm()).isEqualTo(SignatureAlgorithm.HS256);
    assertThat(jwt.headerText("typ")).isEqualTo("client-authentication+jwt");
    assertThat(jwt.headerText("kid")).isNull();
    assertThat(jwt.claims().text("aud")).isEqualTo(server.issuer().toString());
  }

  @ParameterizedTest
  @CsvSource({"RS256", "PS256", "ES384", "ES512", "Ed25519", "EdDSA"})
  @Spec("JA-06")
  void everyAlgorithmThatTheServerListsIsMade(String algorithm) throws Exception {
    KeyPair other = Keys.of(SignatureAlgorithm.named(algorithm));
    server.registerClientKey("other", jwk(other, "k"));
    server.clientAssertions().acceptAlgorithms(algorithm);
    fetch(client().privateKeyJwt("other", key(other, "k")));
    assertThat(assertion(onlyRequest(server)).algorithm())
        .isEqualTo(SignatureAlgorithm.named(algorithm));
  }

  @ParameterizedTest
  @EnumSource(Endpoint.class)
  @Spec({"JA-02", "O1-01"})
  void theAudienceIsTheIssuerAtEveryEndpoint(Endpoint endpoint) throws Exception {
    AuthorizationServer known =
        AuthorizationServer.discovered(
            "https://id.example", URI.create("https://id.example/token"), null, Map.of());
    Target target = new Target(known, endpoint, ProviderProfile.standard(), clock);
    for (ClientAuthentication method :
        List.of(
            ClientAuthentication.privateKeyJwt("id", key),
            ClientAuthentication.clientSecretJwt("id", SECRET))) {
      Map<String, String> sent = method.parts(target).parameters();
      assertThat(CompactJws.parse(sent.get("client_assertion")).claims().members())
          .containsEntry("aud", "https://id.example");
    }
  }

  @Test
  @Spec({"JA-02", "O1-01"})
  void whoKnowsOnlyATokenEndpointIsToldTheAudience() {
    OAuthClientBuilder bare =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .clocks(clock, clock::nanoTime)
            .privateKeyJwt("id", key);
    assertRefusal(
        refusal(ServerUnavailableException.class, () -> fetch(bare)),
        FailureKind.REFUSED,
        0,
        "Only the token endpoint " + server.tokenEndpoint() + " is known",
        "issuer(...)",
        "assertionAudience(...)");
    assertThat(server.requests()).isEmpty();

    fetch(bare.profile(profile().assertionAudience(server.issuer().toString()).build()));
    assertThat(server.tokenRequests()).hasSize(1);
  }

  private static ProviderProfile.Builder profile() {
    return ProviderProfile.builder();
  }

  // ---- older servers

  @Test
  @Spec({"JA-02", "JA-04", "PQ-29"})
  void anOlderServerGetsItsTokenEndpointAsAudience() {
    server.clientAssertions().acceptAudiences(server.tokenEndpoint().toString());
    OAuthErrorException thrown =
        refusal(OAuthErrorException.class, () -> fetch(client().privateKeyJwt("id", key)));
    assertThat(thrown)
        .hasMessageContaining("Check the client id and key")
        .hasMessageContaining("registered for private_key_jwt")
        .hasMessageContaining("assertionForTokenEndpoint()");
    assertThat(server.tokenRequests()).hasSize(1);

    fetch(client().privateKeyJwt("id", key).profile(profile().assertionForTokenEndpoint().build()));
  }

  @ParameterizedTest
  @CsvSource({"JWT", "''"})
  @Spec({"JA-03", "PQ-29"})
  void anOlderServerGetsTheTypeThatItWants(String type) throws Exception {
    server.clientAssertions().acceptTyps(type);
    refusal(OAuthErrorException.class, () -> fetch(client().privateKeyJwt("id", key)));

    ProviderProfile older = profile().assertionType(type.isEmpty() ? null : type).build();
    fetch(client().privateKeyJwt("id", key).profile(older));
    assertThat(assertion(lastRequest(server)).headerText("typ"))
        .isEqualTo(type.isEmpty() ? null : type);
    fetch(client().clientSecretJwt("secretive", SECRET).profile(older));
  }

  /** Asked for each request: a client of it is built before its key is known. */
  private static ClientAuthentication supplied(SigningKey key) {
    return ClientAuthentication.privateKeyJwt("id", () -> key);
  }

  private static OAuthClientBuilder at(ScriptedAuthorizationServer other, SigningKey key) {
    return OAuthClient.builder().issuer(other.issuer().toString()).privateKeyJwt("id", key);
  }

  @Test
  @Spec("JA-04")
  void aKeyOfSuchAssertionsBelongsToOneServer() {
    ProviderProfile older = profile().assertionForTokenEndpoint().build();
    try (ScriptedAuthorizationServer second = ScriptedAuthorizationServer.start();
        OAuthClient first = client().privateKeyJwt("id", key).profile(older).build()) {
      server.clientAssertions().acceptAudiences(server.tokenEndpoint().toString());
      second.registerClientKey("id", jwk(pair, "k1"));
      first.fetch(Grant.clientCredentials());

      SigningKey same = SigningKey.of(pair.getPrivate(), pair.getPublic());
      for (ProviderProfile profile : List.of(older, ProviderProfile.standard())) {
        assertRefusal(
            refusal(
                ServerUnavailableException.class,
                () -> fetch(at(second, same).authentication(supplied(same)).profile(profile))),
            FailureKind.REFUSED,
            0,
            "is used at [",
            server.issuer().toString(),
            second.issuer().toString(),
            "Register a key of its own with each");
      }
      assertThat(second.tokenRequests()).isEmpty();
      first.fetch(Grant.clientCredentials().scope("more"));
    }
  }

  @Test
  @Spec("JA-04")
  void aKeyThatIsUsedElsewhereTakesNoSuchSwitchLater() {
    try (ScriptedAuthorizationServer second = ScriptedAuthorizationServer.start();
        OAuthClient first = client().privateKeyJwt("id", key).build()) {
      first.fetch(Grant.clientCredentials());
      for (ProviderProfile exposing : exposing()) {
        refusal(
            ServerUnavailableException.class,
            () -> fetch(at(second, key).authentication(supplied(key)).profile(exposing)));
      }
      assertThat(second.tokenRequests()).isEmpty();
    }
  }

  private List<ProviderProfile> exposing() {
    return List.of(
        profile().assertionForTokenEndpoint().build(),
        profile().assertionAudience("https://third.example").build());
  }

  @Test
  @Spec("JA-04")
  void aKeyThatIsKnownForTwoServersFailsAtConfigurationWithSuchASwitchAtEither() {
    try (ScriptedAuthorizationServer second = ScriptedAuthorizationServer.start()) {
      for (ProviderProfile exposing : exposing()) {
        KeyPair pair = Keys.p256();
        SigningKey fresh = SigningKey.of(pair.getPrivate(), pair.getPublic());
        try (OAuthClient first = client().privateKeyJwt("id", fresh).profile(exposing).build();
            OAuthClient same = client().privateKeyJwt("id", fresh).profile(exposing).build()) {
          assertThat(List.of(first, same)).as("one server").hasSize(2);
          refusesToBuild(at(second, fresh));
          refusesToBuild(at(second, fresh).profile(exposing));
        }
        SigningKey plain = SigningKey.of(this.pair.getPrivate(), this.pair.getPublic());
        try (OAuthClient first = client().privateKeyJwt("id", plain).build();
            OAuthClient other = at(second, plain).build()) {
          assertThat(List.of(first, other)).as("no switch").hasSize(2);
          refusesToBuild(client().privateKeyJwt("id", plain).profile(exposing));
          refusesToBuild(
              client()
                  .authentication(
                      ClientAuthentication.firstSupported(
                          ClientAuthentication.privateKeyJwt("id", plain)))
                  .profile(exposing));
        }
      }
      assertThat(server.requestCount()).isZero();
      assertThat(second.requestCount()).isZero();
    }
  }

  private static void refusesToBuild(OAuthClientBuilder builder) {
    assertThatThrownBy(builder::build)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("is used at [")
        .hasMessageContaining("Register a key of its own with each");
  }

  @Test
  @Spec("JA-04")
  void withoutTheSwitchOneKeyServesSeveralServers() {
    try (ScriptedAuthorizationServer second = ScriptedAuthorizationServer.start();
        OAuthClient first = client().privateKeyJwt("id", key).build()) {
      second.registerClientKey("id", jwk(pair, "k1"));
      first.fetch(Grant.clientCredentials());
      fetch(OAuthClient.builder().issuer(second.issuer().toString()).privateKeyJwt("id", key));
      assertThat(second.tokenRequests()).hasSize(1);
    }
  }

  // ---- once each

  @Test
  @Spec("JA-05")
  void everyRequestHasItsOwnAssertion() throws Exception {
    server.answerNext(Answer.status(503), Answer.status(503));
    AtomicInteger asked = new AtomicInteger();
    Supplier<SigningKey> keys =
        () -> {
          asked.incrementAndGet();
          return key;
        };
    try (OAuthClient client =
        client().authentication(ClientAuthentication.privateKeyJwt("id", keys)).build()) {
      CompletableFuture<AccessToken> token =
          client.tokens(Grant.clientCredentials()).tokenAsync().toCompletableFuture();
      Awaitility.await()
          .pollInterval(Duration.ofMillis(2))
          .until(
              () -> {
                clock.advance(token.isDone() ? Duration.ZERO : Duration.ofMillis(100));
                return token.isDone();
              });
      assertThat(token.join()).isNotNull();
    }

    List<String> ids = new ArrayList<>();
    for (RecordedRequest request : server.tokenRequests()) {
      ids.add(assertion(request).claims().requiredText("jti"));
    }
    assertThat(ids).hasSize(3).doesNotHaveDuplicates();
    assertThat(asked).as("the key is asked for at each request").hasValue(3);
  }

  @Test
  @Spec("JA-05")
  void aRefusedAssertionIsNotRepeatedUnlessTheKeyHasChanged() {
    KeyPair next = Keys.p256();
    AtomicInteger asked = new AtomicInteger();
    Supplier<SigningKey> rotating =
        () -> asked.incrementAndGet() == 1 ? key(Keys.P256, "k0") : key(next, "k2");
    server.registerClientKey("id", jwk(next, "k2"));
    fetch(client().authentication(ClientAuthentication.privateKeyJwt("id", rotating)));
    assertThat(server.tokenRequests()).hasSize(2);

    refusal(
        OAuthErrorException.class,
        () ->
            fetch(
                client()
                    .authentication(
                        ClientAuthentication.privateKeyJwt("id", () -> key(Keys.P256, "k0")))));
    assertThat(server.tokenRequests()).hasSize(3);
  }

  @Test
  @Spec("PQ-26")
  void aSecretThatIsItselfAShortLivedJwtIsAskedForEachTime() {
    AtomicInteger asked = new AtomicInteger();
    Supplier<String> rotating =
        () -> {
          String secret = "secret-" + asked.incrementAndGet();
          server.registerClient("apple", secret);
          return secret;
        };
    try (OAuthClient client =
        client().authentication(ClientAuthentication.clientSecretPost("apple", rotating)).build()) {
      client.fetch(Grant.clientCredentials());
      client.fetch(Grant.clientCredentials());
    }
    assertThat(server.tokenRequests())
        .extracting(request -> request.form().get("client_secret").get(0))
        .containsExactly("secret-1", "secret-2");
  }

  // ---- algorithms and methods

  @Test
  @Spec("JA-06")
  void aShortSecretIsRefusedWhenItIsConfigured() {
    for (String weak : List.of("", "8-bytes!", "x".repeat(31))) {
      assertThatThrownBy(() -> client().clientSecretJwt("id", weak))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("HS256 needs at least 32");
    }
    assertThatThrownBy(
            () ->
                fetch(
                    client()
                        .authentication(
                            ClientAuthentication.clientSecretJwt("id", () -> "8-bytes!"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("has 8 bytes");
    assertThat(server.tokenRequests()).isEmpty();
  }

  @Test
  @Spec("JA-06")
  void aSecretTooShortForTheListedHmacIsRefused() {
    server.clientAssertions().acceptAlgorithms("HS512");
    assertThatThrownBy(() -> fetch(client().clientSecretJwt("secretive", SECRET)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("HS512 needs at least 64")
        .hasMessageNotContaining("cAnArY");
    String longer = SECRET + SECRET;
    server.registerClient("secretive", longer);
    fetch(client().clientSecretJwt("secretive", longer));
  }

  @ParameterizedTest
  @CsvSource({"HS256", "RS256 PS256", "none", "ES384"})
  @Spec("JA-06")
  void aKeySignsByNothingThatTheServerDoesNotList(String listed) {
    server.metadata(
        Map.of("token_endpoint_auth_signing_alg_values_supported", List.of(listed.split(" "))));
    assertRefusal(
        refusal(ServerUnavailableException.class, () -> fetch(client().privateKeyJwt("id", key))),
        FailureKind.REFUSED,
        0,
        "takes client assertions signed by [" + listed.replace(" ", ", ") + "]",
        "SigningKey[P_256, kid k1] can make none of these");
    assertThat(server.tokenRequests()).isEmpty();
  }

  @ParameterizedTest
  @Spec({"CA-04", "O1-02"})
  @CsvSource({
    "'', client_secret_basic",
    "client_secret_basic private_key_jwt, private_key_jwt",
    "private_key_jwt client_secret_post, private_key_jwt",
    "client_secret_post client_secret_basic, client_secret_post",
    "client_secret_basic, client_secret_basic",
    "client_secret_jwt client_secret_basic, client_secret_basic"
  })
  void theFirstMethodThatTheServerListsIsUsed(String listed, String used) {
    if (listed.isEmpty()) {
      server.withoutMetadata("token_endpoint_auth_methods_supported");
    } else {
      server.metadata(Map.of("token_endpoint_auth_methods_supported", List.of(listed.split(" "))));
    }
    server.registerClient("id", SECRET);
    fetch(client().authentication(keyThenSecret()));

    RecordedRequest request = onlyRequest(server);
    assertThat(request.form().containsKey("client_assertion"))
        .isEqualTo(used.equals("private_key_jwt"));
    assertThat(request.form().containsKey("client_secret"))
        .isEqualTo(used.equals("client_secret_post"));
    assertThat(request.headers("Authorization"))
        .hasSize(used.equals("client_secret_basic") ? 1 : 0);
  }

  private ClientAuthentication keyThenSecret() {
    return ClientAuthentication.firstSupported(
        ClientAuthentication.privateKeyJwt("id", key),
        ClientAuthentication.clientSecret("id", () -> SECRET));
  }

  @Test
  @Spec({"CA-04", "O1-02"})
  void aServerThatListsNoneOfTheMethodsIsSentNothing() {
    server.metadata(Map.of("token_endpoint_auth_methods_supported", List.of("tls_client_auth")));
    assertRefusal(
        refusal(
            ServerUnavailableException.class,
            () -> fetch(client().authentication(keyThenSecret()))),
        FailureKind.REFUSED,
        0,
        "takes none of the client's authentication methods, only [tls_client_auth]");
    assertThat(server.tokenRequests()).isEmpty();
    assertThatThrownBy(ClientAuthentication::firstSupported)
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () ->
                ClientAuthentication.firstSupported(
                    ClientAuthentication.none("a"), ClientAuthentication.none("b")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[a, b]");
  }

  // ---- clocks

  private static String date(Instant instant) {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(instant.atOffset(ZoneOffset.UTC));
  }

  private OAuthClientBuilder clientWhoseClockIsAhead(Duration skew) {
    return OAuthClient.builder()
        .issuer(server.issuer().toString())
        .clocks(() -> clock.instant().plus(skew), clock::nanoTime)
        .privateKeyJwt("id", key);
  }

  @ParameterizedTest
  @CsvSource({"PT2M", "PT-10M"})
  @Spec("JA-10")
  void aWrongClockIsReportedAndTheNextAssertionGoesByTheServers(Duration skew) throws Exception {
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer.protocol")) {
      fetch(clientWhoseClockIsAhead(skew));
      assertThat(logs.messages(Level.WARNING))
          .singleElement()
          .asString()
          .contains(skew.abs().toSeconds() + " s", skew.isNegative() ? "ahead of" : "behind");
    }
    assertThat(server.tokenRequests()).hasSize(2);
    assertThat(assertion(lastRequest(server)).claims().instant("iat")).isEqualTo(clock.instant());
  }

  @Test
  @Spec("JA-10")
  void itIsTriedOnce() {
    server.answerAlways(
        Answer.json(401, "{\"error\":\"invalid_client\"}").header("Date", date(Instant.EPOCH)));
    refusal(OAuthErrorException.class, () -> fetch(clientWhoseClockIsAhead(Duration.ofMinutes(2))));
    assertThat(server.tokenRequests()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({"10", "-10", "0"})
  @Spec("JA-10")
  void clocksThatAgreeExplainNothing(long seconds) {
    server.answerAlways(
        Answer.json(401, "{\"error\":\"invalid_client\"}")
            .header("Date", date(clock.instant().plusSeconds(seconds))));
    refusal(OAuthErrorException.class, () -> fetch(clientWhoseClockIsAhead(Duration.ZERO)));
    assertThat(server.tokenRequests()).hasSize(1);
  }
}
