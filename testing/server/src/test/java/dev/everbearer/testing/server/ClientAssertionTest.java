package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.encode;
import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.JWK;
import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ScriptedServers.class)
class ClientAssertionTest {

  private static final JWK KEY = ServerKeys.generate("ES256", "k1");
  private static final JWK OTHER_KEY = ServerKeys.generate("ES256", "k1");
  private static final String SECRET = "a secret that is at least 32 bytes long";

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;

  ClientAssertionTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  @BeforeEach
  void register() {
    server.registerClientKey("c", KEY.toPublicJWK().toJSONString());
    server.registerClient("s", SECRET);
  }

  private Jwt assertion() {
    return of(Jwt.signedBy(KEY.toJSONString(), "ES256"), "c");
  }

  private Jwt of(Jwt jwt, String id) {
    long now = clock.instant().getEpochSecond();
    return jwt.header("typ", "client-authentication+jwt")
        .claim("iss", id)
        .claim("sub", id)
        .claim("aud", server.issuer().toString())
        .claim("iat", now)
        .claim("exp", now + 60)
        .claim("jti", UUID.randomUUID().toString());
  }

  private HttpResponse<String> post(Jwt assertion, String more) throws IOException {
    return http.post(
        server.tokenEndpoint(), "grant_type=client_credentials" + with(assertion) + more);
  }

  private static String with(Jwt assertion) {
    return "&client_assertion_type="
        + encode(ClientAssertion.TYPE)
        + "&client_assertion="
        + assertion.compact();
  }

  private void refused(UnaryOperator<Jwt> fault, String description) throws IOException {
    HttpResponse<String> response = post(fault.apply(assertion()), "");
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(string(response, "error")).isEqualTo("invalid_client");
    assertThat(string(response, "error_description")).contains(description);
  }

  private void accepted(Jwt assertion) throws IOException {
    HttpResponse<String> response = post(assertion, "");
    assertThat(response.body()).contains("access_token");
  }

  @Test
  void authenticatesByPrivateKey() throws IOException {
    accepted(assertion());
    assertThat(post(assertion(), "&client_id=c").statusCode()).isEqualTo(200);
    assertThat(post(assertion(), "&client_id=d").body()).contains("client_id is not the sub");
  }

