package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.basic;
import static dev.everbearer.testing.server.Http.encode;
import static dev.everbearer.testing.server.Http.string;
import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.text.ParseException;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(ScriptedServers.class)
class DpopTest {

  private static final String NONCE = "DPoP-Nonce";

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;
  private final DpopClient client;

  DpopTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
    this.client = new DpopClient(clock);
  }

  @BeforeEach
  void register() {
    server.registerClient("s", "s");
    server.registerPublicClient("c");
    server.registerRedirectUris("c", CodeFlow.REDIRECT);
    server.registerRedirectUris("s", CodeFlow.REDIRECT);
  }

  private Jwt proof() {
    return client.proof("POST", server.tokenEndpoint());
  }

  private HttpResponse<String> post(String form, Jwt proof) throws IOException {
    return http.post(server.tokenEndpoint(), form, "DPoP", proof.compact());
  }

  private HttpResponse<String> clientCredentials(Jwt proof) throws IOException {
    return post("grant_type=client_credentials&client_id=s&client_secret=s", proof);
  }

  private void refused(UnaryOperator<Jwt> fault, String description) throws IOException {
    HttpResponse<String> response = clientCredentials(fault.apply(proof()));
    assertThat(response.statusCode()).isEqualTo(400);
    assertThat(string(response, "error")).isEqualTo("invalid_dpop_proof");
    assertThat(string(response, "error_description")).contains(description);
  }

  private String nonceOf(HttpResponse<String> response) {
    return response.headers().firstValue(NONCE).orElse("");
  }

  @Test
  void bindsTokensToTheKeyOfTheProof() throws IOException {
    HttpResponse<String> response = clientCredentials(proof());

    assertThat(string(response, "token_type")).isEqualTo("DPoP");
    assertThat(response.headers().firstValue(NONCE)).isEmpty();
    HttpResponse<String> introspected =
        http.post(
            server.introspectionEndpoint(),
            "client_id=s&client_secret=s&token=" + string(response, "access_token"));
    assertThat(introspected.body())
        .contains("\"token_type\":\"DPoP\"", "\"cnf\":{\"jkt\":\"" + client.thumbprint() + "\"}");
    assertThat(http.get(server.uri("/.well-known/oauth-authorization-server")).body())
        .contains("\"dpop_signing_alg_values_supported\":[\"ES256\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"PS256", "ES384", "Ed25519", "RS256"})
  void takesEveryUsualAlgorithm(String algorithm) throws IOException {
    DpopClient other = new DpopClient(clock, algorithm);
    Jwt proof = other.proof("POST", server.tokenEndpoint());

    assertThat(clientCredentials(proof).statusCode()).isEqualTo(200);
    server.dpop().acceptAlgorithms("ES512");
    assertThat(clientCredentials(other.proof("POST", server.tokenEndpoint())).body())
        .contains("alg must be one of [ES512]");
  }

  @Test
  void refusesWrongHeaders() throws IOException, ParseException {
    Map<String, Object> privateKey = JSONObjectUtils.parse(client.key.toJSONString());
    DpopClient other = new DpopClient(clock);
    refused(jwt -> jwt.header("typ", "JWT"), "typ");
    refused(jwt -> jwt.withoutHeader("jwk"), "jwk");
    refused(jwt -> jwt.header("jwk", privateKey), "public");
    refused(jwt -> jwt.header("jwk", Map.of("kty", "oct", "k", "AAAA")), "public");
    refused(jwt -> jwt.header("jwk", Map.of("kty", "EC")), "no key");
    refused(jwt -> jwt.header("alg", "HS256"), "alg must be");
    refused(jwt -> jwt.header("alg", "none"), "alg must be");
    refused(Jwt::brokenSignature, "signature");
    refused(
        jwt -> other.proof("POST", server.tokenEndpoint()).header("jwk", jwt.header().get("jwk")),
        "signature");
    assertThat(
            http.post(
                    server.tokenEndpoint(),
                    "grant_type=client_credentials&client_id=s&client_secret=s",
                    "DPoP",
                    proof().compact(),
                    "DPoP",
                    proof().compact())
                .body())
        .contains("one DPoP header field, not 2");
  }

  @Test
  void refusesWrongClaims() throws IOException {
    long now = clock.instant().getEpochSecond();
    String endpoint = server.tokenEndpoint().toString();
    refused(jwt -> jwt.claim("htm", "GET"), "htm must be POST");
    refused(jwt -> jwt.claim("htm", "post"), "htm must be POST");
    refused(jwt -> jwt.claim("htu", endpoint + "?a=b"), "htu must be " + endpoint);
    refused(jwt -> jwt.claim("htu", endpoint + "/"), "htu");
    refused(jwt -> jwt.claim("htu", endpoint.replace("http", "https")), "htu");
    refused(jwt -> jwt.without("iat"), "iat");
    refused(jwt -> jwt.claim("iat", now - 61), "too far back");
    refused(jwt -> jwt.claim("iat", now + 11), "ahead");
    refused(jwt -> jwt.without("jti"), "jti");
    Jwt proof = proof();
    assertThat(clientCredentials(proof).statusCode()).isEqualTo(200);
    refused(jwt -> proof, "seen before");
  }

  @Test
  void aProofCanBeRequired() throws IOException {
    String form = "grant_type=client_credentials&client_id=s&client_secret=s";
    assertThat(string(http.post(server.tokenEndpoint(), form), "token_type")).isEqualTo("Bearer");

    server.clientMetadata("s", Map.of("dpop_bound_access_tokens", true));
    assertThat(http.post(server.tokenEndpoint(), form).body()).contains("invalid_dpop_proof");
    server.clientMetadata("s", Map.of("dpop_bound_access_tokens", false));
    server.dpop().require(true);
    assertThat(http.post(server.tokenEndpoint(), form).body()).contains("invalid_dpop_proof");
    assertThat(clientCredentials(proof()).statusCode()).isEqualTo(200);
  }

  @Test
  void asksForItsNonceAndUsesNothingUp() throws IOException {
    server.dpop().requireNonce(true);
    CodeFlow flow = new CodeFlow(server, "c");
    String form = CodeFlow.form(flow.tokenRequest(flow.code()));

    HttpResponse<String> asked = post(form, proof());
    assertThat(asked.statusCode()).isEqualTo(400);
    assertThat(string(asked, "error")).isEqualTo("use_dpop_nonce");
    HttpResponse<String> granted = post(form, proof().claim("nonce", nonceOf(asked)));
    assertThat(granted.statusCode()).isEqualTo(200);
    assertThat(nonceOf(granted)).isEqualTo(server.dpop().nonce());

    server.dpop().rotateNonce();
    String refresh =
        "grant_type=refresh_token&client_id=c&refresh_token=" + string(granted, "refresh_token");
    HttpResponse<String> late = post(refresh, proof().claim("nonce", nonceOf(asked)));
    assertThat(string(late, "error")).isEqualTo("use_dpop_nonce");
    assertThat(post(refresh, proof().claim("nonce", nonceOf(late))).statusCode()).isEqualTo(200);
  }

  @Test
  void everyAnswerCanBringANewNonce() throws IOException {
    server.dpop().requireNonce(true).rotateNonceOnEveryAnswer(true);
    String first = nonceOf(clientCredentials(proof()));
    HttpResponse<String> second = clientCredentials(proof().claim("nonce", first));

    assertThat(second.statusCode()).isEqualTo(200);
    assertThat(nonceOf(second)).isNotEqualTo(first);
    assertThat(string(clientCredentials(proof().claim("nonce", first)), "error"))
        .isEqualTo("use_dpop_nonce");
    server.dpop().nonce("chosen").rotateNonceOnEveryAnswer(false);
    assertThat(clientCredentials(proof().claim("nonce", "chosen")).statusCode()).isEqualTo(200);
  }

  @Test
  void aCodeCanBeBoundToAKey() throws IOException {
    CodeFlow flow = new CodeFlow(server, "c").with("dpop_jkt", client.thumbprint());
    DpopClient other = new DpopClient(clock);

    assertThat(post(CodeFlow.form(flow.tokenRequest(flow.code())), proof()).statusCode())
        .isEqualTo(200);
    assertThat(flow.login().body()).contains("invalid_grant");
    assertThat(
            post(
                    CodeFlow.form(flow.tokenRequest(flow.code())),
                    other.proof("POST", server.tokenEndpoint()))
                .body())
        .contains("invalid_grant", "dpop_jkt");
    assertThat(flow.with("dpop_jkt", "x").answer().get("error")).containsExactly("invalid_request");
  }

  @Test
  void aPushedProofBindsTheCode() throws IOException {
    URI par = server.endpoint("pushed_authorization_request_endpoint");
    CodeFlow flow = new CodeFlow(server, "s");
    String[] headers = {"Authorization", basic("s", "s"), "DPoP", ""};
    headers[3] = client.proof("POST", par).compact();
    String requestUri = string(http.post(par, flow.form(), headers), "request_uri");
    URI authorize =
        URI.create(
            server.endpoint("authorization_endpoint")
                + "?client_id=s&request_uri="
                + encode(requestUri));
    String code =
        FormData.parse(new UserAgent().redirectOf(authorize).getRawQuery()).get("code").get(0);

    assertThat(flow.redeem(flow.tokenRequest(code), "Authorization", basic("s", "s")).body())
        .contains("invalid_grant");
    headers[3] = client.proof("POST", par).compact();
    flow.with("dpop_jkt", new DpopClient(clock).thumbprint());
    assertThat(http.post(par, flow.form(), headers).body()).contains("invalid_dpop_proof");
    headers[3] = client.proof("POST", par).compact();
    flow.with("dpop_jkt", client.thumbprint());
    assertThat(http.post(par, flow.form(), headers).statusCode()).isEqualTo(201);
    server.dpop().requireNonce(true);
    headers[3] = client.proof("POST", par).compact();
    HttpResponse<String> asked = http.post(par, flow.form(), headers);
    assertThat(string(asked, "error")).isEqualTo("use_dpop_nonce");
    assertThat(nonceOf(asked)).isNotEmpty();
  }

  @Test
  void refreshTokensOfPublicClientsKeepTheirKey() throws IOException {
    CodeFlow flow = new CodeFlow(server, "c");
    HttpResponse<String> login = post(CodeFlow.form(flow.tokenRequest(flow.code())), proof());
    String refresh =
        "grant_type=refresh_token&client_id=c&refresh_token=" + string(login, "refresh_token");

    HttpResponse<String> otherKey =
        post(refresh, new DpopClient(clock).proof("POST", server.tokenEndpoint()));
    assertThat(otherKey.body()).contains("invalid_grant", "another key");
    assertThat(http.post(server.tokenEndpoint(), refresh).body()).contains("invalid_grant");
    assertThat(string(post(refresh, proof()), "token_type")).isEqualTo("DPoP");
  }

  @Test
  void refreshTokensOfOtherClientsGoWithEveryKey() throws IOException {
    CodeFlow flow = new CodeFlow(server, "s").with("client_secret", "s");
    Map<String, String> request = flow.tokenRequest(flow.without("client_secret").code());
    request.put("client_secret", "s");
    HttpResponse<String> login = post(CodeFlow.form(request), proof());
    String refresh =
        "grant_type=refresh_token&client_id=s&client_secret=s&refresh_token="
            + string(login, "refresh_token");

    HttpResponse<String> refreshed =
        post(refresh, new DpopClient(clock).proof("POST", server.tokenEndpoint()));

    assertThat(string(refreshed, "token_type")).isEqualTo("DPoP");
  }
}
