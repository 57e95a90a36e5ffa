package dev.everbearer.testing.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.SettableClock;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class DpopApiTest {

  private static final String CHALLENGE = "WWW-Authenticate";

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private final DpopClient client;
  private final String token;
  private final URI uri;

  DpopApiTest(ScriptedAuthorizationServer server, ScriptedApi api, SettableClock clock) {
    this.server = server;
    this.api = api;
    this.client = new DpopClient(clock);
    this.token = server.issueDpopBoundAccessToken("c", client.thumbprint());
    this.uri = api.uri("/a");
  }

  private HttpResponse<String> get(String scheme, String value, Jwt proof) throws IOException {
    return http.get(uri, "Authorization", scheme + " " + value, "DPoP", proof.compact());
  }

  private Jwt proof() {
    return client.proof("GET", uri, token);
  }

  private void refused(HttpResponse<String> response, String error) {
    assertThat(response.statusCode()).isEqualTo(401);
    assertThat(response.headers().allValues(CHALLENGE))
        .singleElement()
        .asString()
        .startsWith("DPoP realm=\"api\", algs=\"ES256 ")
        .contains("error=\"" + error + "\"");
  }

  @Test
  void letsABoundTokenInWithItsProof() throws IOException {
    assertThat(get("DPoP", token, proof()).statusCode()).isEqualTo(200);
    assertThat(get("dpop", token, proof()).statusCode()).isEqualTo(200);
    assertThat(
            http.get(api.uri("/a?b=c"), "Authorization", "DPoP " + token, "DPoP", proof().compact())
                .statusCode())
        .isEqualTo(200);
  }

  @Test
  void refusesABoundTokenWithoutOne() throws IOException {
    refused(http.get(uri, "Authorization", "DPoP " + token), "invalid_dpop_proof");
    assertThat(http.get(uri, "Authorization", "Bearer " + token).statusCode()).isEqualTo(401);
    assertThat(get("Bearer", token, proof()).statusCode()).isEqualTo(401);
  }

  @Test
  void refusesFaultyProofs() throws IOException {
    refused(get("DPoP", token, proof().without("ath")), "invalid_dpop_proof");
    refused(get("DPoP", token, client.proof("GET", uri, "other")), "invalid_dpop_proof");
    refused(get("DPoP", token, client.proof("POST", uri, token)), "invalid_dpop_proof");
    refused(get("DPoP", token, client.proof("GET", api.uri("/b"), token)), "invalid_dpop_proof");
    Jwt proof = proof();
    assertThat(get("DPoP", token, proof).statusCode()).isEqualTo(200);
    refused(get("DPoP", token, proof), "invalid_dpop_proof");
  }

  @Test
  void refusesAnotherKeyAndOtherTokens(SettableClock clock) throws IOException {
    refused(get("DPoP", token, new DpopClient(clock).proof("GET", uri, token)), "invalid_token");
    String unbound = server.issueAccessToken("c");
    refused(get("DPoP", unbound, client.proof("GET", uri, unbound)), "invalid_token");
    refused(get("DPoP", "unknown", client.proof("GET", uri, "unknown")), "invalid_token");
  }

  @Test
  void challengesAsItIsSetUp() throws IOException {
    assertThat(http.get(uri).headers().allValues(CHALLENGE))
        .containsExactly("Bearer realm=\"api\"");
    api.dpop().offer(true).acceptAlgorithms("ES256");
    assertThat(http.get(uri).headers().allValues(CHALLENGE))
        .containsExactly("Bearer realm=\"api\"", "DPoP realm=\"api\", algs=\"ES256\"");
    api.dpop().require(true);
    assertThat(http.get(uri).headers().allValues(CHALLENGE))
        .containsExactly("DPoP realm=\"api\", algs=\"ES256\"");
    String unbound = server.issueAccessToken("c");
    assertThat(http.get(uri, "Authorization", "Bearer " + unbound).statusCode()).isEqualTo(401);
  }

  @Test
  void asksForANonceOfItsOwn() throws IOException {
    server.dpop().requireNonce(true).nonce("of the other server");
    api.dpop().requireNonce(true).rotateNonceOnEveryAnswer(true);

    HttpResponse<String> asked = get("DPoP", token, proof().claim("nonce", "of the other server"));
    refused(asked, "use_dpop_nonce");
    List<String> nonces = asked.headers().allValues("DPoP-Nonce");
    assertThat(nonces).hasSize(1);
    HttpResponse<String> answer = get("DPoP", token, proof().claim("nonce", nonces.get(0)));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.headers().firstValue("DPoP-Nonce").orElse("")).isNotEqualTo(nonces.get(0));
    refused(get("DPoP", token, proof().claim("nonce", nonces.get(0))), "use_dpop_nonce");
  }
}
