package dev.everbearer.renewal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.Proof;
import dev.everbearer.ProofGate;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.DpopKey;
import dev.everbearer.client.SigningKey;
import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.MemoryTokenStore;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.Variant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.TlsIdentity;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.SenderKeyException;
import dev.everbearer.token.TokenSource;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Keys and the grants whose tokens are bound to them, across clients that share a store. */
@Timeout(60)
@ExtendWith(ScriptedServers.class)
class DpopRefreshTest {

  private static final Grant LOGIN = Grant.refreshToken("first");
  private static final char[] PASSWORD = "everbearer".toCharArray();

  private final TokenStore store = new MemoryTokenStore(InstantSource.system());
  private final ScriptedAuthorizationServer server;
  private ProofGate gate;

  DpopRefreshTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  @BeforeEach
  void bind() {
    gate = ProofGate.at(server);
  }

  private OAuthClientBuilder publicClient() {
    return OAuthClient.builder()
        .tokenEndpoint(server.tokenEndpoint().toString())
        .authentication(ClientAuthentication.none("app"))
        .store(store);
  }

  private OAuthClientBuilder confidentialClient() {
    return OAuthClient.builder()
        .tokenEndpoint(server.tokenEndpoint().toString())
        .clientSecretBasic("app", "secret")
        .store(store);
  }

  private static AccessToken token(OAuthClientBuilder builder) {
    try (OAuthClient client = builder.build()) {
      return client.tokens(LOGIN).token();
    }
  }

  private GrantRecord stored() {
    return store.read(GrantKey.of("app", LOGIN)).record();
  }

  private List<String> sentRefreshTokens() {
    return server.tokenRequests().stream()
        .map(RecordedRequest::form)
        .map(form -> form.get("refresh_token").get(0))
        .toList();
  }

  @Test
  @Spec("RF-08")
  void everyRefreshProvesTheSameKey() {
    DpopKey key = DpopKey.generate();
    try (OAuthClient client = publicClient().dpop(key).build()) {
      TokenSource source = client.tokens(LOGIN);
      source.invalidate(source.token());
      AccessToken second = source.token();
      assertThat(second.keyThumbprint()).contains(key.thumbprint());
    }
    assertThat(server.tokenRequests()).hasSize(2);
    assertThat(server.tokenRequests().stream().map(Proof::of).map(Proof::thumbprint))
        .containsOnly(key.thumbprint());
    assertThat(sentRefreshTokens()).containsExactly("first", "next-1");
  }

  @Test
  @Spec("DP-08")
  void aRefreshTokenIsNotUsedUpByANonceChallenge() {
    gate.wants("nonce");
    try (OAuthClient client = publicClient().dpop().build()) {
      assertThat(client.tokens(LOGIN).token()).isNotNull();
    }
    assertThat(sentRefreshTokens()).containsExactly("first", "first");
    assertThat(stored().refreshToken())
        .hasValueSatisfying(kept -> assertThat(kept.reveal()).isEqualTo("next-1"));
    assertThat(stored().unclear()).isEmpty();
  }

  @Test
  @Spec({"DP-13", "DP-16"})
  void aPublicClientThatKeepsItsKeyGoesOnAfterARestart() {
    KeyPair pair = Proof.newPair();
    AccessToken first = token(publicClient().dpop(DpopKey.of(SigningKey.fromPem(pem(pair)))));
    DpopKey again = DpopKey.of(SigningKey.fromPem(pem(pair)));
    assertThat(stored().refreshTokenKey()).contains(again.thumbprint());
    AccessToken adopted = token(publicClient().dpop(again));
    assertThat(adopted).isEqualTo(first);
    assertThat(adopted.senderKey()).isPresent().isNotEqualTo(first.senderKey());
    try (OAuthClient client = publicClient().dpop(again).build()) {
      TokenSource source = client.tokens(LOGIN);
      source.invalidate(source.token());
      assertThat(source.token()).isNotEqualTo(first);
    }
    assertThat(sentRefreshTokens()).containsExactly("first", "next-1");
  }

  @Test
  @Spec({"DP-13", "DP-16"})
  void aKeyThatIsKeptInAKeyStoreStaysThereAndOutlivesTheProgram(@TempDir Path directory)
      throws Exception {
    TlsIdentity pair = TlsIdentity.ofClient("CN=dpop");
    Path file = directory.resolve("dpop.p12");
    write(pair, file);
    for (int start = 0; start < 2; start++) {
      SigningKey kept = SigningKey.fromPkcs12(file, PASSWORD, "dpop");
      try (OAuthClient client = publicClient().dpop(DpopKey.of(kept)).build()) {
        TokenSource source = client.tokens(LOGIN);
        source.invalidate(source.token());
        assertThat(source.token().keyThumbprint()).isEqualTo(stored().refreshTokenKey());
      }
    }
    BigInteger secret = ((ECPrivateKey) pair.privateKey()).getS();
    assertThat(new BigInteger(Files.readAllBytes(file)).toString(16))
        .as("encrypted in the file")
        .doesNotContain(secret.toString(16));
    assertThatThrownBy(() -> SigningKey.fromPkcs12(file, "wrong".toCharArray(), "dpop"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("password");
  }

  private static void write(TlsIdentity pair, Path file) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    Certificate[] chain = {pair.certificate()};
    keys.setKeyEntry("dpop", pair.privateKey(), PASSWORD, chain);
    try (OutputStream out = Files.newOutputStream(file)) {
      keys.store(out, PASSWORD);
    }
  }

  @Test
  @Spec("DP-16")
  void everyClientMakesAKeyOfItsOwnUnlessItIsGivenOne() {
    try (OAuthClient first = publicClient().dpop().build();
        OAuthClient second = publicClient().dpop().build()) {
      assertThat(first.dpopThumbprint()).isPresent().isNotEqualTo(second.dpopThumbprint());
    }
  }

  private static String pem(KeyPair pair) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(pair.getPrivate().getEncoded())
        + "\n-----END PRIVATE KEY-----\n-----BEGIN PUBLIC KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded())
        + "\n-----END PUBLIC KEY-----\n";
  }

