package dev.everbearer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.everbearer.jose.BadJwts;
import dev.everbearer.jose.Keys;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.wire.FormBody;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.provider.Arguments;

/**
 * What reads our request objects in all tests takes none of the JWTs that are bad whatever they are
 * for (RFC 9101 sections 6 and 10): what it takes from us is good.
 */
@ExtendWith(ScriptedServers.class)
class ForgedRequestObjectTest {

  private static final String ID = "us";
  private static final String CALLBACK = "https://app.example.com/callback";
  private static final BadJwts REQUESTS = BadJwts.typed("oauth-authz-req+jwt");

  private final UserAgent browser = new UserAgent();
  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;

  ForgedRequestObjectTest(SettableClock clock, ScriptedAuthorizationServer server) {
    this.clock = clock;
    this.server = server;
  }

  @BeforeEach
  void register() {
    server.registerRedirectUris(ID, CALLBACK);
    server.clientMetadata(ID, Map.of("request_object_signing_alg", "RS256"));
    register(Keys.jwk(Keys.RSA, "kid", "r"), Keys.jwk(Keys.P256, "kid", "e"));
  }

  private void register(Map<?, ?>... keys) {
    server.clientMetadata(ID, Map.of("jwks", Keys.document(keys)));
  }

  private Map<String, Object> claims() {
    long now = clock.instant().getEpochSecond();
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", ID);
    claims.put("client_id", ID);
    claims.put("aud", server.issuer().toString());
    claims.put("iat", now);
    claims.put("nbf", now);
    claims.put("exp", now + 60);
    claims.put("jti", UUID.randomUUID().toString());
    claims.put("response_type", "code");
    claims.put("redirect_uri", CALLBACK);
    claims.put("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
    claims.put("code_challenge_method", "S256");
    return claims;
  }

  private Map<String, Object> claims(String name, Object value) {
    Map<String, Object> claims = claims();
    claims.put(name, value);
    return claims;
  }

  private HttpResponse<String> ask(String requestObject) throws IOException {
    String query = "?client_id=" + ID + "&request=" + FormBody.encode(requestObject);
    return browser.ask(URI.create(server.endpoint("authorization_endpoint") + query));
  }

  private void accepts(String requestObject) throws IOException {
    HttpResponse<String> answer = ask(requestObject);
    assertThat(answer.headers().firstValue("Location").orElse(answer.body()))
        .startsWith(CALLBACK + "?code=");
  }

  private void refuses(String requestObject) throws IOException {
    HttpResponse<String> answer = ask(requestObject);
    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.headers().firstValue("Location")).isEmpty();
    assertThat(answer.body()).contains("invalid_request_object").doesNotContain("typ must");
  }

  @TestFactory
  @Spec({"RO-01", "SE-13", "SE-21"})
  Stream<DynamicTest> badOnesAreRefused() {
    return Stream.concat(REQUESTS.forgeries(claims()), REQUESTS.misuses(claims()))
        .map(Arguments::get)
        .map(bad -> dynamicTest((String) bad[0], () -> refuses((String) bad[1])));
  }

  @Test
  @Spec({"RO-01", "FA-06"})
  void aGoodOneIsTakenAndOnesOfAnotherTimeAreNot() throws IOException {
    long now = clock.instant().getEpochSecond();
    accepts(REQUESTS.good(claims()));
    for (String claim : List.of("iat", "nbf")) {
      accepts(REQUESTS.good(claims(claim, now + 10)));
      refuses(REQUESTS.good(claims(claim, now + 11)));
    }
    refuses(REQUESTS.good(claims("exp", now)));
  }

  @Test
  @Spec({"RO-01", "FA-04"})
  void keysThatAreNotForItAreNotTried() throws IOException {
    register(
        Keys.jwk(Keys.OTHER_RSA, "kid", "r", "use", "enc"),
        Keys.jwk(Keys.OTHER_RSA, "kid", "r", "alg", "PS256"),
        Keys.jwk(Keys.OTHER_P256, "kid", "r"),
        Keys.jwk(Keys.RSA, "kid", "r", "alg", "RS256", "use", "sig"));
    accepts(REQUESTS.good(claims()));
    refuses(REQUESTS.ofDecoy(claims()));
  }
}
