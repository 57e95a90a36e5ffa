package dev.everbearer.protocol;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everbearer.CannedAnswer;
import dev.everbearer.Exchanges;
import dev.everbearer.Untrusting;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.JwtRegistration;
import dev.everbearer.grant.AssertionSource;
import dev.everbearer.grant.CibaHint;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.TokenType;
import dev.everbearer.jose.JwtText;
import dev.everbearer.jose.Keys;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Introspection;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSet;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.FormBody;
import dev.everbearer.wire.Transport;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the endpoints of a server answer, status and header fields included. */
@Spec("SE-12")
class AnswerFuzzTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final String ISSUER = "https://id.example.com";
  private static final AuthorizationServer SERVER =
      AuthorizationServer.discovered(ISSUER, URI.create(ISSUER + "/token"), null, metadata());
  private static final RegisteredJwts JWTS =
      new RegisteredJwts(
          "us", JwtRegistration.standard().signedBy("HS256"), Keys.source(), () -> JwtText.SECRET);
  private static final RegisteredJwts PLAIN =
      new RegisteredJwts("us", JwtRegistration.standard(), Keys.source(), null);
  private static final List<ProviderProfile> PROFILES =
      List.of(ProviderProfile.standard(), ProviderProfile.strict());

  private static Map<String, Object> metadata() {
    Map<String, Object> metadata = new HashMap<>();
    for (String name :
        List.of(
            "pushed_authorization_request",
            "device_authorization",
            "backchannel_authentication",
            "registration",
            "introspection",
            "revocation",
            "userinfo")) {
      metadata.put(name + "_endpoint", ISSUER + "/" + name);
    }
    return metadata;
  }

  private static EndpointCaller caller(Transport transport, ProviderProfile profile) {
    return new EndpointCaller(
        () -> SERVER,
        ClientAuthentication.clientSecretPost("us", Exchanges.SECRET),
        null,
        null,
        profile,
        transport,
        Map.of(),
        () -> NOW,
        () -> 0);
  }

  private static BearerCaller bearer(Transport transport, ProviderProfile profile) {
    return new BearerCaller(() -> SERVER, null, profile, transport, Map.of());
  }

  /** An exchange whose answer is the input. */
  private interface Asking {
    Object ask(EndpointCaller caller, BearerCaller bearer) throws Exception;
  }

  private static void survives(byte[] answer, Asking asking) throws Exception {
    survives(CannedAnswer.of(answer, NOW), asking);
  }

  /** The body is the header and the claims of a JWT. */
  private static void survivesSigned(byte[] answer, Asking asking) throws Exception {
    survives(
        CannedAnswer.of(
            answer, NOW, body -> JwtText.signed(body).getBytes(StandardCharsets.US_ASCII)),
        asking);
  }

  private static void survives(Transport transport, Asking asking) throws Exception {
    for (ProviderProfile profile : PROFILES) {
      Untrusting.survives(() -> asking.ask(caller(transport, profile), bearer(transport, profile)));
    }
  }

  @FuzzTest(maxDuration = "1m")
  void tokens(byte[] answer) throws Exception {
    survives(answer, (caller, bearer) -> tokens(caller, Grant.clientCredentials().scope("a")));
  }

  @FuzzTest(maxDuration = "1m")
  void exchanged(byte[] answer) throws Exception {
    Grant grant =
        Grant.tokenExchange(AssertionSource.of(Exchanges.SECRET), TokenType.ACCESS_TOKEN)
            .requestedTokenType(TokenType.ID_TOKEN);
    survives(answer, (caller, bearer) -> tokens(caller, grant));
  }

  private static TokenSet tokens(EndpointCaller caller, Grant grant) throws Exception {
    return new TokenEndpoint(caller).request(TokenRequest.of(grant), DEADLINE).tokens();
  }

  @FuzzTest(maxDuration = "1m")
  void pushed(byte[] answer) throws Exception {
    survives(
        answer,
        (caller, bearer) ->
            new PushedAuthorization(caller).push(new FormBody().add("state", "s"), DEADLINE));
  }

  @FuzzTest(maxDuration = "1m")
  void device(byte[] answer) throws Exception {
    survives(
        answer,
        (caller, bearer) -> new DeviceAuthorization(caller).request(Grant.device(), DEADLINE));
  }

  @FuzzTest(maxDuration = "1m")
  void ciba(byte[] answer) throws Exception {
    survives(
        answer,
        (caller, bearer) ->
            new BackchannelAuthentication(caller)
                .request(Grant.ciba(CibaHint.loginHint("a@b")).scope("openid"), null, DEADLINE));
  }

  @FuzzTest(maxDuration = "1m")
  void registered(byte[] answer) throws Exception {
    ClientMetadata asked = ClientMetadata.nativeApp("http://127.0.0.1/cb").authMethod("none");
    survives(
        answer,
        (caller, bearer) ->
            new RegistrationEndpoint(bearer, EndpointRules.DEFAULT)
                .register(asked, Secret.of(Exchanges.SECRET), DEADLINE));
  }

  @FuzzTest(maxDuration = "1m")
  void revoked(byte[] answer) throws Exception {
    survives(
        answer,
        (caller, bearer) -> {
          new RevocationEndpoint(caller).revoke(Secret.of(Exchanges.SECRET), "", DEADLINE);
          return "";
        });
  }

  @FuzzTest(maxDuration = "1m")
  void introspected(byte[] answer) throws Exception {
    survives(answer, (caller, bearer) -> introspected(caller, null));
  }

  @FuzzTest(maxDuration = "1m")
  void signedIntrospection(byte[] answer) throws Exception {
    IntrospectionJwts jwts = new IntrospectionJwts(JWTS, () -> NOW);
    survivesSigned(answer, (caller, bearer) -> introspected(caller, jwts));
  }

  private static Introspection introspected(EndpointCaller caller, IntrospectionJwts jwts)
      throws Exception {
    Introspection read =
        new IntrospectionEndpoint(caller, jwts)
            .introspect(Secret.of(Exchanges.SECRET), "", DEADLINE);
    read.scope();
    read.expiresAt();
    read.issuedAt();
    read.notBefore();
    read.audience();
    read.confirmation();
    return read;
  }

  @FuzzTest(maxDuration = "1m")
  void userInfo(byte[] answer) throws Exception {
    survives(answer, (caller, bearer) -> userInfo(bearer, PLAIN));
  }

  @FuzzTest(maxDuration = "1m")
  void signedUserInfo(byte[] answer) throws Exception {
    survivesSigned(answer, (caller, bearer) -> userInfo(bearer, JWTS));
  }

  private static Object userInfo(BearerCaller bearer, RegisteredJwts jwts) throws Exception {
    return new UserInfoEndpoint(bearer, jwts, () -> NOW)
        .ask(AccessToken.bearer(Exchanges.SECRET), "alice", DEADLINE);
  }
}