  @Test
  @Spec("DP-13")
  void aPublicClientWithAnotherKeyMustLogInAndSendsNothing() {
    DpopKey lost = DpopKey.generate();
    token(publicClient().dpop(lost));
    DpopKey other = DpopKey.generate();
    for (OAuthClientBuilder builder :
        List.of(publicClient().dpop(other), publicClient().dpopWhenOffered(), publicClient())) {
      assertThatThrownBy(() -> token(builder))
          .isInstanceOfSatisfying(
              LoginRequiredException.class,
              e -> assertThat(e.reason()).isEqualTo(LoginRequiredException.Reason.KEY_NOT_HELD))
          .hasMessageContaining(lost.thumbprint())
          .hasMessageContaining("log in again");
    }
    assertThat(server.tokenRequests()).hasSize(1);
    assertThat(stored().dead()).as("whoever holds the key can go on").isEmpty();
    assertThat(token(publicClient().dpop(lost))).isNotNull();
  }

  @Test
  @Spec("DP-13")
  void aConfidentialClientMayChangeItsKeyAndGetsNewTokensForIt() {
    AccessToken old = token(confidentialClient().dpop(DpopKey.generate()));
    assertThat(stored().refreshTokenKey()).isEmpty();
    DpopKey next = DpopKey.generate();
    AccessToken token = token(confidentialClient().dpop(next));
    assertThat(token).isNotEqualTo(old);
    assertThat(token.keyThumbprint()).contains(next.thumbprint());
    assertThat(sentRefreshTokens()).containsExactly("first", "next-1");
  }

  @Test
  @Spec("DP-13")
  void aBearerTokenInTheStoreIsNoTokenForAClientThatRequiresDpop() {
    gate.tokenType("Bearer");
    DpopKey key = DpopKey.generate();
    AccessToken bearer = token(confidentialClient().dpopWhenOffered(key));
    assertThat(bearer.needsProof()).isFalse();
    assertThat(token(confidentialClient().dpopWhenOffered(key))).isEqualTo(bearer);
    gate.tokenType("DPoP");
    assertThat(token(confidentialClient().dpop(key)).needsProof()).isTrue();
  }

  @Test
  @Spec("DP-13")
  void tokensBoundToAKeyAreNotGivenToAClientWithout() {
    AccessToken bound = token(confidentialClient().dpop());
    server.answerAlways(
        Answer.json(200, "{\"access_token\":\"b\",\"token_type\":\"Bearer\",\"expires_in\":60}"));
    assertThat(token(confidentialClient())).isNotEqualTo(bound);
    assertThat(stored().token(Variant.of(LOGIN.request()))).isPresent();
  }

  @Test
  @Spec("DP-13")
  void aPublicClientsRefreshTokenIsBoundEvenBesideABearerTokenIfTheServerKnowsDpop() {
    gate.tokenType("Bearer");
    token(publicClient().dpopWhenOffered());
    assertThat(stored().refreshTokenKey()).as("nothing is known of the server").isEmpty();
    server.metadata(Map.of("dpop_signing_alg_values_supported", List.of("ES256")));
    DpopKey key = DpopKey.generate();
    token(
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .authentication(ClientAuthentication.none("app"))
            .store(store)
            .dpopWhenOffered(key));
    assertThat(stored().refreshTokenKey()).contains(key.thumbprint());
  }

  @Test
  void tokensThatAreOverLeaveTheRecordWithTheNextWrite(SettableClock clock) {
    try (MemoryTokenStore clocked = new MemoryTokenStore(clock)) {
      OAuthClientBuilder builder =
          confidentialClient().store(clocked).clocks(clock, clock::nanoTime);
      token(builder.dpop(DpopKey.generate()));
      token(builder.dpop(DpopKey.generate()));
      GrantKey key = GrantKey.of("app", LOGIN);
      assertThat(clocked.read(key).record().toString()).contains("2 access tokens");
      clock.advance(Duration.ofMinutes(5));
      token(builder.dpop(DpopKey.generate()));
      assertThat(clocked.read(key).record().toString()).contains("1 access tokens");
    }
  }

  @Test
  @Spec("DP-07")
  void aRotatedRefreshTokenIsKeptEvenWhenTheAccessTokenIsDiscarded() {
    gate.tokenType("Bearer");
    List<String> kept = new CopyOnWriteArrayList<>();
    try (OAuthClient client =
        publicClient()
            .dpop()
            .onRotated(tokens -> kept.add(tokens.refreshToken().orElseThrow().reveal()))
            .build()) {
      assertThatThrownBy(() -> client.tokens(LOGIN).token()).isInstanceOf(SenderKeyException.class);
    }
    assertThat(kept).containsExactly("next-1");
    assertThat(stored().refreshToken().orElseThrow().reveal()).isEqualTo("next-1");
    assertThat(sentRefreshTokens()).containsExactly("first");
  }
}
