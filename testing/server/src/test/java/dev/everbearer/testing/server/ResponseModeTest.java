package dev.everbearer.testing.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.crypto.RSADecrypter;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import dev.everbearer.testing.SettableClock;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(ScriptedServers.class)
class ResponseModeTest {

  private final ScriptedAuthorizationServer server;
  private final SettableClock clock;

  ResponseModeTest(ScriptedAuthorizationServer server, SettableClock clock) {
    this.server = server;
    this.clock = clock;
  }

  @BeforeEach
  void register() {
    server.registerPublicClient("c");
    server.registerRedirectUris("c", CodeFlow.REDIRECT);
  }

  private CodeFlow flow(String mode) {
    return new CodeFlow(server, "c").with("response_mode", mode);
  }

  private ReceivedJwt opened(String response) throws Exception {
    ReceivedJwt jwt = ReceivedJwt.parse(response);
    jwt.requireSignatureBy(JWKSet.parse(server.keys().jwks()));
    return jwt;
  }

  @Test
  void aPageSubmitsItself() throws Exception {
    try (ScriptedApi callback = ScriptedApi.open()) {
      String redirect = callback.uri("/cb").toString();
      server.registerRedirectUris("c", redirect);
      CodeFlow flow = flow("form_post").with("redirect_uri", redirect).with("state", "<\"&'>");

      HttpResponse<String> end = new UserAgent().open(flow.uri());

      assertThat(end.uri()).isEqualTo(callback.uri("/cb"));
      RecordedRequest received = callback.requests().get(0);
      assertThat(received.method()).isEqualTo("POST");
      assertThat(received.form()).containsOnlyKeys("code", "state", "iss");
      assertThat(received.form().get("state")).containsExactly("<\"&'>");
    }
  }

  @Test
  void aBrowserFollowsRedirects() throws Exception {
    try (ScriptedApi callback = ScriptedApi.open()) {
      String redirect = callback.uri("/cb").toString();
      server.registerRedirectUris("c", redirect);

      new UserAgent().open(new CodeFlow(server, "c").with("redirect_uri", redirect).uri());

      assertThat(callback.requests().get(0).query().orElse("")).startsWith("code=");
    }
  }

  @Test
  void aJwtHoldsTheWholeAnswer() throws Exception {
    for (String mode : List.of("jwt", "query.jwt")) {
      Map<String, List<String>> answer = flow(mode).answer();

      assertThat(answer).containsOnlyKeys("response");
      assertThat(opened(answer.get("response").get(0)).claims())
          .containsOnlyKeys("iss", "aud", "iat", "exp", "code", "state")
          .containsEntry("iss", server.issuer().toString())
          .containsEntry("aud", "c")
          .containsEntry("exp", clock.instant().getEpochSecond() + 600)
          .containsEntry("state", "state 1&2");
    }
    assertThat(flow("form_post.jwt").ask().body()).contains("name=\"response\"");
    server.authorization().denyNext("access_denied", null);
    assertThat(opened(flow("jwt").answer().get("response").get(0)).claims())
        .containsEntry("error", "access_denied")
        .doesNotContainKey("code");
  }

  @Test
  void aJwtIsSignedAsRegisteredAndSpoiledAsWanted() throws Exception {
    server.clientMetadata("c", Map.of("authorization_signed_response_alg", "ES256"));
    assertThat(opened(flow("jwt").answer().get("response").get(0)).header())
        .containsEntry("alg", "ES256");

    server.alterJwts(JwtKind.AUTHORIZATION, jwt -> jwt.claim("iss", "https://evil.example"));
    server.authorization().alterResponse(answer -> answer.and("code", "plain"));

    Map<String, List<String>> answer = flow("jwt").answer();
    assertThat(answer).containsOnlyKeys("response", "code");
    assertThat(opened(answer.get("response").get(0)).claims())
        .containsEntry("iss", "https://evil.example");
  }

  @Test
  void aJwtIsEncryptedIfSoRegistered() throws Exception {
    RSAKey key = ServerKeys.generate("RS256", "k").toRSAKey();
    RSAKey forEncryption = new RSAKey.Builder(key).algorithm(null).build();
    server.registerClientKey("c", forEncryption.toPublicJWK().toJSONString());
    server.clientMetadata(
        "c",
        Map.of(
            "authorization_encrypted_response_alg", "RSA-OAEP-256",
            "authorization_encrypted_response_enc", "A256GCM"));

    JWEObject response = JWEObject.parse(flow("jwt").answer().get("response").get(0));
    response.decrypt(new RSADecrypter(key));

    assertThat(opened(response.getPayload().toString()).claims()).containsKey("code");
  }

  @Test
  void theModeOfTheAnswerCanBeAnother() throws Exception {
    server.authorization().sendBy("query");
    assertThat(flow("jwt").answer()).containsKeys("code", "iss");
    server.authorization().sendBy(null);
    assertThat(flow("jwt").answer()).containsOnlyKeys("response");
  }
}
