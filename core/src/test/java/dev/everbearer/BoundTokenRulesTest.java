package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientCertificate;
import dev.everbearer.client.DpopKey;
import dev.everbearer.client.SigningKey;
import dev.everbearer.login.Login;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.TlsIdentity;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** An API that says how tokens are bound is taken at its word, before anybody logs in. */
@ExtendWith(ScriptedServers.class)
class BoundTokenRulesTest {

  private static final String ALGORITHMS = "dpop_signing_alg_values_supported";
  private static final String CERTIFICATES = "tls_client_certificate_bound_access_tokens";

  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private final UserAgent browser = new UserAgent();

  BoundTokenRulesTest(ScriptedAuthorizationServer server, ScriptedApi api) {
    this.server = server;
    this.api = api;
    server.withoutMetadata("pushed_authorization_request_endpoint");
    server.registerPublicClient("native");
    server.registerRedirectUris(
        "native", "http://127.0.0.1/callback/127.0.0.1-" + server.issuer().getPort());
    api.metadata().publish("/mcp");
  }

  private void visit(URI url) {
    try {
      assertThat(browser.open(url).statusCode()).isEqualTo(200);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ResourceClientBuilder start(Consumer<OAuthClientBuilder> settings) {
    return OAuthClient.forResource(api.uri("/mcp").toString())
        .registered(server.issuer().toString(), ClientAuthentication.none("native"))
        .configure(settings.andThen(client -> client.login(Login.inBrowser(this::visit))));
  }

  private void ends(Consumer<OAuthClientBuilder> settings, String... why) {
    assertThatThrownBy(start(settings)::connect)
        .isInstanceOf(OAuthException.class)
        .hasMessageContainingAll(why);
    assertThat(server.tokenRequests()).isEmpty();
  }

  /** The algorithm of the proof with which the API was called. */
  private String algorithm(Consumer<OAuthClientBuilder> settings) throws Exception {
    try (ResourceClient found = start(settings).connect()) {
      HttpRequest request = HttpRequest.newBuilder(api.uri("/mcp")).build();
      assertThat(found.http().send(request, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
    List<RecordedRequest> calls = api.requests();
    String header = calls.get(calls.size() - 1).header("DPoP").orElse("").split("\\.", 2)[0];
    String json = new String(Base64.getUrlDecoder().decode(header), StandardCharsets.UTF_8);
    return json.replaceAll(".*\"alg\":\"([A-Za-z0-9]+)\".*", "$1");
  }

  /** It signs by any algorithm for RSA. */
  private static DpopKey rsa() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    return DpopKey.of(SigningKey.of(pair.getPrivate(), pair.getPublic()));
  }

  // ---- proofs

  @Test
  @Spec("PM-06")
  void proofsAreSignedByAnAlgorithmThatTheApiTakesAndTheServerToo() throws Exception {
    DpopKey key = rsa();
    api.metadata().entries(Map.of(ALGORITHMS, List.of("PS512", "PS256")));
    assertThat(algorithm(client -> client.dpop(key))).isEqualTo("PS256");
    api.metadata().without(ALGORITHMS);
    assertThat(algorithm(client -> client.dpop(key))).as("no limit").isEqualTo("RS256");
  }

  @Test
  @Spec("PM-06")
  void anApiThatTakesNoProofOfTheKeyEndsTheStart() {
    api.metadata().entries(Map.of(ALGORITHMS, List.of("ES384")));
    ends(
        OAuthClientBuilder::dpop,
        api.uri("/mcp").toString(),
        "takes DPoP proofs signed by ES384, and the client's key signs by ES256",
        "Give dpop(...) a key that signs by one of them.");
    ends(OAuthClientBuilder::dpopWhenOffered, "ES384");
    start(client -> client.dpop(DpopKey.generate("ES384"))).connect().close();
    start(client -> {}).connect().close();
  }

  @Test
  @Spec("PM-06")
  void anApiAndAServerThatTakeProofsOfOtherKeysEndTheStart() {
    server.metadata(Map.of(ALGORITHMS, List.of("ES256", "EdDSA")));
    api.metadata().entries(Map.of(ALGORITHMS, List.of("ES384", "EdDSA")));
    ends(
        client -> client.dpop(DpopKey.generate("ES384")),
        "signed by ES384, EdDSA, its server",
        "by ES256, EdDSA, and the client's key signs by ES384",
        "which both take");
    start(client -> client.dpop(DpopKey.generate("EdDSA"))).connect().close();
    api.metadata().entries(Map.of(ALGORITHMS, List.of("ES384")));
    ends(client -> client.dpop(DpopKey.generate("ES384")), "No key signs for both");
  }

  @Test
  @Spec("PM-06")
  void whereTheServerBindsNothingTheApisAlgorithmsDoNotMatterUnlessItRequiresThem() {
    server.withoutMetadata(ALGORITHMS);
    api.metadata().entries(Map.of(ALGORITHMS, List.of("ES384")));
    start(OAuthClientBuilder::dpopWhenOffered).connect().close();
    api.metadata().entries(Map.of("dpop_bound_access_tokens_required", true));
    ends(OAuthClientBuilder::dpopWhenOffered, "ES384");
    ends(client -> {}, "dpop()");
  }

  @Test
  @Spec("PM-06")
  void whereTheApiTakesOnlyBoundTokensAnUnboundOneIsNotSent() {
    server.withoutMetadata(ALGORITHMS);
    api.metadata().entries(Map.of("dpop_bound_access_tokens_required", true));
    server.answerNext(Answer.json(200, "{\"access_token\":\"a\",\"token_type\":\"Bearer\"}"));
    api.clearRequests();
    assertThatThrownBy(() -> algorithm(OAuthClientBuilder::dpopWhenOffered))
        .hasMessageContaining("answered a Bearer token");
    assertThat(api.requests()).noneMatch(call -> call.header("Authorization").isPresent());
  }

  // ---- certificates

  private static Consumer<OAuthClientBuilder> certificate() {
    TlsIdentity identity = TlsIdentity.ofClient("CN=native");
    ClientCertificate certificate =
        ClientCertificate.of(identity.privateKey(), identity.certificate());
    return client -> client.clientCertificate(certificate);
  }

  @Test
  @Spec("PM-06")
  void anApiThatTakesNoCertificateBoundTokensEndsTheStartOfAClientThatGetsThem() {
    Consumer<OAuthClientBuilder> certificate = certificate();
    server.metadata(Map.of(CERTIFICATES, true));
    api.metadata().entries(Map.of(CERTIFICATES, false));
    ends(
        certificate,
        api.uri("/mcp").toString(),
        "does not take tokens that are bound to a client certificate",
        "dpop()");
    start(certificate.andThen(OAuthClientBuilder::dpop)).connect().close();
    start(client -> {}).connect().close();
    server.metadata(Map.of(CERTIFICATES, false));
    start(certificate).connect().close();
  }

  @Test
  @Spec("PM-06")
  void anApiThatTakesCertificateBoundTokensOrSaysNothingGetsThem() {
    Consumer<OAuthClientBuilder> certificate = certificate();
    server.metadata(Map.of(CERTIFICATES, true));
    api.metadata().entries(Map.of(CERTIFICATES, true));
    start(certificate).connect().close();
    api.metadata().without(CERTIFICATES);
    start(certificate).connect().close();
  }
}
