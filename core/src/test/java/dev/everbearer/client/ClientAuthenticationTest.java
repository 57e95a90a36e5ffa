package dev.everbearer.client;

import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.onlyRequest;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.ServerUnavailableException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How a client proves who it is (RFC 6749 section 2.3.1), as the server sees it. */
@ExtendWith(ScriptedServers.class)
class ClientAuthenticationTest {

  private static final String ODD_ID = "a:b c%\u00e9";
  private static final String ODD_SECRET = "p+/=&:\u00fc";

  private static OAuthClientBuilder at(ScriptedAuthorizationServer server) {
    return OAuthClient.builder().tokenEndpoint(server.tokenEndpoint().toString());
  }

  @Test
  @Spec("CA-01")
  void basicEncodesIdAndSecretEachByForm(ScriptedAuthorizationServer server) {
    server.registerClient(ODD_ID, ODD_SECRET);
    try (OAuthClient client = at(server).clientSecretBasic(ODD_ID, ODD_SECRET).build()) {
      client.fetch(Grant.clientCredentials());
    }

    assertThat(onlyRequest(server).headers("Authorization"))
        .containsExactly("Basic YSUzQWIrYyUyNSVDMyVBOTpwJTJCJTJGJTNEJTI2JTNBJUMzJUJD");
    assertThat(decoded(onlyRequest(server))).isEqualTo("a%3Ab+c%25%C3%A9:p%2B%2F%3D%26%3A%C3%BC");
  }

  @Test
  @Spec({"CA-01", "CA-02"})
  void aSwitchSendsBasicRaw(ScriptedAuthorizationServer server) {
    server.answerNext(Answer.json(200, "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}"));
    ProviderProfile raw = ProviderProfile.builder().rawBasic().build();
    try (OAuthClient client =
        at(server).clientSecretBasic(ODD_ID, ODD_SECRET).profile(raw).build()) {
      client.fetch(Grant.clientCredentials());
    }

    assertThat(onlyRequest(server).headers("Authorization"))
        .containsExactly("Basic YTpiIGMlw6k6cCsvPSY6w7w=");
    assertThat(decoded(onlyRequest(server))).isEqualTo(ODD_ID + ":" + ODD_SECRET);
  }

  private static String decoded(RecordedRequest request) {
    String header = request.header("Authorization").orElseThrow();
    return new String(
        Base64.getDecoder().decode(header.substring("Basic ".length())), StandardCharsets.UTF_8);
  }

  @Test
  @Spec({"CA-03", "CA-06"})
  void basicLeavesTheBodyAndTheUrlAlone(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(Grant.clientCredentials());
    }

    RecordedRequest request = onlyRequest(server);
    assertThat(request.target()).isEqualTo("/token");
    assertThat(request.bodyText()).isEqualTo("grant_type=client_credentials");
    assertThat(request.headers("Authorization")).hasSize(1);
  }

  @Test
  @Spec("CA-03")
  void aSecretInTheBodyLeavesHeaderAndUrlAlone(ScriptedAuthorizationServer server) {
    server.registerClient("id", "secret");
    try (OAuthClient client = at(server).clientSecretPost("id", "secret").build()) {
      client.fetch(Grant.clientCredentials());
    }

    RecordedRequest request = onlyRequest(server);
    assertThat(request.target()).isEqualTo("/token");
    assertThat(request.headers("Authorization")).isEmpty();
    assertThat(request.form())
        .isEqualTo(
            Map.of(
                "grant_type", List.of("client_credentials"),
                "client_id", List.of("id"),
                "client_secret", List.of("secret")));
  }

  @Test
  @Spec("CA-06")
  void aSwitchRepeatsTheClientIdBesideBasic(ScriptedAuthorizationServer server) {
    ProviderProfile both = ProviderProfile.builder().clientIdWithBasic().build();
    try (OAuthClient client = clientOf(server).profile(both).build()) {
      client.fetch(Grant.clientCredentials());
    }

    assertThat(onlyRequest(server).headers("Authorization")).hasSize(1);
    assertThat(onlyRequest(server).bodyText())
        .isEqualTo("grant_type=client_credentials&client_id=the-client");
  }

  @ParameterizedTest
  @Spec({"CA-04", "O1-02"})
  @CsvSource({
    "'', client_secret_basic",
    "client_secret_basic, client_secret_basic",
    "client_secret_post, client_secret_post",
    "client_secret_basic client_secret_post, client_secret_post",
    "client_secret_post client_secret_basic, client_secret_post",
    "private_key_jwt client_secret_basic, client_secret_basic",
    "private_key_jwt tls_client_auth client_secret_post none, client_secret_post"
  })
  void aSecretWithoutAMethodGoesTheWayTheMetadataPrefers(
      String listed, String used, ScriptedAuthorizationServer server) {
    list(server, listed);
    try (OAuthClient client =
        withOpenMethod(server, ClientAuthentication.clientSecret("id", () -> "secret"))) {
      client.fetch(Grant.clientCredentials());
    }

    boolean isPost = used.equals("client_secret_post");
    assertThat(onlyRequest(server).headers("Authorization")).hasSize(isPost ? 0 : 1);
    assertThat(onlyRequest(server).form().containsKey("client_secret")).isEqualTo(isPost);
  }

  @ParameterizedTest
  @Spec({"CA-04", "O1-02"})
  @CsvSource({"private_key_jwt", "none", "tls_client_auth self_signed_tls_client_auth"})
  void aSecretIsNotSentToAServerThatTakesNone(String listed, ScriptedAuthorizationServer server) {
    list(server, listed);
    try (OAuthClient client =
        withOpenMethod(server, ClientAuthentication.clientSecret("id", () -> "cAnArY"))) {
      assertRefusal(
          refusal(ServerUnavailableException.class, () -> client.fetch(Grant.clientCredentials())),
          FailureKind.REFUSED,
          0,
          server.issuer() + " takes no client secret, only [" + listed.replace(" ", ", ") + "]",
          "Give the client one of these methods");
      assertThat(server.tokenRequests()).isEmpty();
    }
  }

  @Test
  @Spec({"CA-04", "O1-02"})
  void aConfiguredMethodIsUsedWhateverTheMetadataSays(ScriptedAuthorizationServer server) {
    list(server, "client_secret_post");
    try (OAuthClient client =
        withOpenMethod(server, ClientAuthentication.clientSecretBasic("id", "secret"))) {
      client.fetch(Grant.clientCredentials());
    }
    assertThat(onlyRequest(server).headers("Authorization")).hasSize(1);
  }

  private static void list(ScriptedAuthorizationServer server, String methods) {
    server.registerClient("id", "secret");
    if (methods.isEmpty()) {
      server.withoutMetadata("token_endpoint_auth_methods_supported");
    } else {
      server.metadata(
          Map.of("token_endpoint_auth_methods_supported", Arrays.asList(methods.split(" "))));
    }
  }

  private static OAuthClient withOpenMethod(
      ScriptedAuthorizationServer server, ClientAuthentication method) {
    return OAuthClient.builder().issuer(server.issuer().toString()).authentication(method).build();
  }
}