  @Test
  void authenticatesBySecret() throws IOException {
    byte[] secret = SECRET.getBytes(StandardCharsets.UTF_8);
    Jwt jwt = of(server.keys().jwt("ES256").withoutHeader("kid"), "s");

    accepted(jwt.hmac("HS256", secret));
    assertThat(post(jwt.hmac("HS256", new byte[32]), "").body()).contains("signature is wrong");
    server.registerClient("s", "short");
    byte[] shortSecret = "short".getBytes(StandardCharsets.UTF_8);
    assertThat(post(jwt.hmac("HS256", SECRET.getBytes(StandardCharsets.UTF_8)), "").statusCode())
        .isEqualTo(401);
    assertThatThrownBy(() -> jwt.hmac("HS256", shortSecret).compact())
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RS256", "PS256", "ES384", "Ed25519"})
  void takesEveryUsualAlgorithm(String algorithm) throws IOException {
    JWK key = ServerKeys.generate(algorithm, "k2");
    server.registerClientKey("c", key.toPublicJWK().toJSONString());

    accepted(of(Jwt.signedBy(key.toJSONString(), algorithm), "c"));
  }

  @Test
  void refusesWrongHeaders() throws IOException {
    refused(jwt -> jwt.header("typ", "JWT"), "typ must be client-authentication+jwt: JWT");
    refused(jwt -> jwt.withoutHeader("typ"), "typ must be");
    refused(jwt -> jwt.header("kid", "other"), "No registered key fits");
    refused(jwt -> jwt.header("crit", List.of("x")), "crit");
    refused(jwt -> jwt.unsigned(), "no compact JWS");
    refused(jwt -> jwt.brokenSignature(), "signature is wrong");
    refused(jwt -> jwt.header("alg", "ES384"), "No registered key fits");
    refused(jwt -> jwt.resigned(OTHER_KEY.toJSONString(), "ES256"), "signature is wrong");
    server.clientAssertions().acceptAlgorithms("PS256");
    refused(jwt -> jwt, "alg must be one of [PS256]: ES256");
  }

  @Test
  void refusesWrongClaims() throws IOException {
    long now = clock.instant().getEpochSecond();
    refused(jwt -> jwt.claim("iss", "d"), "iss must be c: d");
    refused(jwt -> jwt.without("iss"), "missing: iss");
    refused(jwt -> jwt.claim("sub", "d"), "unknown");
    refused(jwt -> jwt.without("exp"), "exp");
    refused(jwt -> jwt.claim("exp", now), "expired");
    refused(jwt -> jwt.claim("exp", now + 311), "within PT5M");
    refused(jwt -> jwt.without("iat"), "iat");
    refused(jwt -> jwt.claim("iat", now + 11), "ahead: iat");
    refused(jwt -> jwt.claim("iat", now - 301), "too far back");
    refused(jwt -> jwt.claim("nbf", now + 11), "ahead: nbf");
    refused(jwt -> jwt.without("jti"), "missing: jti");
    refused(jwt -> jwt.claim("jti", 7), "no text: jti");
  }

  @Test
  void takesOnlyTheIssuerAsAudienceUntilToldOtherwise() throws IOException {
    String issuer = server.issuer().toString();
    String endpoint = server.tokenEndpoint().toString();

    refused(jwt -> jwt.claim("aud", endpoint), "aud must be " + issuer);
    refused(jwt -> jwt.claim("aud", List.of(issuer)), "aud must be");
    refused(jwt -> jwt.without("aud"), "aud must be");
    server.clientAssertions().acceptAudienceArrays(true);
    accepted(assertion().claim("aud", List.of(issuer)));
    refused(jwt -> jwt.claim("aud", List.of(issuer, endpoint)), "aud must be");
    server.clientAssertions().acceptAudiences(endpoint);
    refused(jwt -> jwt, "aud must be " + endpoint);
    accepted(assertion().claim("aud", endpoint));
  }

  @Test
  void olderTypsCanBeAccepted() throws IOException {
    server.clientAssertions().acceptTyps("JWT", "");
    accepted(assertion().header("typ", "JWT"));
    accepted(assertion().withoutHeader("typ"));
    refused(jwt -> jwt, "typ must be");
  }

  @Test
  void takesAnAssertionOnce() throws IOException {
    Jwt assertion = assertion();
    accepted(assertion);
    refused(jwt -> assertion, "seen before");
  }

  @Test
  void checksAlikeAtEveryEndpoint() throws IOException {
    for (String name : List.of("revocation_endpoint", "introspection_endpoint")) {
      assertThat(http.post(server.endpoint(name), "token=x" + with(assertion())).statusCode())
          .isEqualTo(200);
      assertThat(
              http.post(
                      server.endpoint(name),
                      "token=x" + with(assertion().claim("aud", server.endpoint(name).toString())))
                  .body())
          .contains("aud must be");
    }
  }

  @Test
  void wantsTheTypeOfTheAssertion() throws IOException {
    String form = "grant_type=client_credentials&client_assertion=" + assertion().compact();

    assertThat(http.post(server.tokenEndpoint(), form).body())
        .contains("missing: client_assertion_type");
    assertThat(
            http.post(server.tokenEndpoint(), form + "&client_assertion_type=other").statusCode())
        .isEqualTo(401);
  }

  @Test
  void keepsAClientToItsRegisteredMethod() throws IOException {
    server.registerClientKey("s", KEY.toPublicJWK().toJSONString());
    String form = "grant_type=client_credentials&client_id=s&client_secret=" + encode(SECRET);
    assertThat(http.post(server.tokenEndpoint(), form).statusCode()).isEqualTo(200);

    server.clientMetadata("s", Map.of("token_endpoint_auth_method", "private_key_jwt"));

    assertThat(http.post(server.tokenEndpoint(), form).body())
        .contains("another authentication method");
    assertThatThrownBy(() -> server.registerClientKey("c", KEY.toJSONString()))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
