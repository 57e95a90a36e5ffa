package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.encode;
import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class AssertionGrantTest {

  private static final JWK KEY = ServerKeys.generate("ES256", "k1");
  private static final String ISSUER = "https://idp.example";

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;

  AssertionGrantTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  @BeforeEach
  void trust() {
    server.assertionGrants().trust(ISSUER, KEY.toPublicJWK().toJSONString());
  }

  private Jwt assertion() {
    return Jwt.signedBy(KEY, "ES256")
        .claim("iss", ISSUER)
        .claim("sub", "alice")
        .claim("aud", server.issuer().toString())
        .claim("exp", clock.instant().getEpochSecond() + 60);
  }

  private HttpResponse<String> post(String grantType, String assertion, String more)
      throws IOException {
    return http.post(
        server.tokenEndpoint(),
        "grant_type=" + encode(grantType) + "&assertion=" + encode(assertion) + more);
  }

  private void refused(UnaryOperator<Jwt> fault, String description) throws IOException {
    HttpResponse<String> response =
        post(JwtBearerGrant.NAME, fault.apply(assertion()).compact(), "");
    assertThat(string(response, "error")).isEqualTo("invalid_grant");
    assertThat(string(response, "error_description")).contains(description);
  }

  @Test
  void grantsForAJwtWithAndWithoutAClient() throws IOException {
    server.registerClient("c", "s");
    String jwt = assertion().compact();

    HttpResponse<String> response = post(JwtBearerGrant.NAME, jwt, "&scope=a");

    assertThat(string(response, "scope")).isEqualTo("a");
    assertThat(response.body()).doesNotContain("refresh_token");
    assertThat(server.assertionGrants().accepted()).containsExactly(jwt);
    assertThat(post(JwtBearerGrant.NAME, jwt, "&client_id=c&client_secret=s").statusCode())
        .isEqualTo(200);
    assertThat(post(JwtBearerGrant.NAME, jwt, "&client_id=c&client_secret=x").statusCode())
        .isEqualTo(401);
  }

  @Test
  void checksTheJwt() throws IOException {
    long now = clock.instant().getEpochSecond();
    refused(jwt -> jwt.claim("iss", "https://other.example"), "No registered key");
    refused(jwt -> jwt.without("iss"), "iss");
    refused(Jwt::brokenSignature, "signature");
    refused(Jwt::unsigned, "compact");
    refused(jwt -> jwt.without("sub"), "sub");
    refused(jwt -> jwt.without("aud"), "aud");
    refused(jwt -> jwt.claim("aud", List.of(server.issuer().toString())), "aud");
    refused(jwt -> jwt.claim("exp", now), "expired");
    refused(jwt -> jwt.without("exp"), "exp");
    refused(jwt -> jwt.claim("exp", now + 3611), "within");
    refused(jwt -> jwt.claim("nbf", now + 11), "nbf");
    server.assertionGrants().longestLifetime(Duration.ofSeconds(10));
    refused(jwt -> jwt, "within");
  }

  @Test
  void theAudienceIsWhatTheServerWants() throws IOException {
    Jwt forEndpoint = assertion().claim("aud", server.tokenEndpoint().toString());
    assertThat(post(JwtBearerGrant.NAME, forEndpoint.compact(), "").statusCode()).isEqualTo(200);
    server.assertionGrants().acceptAudiences(server.issuer().toString());
    refused(jwt -> forEndpoint, "aud");
  }

  @Test
  void anAssertionWithAnIdIsUsedOnce() throws IOException {
    Jwt once = assertion().claim("jti", "1");
    assertThat(post(JwtBearerGrant.NAME, once.compact(), "").statusCode()).isEqualTo(200);
    refused(jwt -> once, "seen before");
  }

  @Test
  void grantsForSaml() throws IOException {
    String xml = "<Assertion>é?>~</Assertion>";
    byte[] octets = xml.getBytes(StandardCharsets.UTF_8);

    HttpResponse<String> response =
        post(
            Saml2BearerGrant.NAME,
            Base64.getUrlEncoder().withoutPadding().encodeToString(octets),
            "");

    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(server.assertionGrants().accepted()).containsExactly(xml);
    for (String wrong :
        List.of(
            Base64.getEncoder().encodeToString(octets),
            Base64.getUrlEncoder().encodeToString("<aa>".getBytes(StandardCharsets.UTF_8)),
            "PGE-\nPGE-",
            "AAAA")) {
      assertThat(string(post(Saml2BearerGrant.NAME, wrong, ""), "error"))
          .isEqualTo("invalid_grant");
    }
  }
}
