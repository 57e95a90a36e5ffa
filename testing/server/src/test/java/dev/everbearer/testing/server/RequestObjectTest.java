package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.encode;
import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.jwk.JWK;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class RequestObjectTest {

  private static final JWK KEY = ServerKeys.generate("ES256", "k1");

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;

  RequestObjectTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  @BeforeEach
  void register() {
    server.registerClient("c", "s");
    server.registerClientKey("c", KEY.toPublicJWK().toJSONString());
    server.registerRedirectUris("c", CodeFlow.REDIRECT);
  }

  private Jwt requestObject() {
    long now = clock.instant().getEpochSecond();
    return Jwt.signedBy(KEY.toJSONString(), "ES256")
        .header("typ", "oauth-authz-req+jwt")
        .claims(new CodeFlow(server, "c").with("scope", "a").parameters)
        .claim("iss", "c")
        .claim("aud", server.issuer().toString())
        .claim("iat", now)
        .claim("exp", now + 60)
        .claim("jti", UUID.randomUUID().toString());
  }

  private HttpResponse<String> authorize(Jwt requestObject, String more) throws IOException {
    return http.get(
        URI.create(
            server.endpoint("authorization_endpoint")
                + "?client_id=c&request="
                + requestObject.compact()
                + more));
  }

  private HttpResponse<String> push(Jwt requestObject, String more) throws IOException {
    return http.post(
        server.endpoint("pushed_authorization_request_endpoint"),
        "client_id=c&client_secret=s&request=" + requestObject.compact() + more);
  }

  private void refused(UnaryOperator<Jwt> fault, String description) throws IOException {
    assertThat(authorize(fault.apply(requestObject()), "").body())
        .contains("invalid_request_object", description);
    HttpResponse<String> pushed = push(fault.apply(requestObject()), "");
    assertThat(string(pushed, "error")).isEqualTo("invalid_request_object");
    assertThat(pushed.statusCode()).isEqualTo(400);
  }

  @Test
  void takesASignedRequestByValueAndPushed() throws IOException {
    assertThat(authorize(requestObject(), "").headers().firstValue("Location").orElse(""))
        .startsWith(CodeFlow.REDIRECT + "?code=")
        .contains("state=state+1%262");

    HttpResponse<String> pushed = push(requestObject(), "");
    assertThat(pushed.statusCode()).isEqualTo(201);
    URI uri =
        URI.create(
            server.endpoint("authorization_endpoint")
                + "?client_id=c&request_uri="
                + encode(string(pushed, "request_uri")));
    assertThat(http.get(uri).headers().firstValue("Location").orElse("")).contains("?code=");
  }

  @Test
  @Spec("RO-01")
  void refusesWrongHeaders() throws IOException {
    refused(jwt -> jwt.header("typ", "JWT"), "typ");
    refused(jwt -> jwt.withoutHeader("typ"), "typ");
    refused(Jwt::unsigned, "compact");
    refused(jwt -> jwt.header("alg", "HS256"), "alg must be");
    refused(Jwt::brokenSignature, "signature");
    refused(jwt -> jwt.resigned(server.keys().privateJwk("ES256"), "ES256"), "kid");
  }

  @Test
  @Spec({"RO-01", "RO-02"})
  void refusesWrongClaims() throws IOException {
    long now = clock.instant().getEpochSecond();
    refused(jwt -> jwt.claim("iss", "d"), "iss");
    refused(jwt -> jwt.without("iss"), "iss");
    refused(jwt -> jwt.without("client_id"), "client_id");
    refused(jwt -> jwt.claim("client_id", "d"), "client_id");
    refused(jwt -> jwt.without("aud"), "aud");
    refused(jwt -> jwt.claim("aud", server.endpoint("authorization_endpoint").toString()), "aud");
    refused(jwt -> jwt.claim("aud", List.of(server.issuer().toString())), "aud");
    refused(jwt -> jwt.without("exp"), "exp");
    refused(jwt -> jwt.claim("exp", now), "expired");
    refused(jwt -> jwt.claim("exp", now + 311), "within");
    refused(jwt -> jwt.without("jti"), "jti");
    assertThat(push(requestObject().claim("jti", "twice"), "").statusCode()).isEqualTo(201);
    refused(jwt -> jwt.claim("jti", "twice"), "seen before");
    refused(jwt -> jwt.claim("sub", "c"), "sub");
    refused(jwt -> jwt.claim("request", "x"), "must not hold request");
    refused(jwt -> jwt.claim("request_uri", "x"), "must not hold request_uri");
  }

  @Test
  @Spec({"RO-02", "RO-03"})
  void whatIsOutsideMustBeTheSameInside() throws IOException {
    assertThat(authorize(requestObject(), "&scope=a&response_type=code").statusCode())
        .isEqualTo(302);
    assertThat(authorize(requestObject(), "&scope=b").body()).contains("not the same", "scope");
    assertThat(authorize(requestObject(), "&nonce=b").body()).contains("not the same", "nonce");
    assertThat(authorize(requestObject(), "&request_uri=urn:x").body()).contains("not both");
    URI withoutId =
        URI.create(
            server.endpoint("authorization_endpoint") + "?request=" + requestObject().compact());
    assertThat(http.get(withoutId).body()).contains("missing: client_id");
  }

  @Test
  @Spec("RO-04")
  void requestsMustBeSignedIfSaid() throws IOException {
    server.authorization().requireSignedRequestObject(true);
    CodeFlow unsigned = new CodeFlow(server, "c");

    assertThat(unsigned.ask().body()).contains("must be signed");
    assertThat(
            http.post(
                    server.endpoint("pushed_authorization_request_endpoint"),
                    unsigned.with("client_secret", "s").form())
                .body())
        .contains("must be signed");
    assertThat(authorize(requestObject(), "").statusCode()).isEqualTo(302);
    assertThat(push(requestObject(), "").statusCode()).isEqualTo(201);
    assertThat(http.get(server.uri("/.well-known/oauth-authorization-server")).body())
        .contains("\"require_signed_request_object\":true");
  }

  @Test
  @Spec("RO-02")
  void aRequestObjectIsNoClientAssertion() throws IOException {
    HttpResponse<String> response =
        http.post(
            server.tokenEndpoint(),
            "grant_type=client_credentials&client_assertion_type="
                + encode(ClientAssertion.TYPE)
                + "&client_assertion="
                + requestObject().compact());

    assertThat(string(response, "error")).isEqualTo("invalid_client");
  }
}
