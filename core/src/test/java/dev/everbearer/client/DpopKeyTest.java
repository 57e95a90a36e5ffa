package dev.everbearer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jwt.SignedJWT;
import dev.everbearer.Proof;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.jose.Signatures;
import dev.everbearer.testing.Spec;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.security.Key;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Keys that tokens are bound to, and the proofs that they make. */
class DpopKeyTest {

  private static final URI API = URI.create("https://api.example.com/a?secret=1");
  private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.6Z");

  private static String proof(DpopKey key) {
    return key.proof("GET", API, "the-token", "the-nonce", NOW);
  }

  @Test
  @Spec({"DP-01", "DP-02"})
  void aProofHoldsThePublicKeyAndWhatItIsFor() {
    DpopKey key = DpopKey.generate();
    Proof proof = Proof.parse(proof(key));
    assertThat(proof.algorithm()).isEqualTo("ES256");
    assertThat(proof.thumbprint()).isEqualTo(key.thumbprint());
    assertThat(proof.jwk().toJSONObject()).containsOnlyKeys("kty", "crv", "x", "y");
    assertThat(proof.claims())
        .containsOnlyKeys("jti", "htm", "htu", "iat", "ath", "nonce")
        .containsEntry("htm", "GET")
        .containsEntry("htu", "https://api.example.com/a")
        .containsEntry("iat", NOW.getEpochSecond())
        .containsEntry("ath", Proof.hash("the-token"))
        .containsEntry("nonce", "the-nonce");
  }

  @Test
  @Spec("DP-02")
  void aProofForNoTokenAndWithoutANonceHasNeither() {
    Proof proof = Proof.parse(DpopKey.generate().proof("POST", API, null, null, NOW));
    assertThat(proof.claims()).containsOnlyKeys("jti", "htm", "htu", "iat");
  }

  @Test
  @Spec("DP-02")
  void everyProofHasAnIdOf128RandomBits() {
    DpopKey key = DpopKey.generate();
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      String id = Proof.parse(proof(key)).claim("jti");
      assertThat(id).matches("[A-Za-z0-9_-]{22}");
      ids.add(id);
    }
    assertThat(ids).hasSize(100);
  }

  @ParameterizedTest
  @Spec("DP-01")
  @ValueSource(strings = {"ES256", "ES384", "ES512", "RS256", "PS256", "EdDSA", "Ed25519"})
  void aKeyIsMadeForEachAsymmetricAlgorithm(String algorithm) throws Exception {
    DpopKey key = DpopKey.generate(algorithm);
    assertThat(key.algorithm()).isEqualTo(algorithm);
    SignedJWT proof = SignedJWT.parse(proof(key));
    assertThat(proof.getHeader().getAlgorithm().getName()).isEqualTo(algorithm);
    if (!algorithm.startsWith("Ed")) {
      assertThat(Proof.parse(proof(key)).thumbprint()).isEqualTo(key.thumbprint());
    }
  }

  @Test
  @Spec("DP-01")
  void anEd25519ProofIsSigned() throws Exception {
    KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
    SignedJWT proof = SignedJWT.parse(proof(DpopKey.of(pair.getPrivate(), pair.getPublic())));
    assertThat(
            Signatures.verify(
                SignatureAlgorithm.EDDSA,
                pair.getPublic(),
                proof.getSigningInput(),
                proof.getSignature().decode()))
        .isTrue();
    assertThat(proof.getHeader().getJWK().toJSONObject()).containsOnlyKeys("kty", "crv", "x");
  }

  @ParameterizedTest
  @Spec("DP-01")
  @ValueSource(strings = {"HS256", "none", "es256", ""})
  void noKeyIsMadeForAnyOtherAlgorithm(String algorithm) {
    assertThatThrownBy(() -> DpopKey.generate(algorithm))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("take ES256");
  }

  @Test
  @Spec("DP-01")
  void theAlgorithmIsTheFirstOfTheServersThatTheKeyCanMake() {
    DpopKey rsa = DpopKey.generate("RS256");
    assertThat(rsa.forAlgorithms(List.of("ES256", "PS256"))).isEmpty();
    KeyPair pair = rsaPair();
    DpopKey any = DpopKey.of(pair.getPrivate(), pair.getPublic());
    assertThat(any.forAlgorithms(List.of("ES256", "PS256")).orElseThrow().algorithm())
        .isEqualTo("PS256");
    assertThat(DpopKey.generate().forAlgorithms(List.of("RS256", "EdDSA"))).isEmpty();
    assertThat(DpopKey.generate("EdDSA").forAlgorithms(List.of("Ed25519"))).isPresent();
  }

  private static KeyPair rsaPair() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void aKeyMaySignElsewhere() throws Exception {
    KeyPair pair = Proof.newPair();
    SigningKey.Signer service =
        (algorithm, input) -> Signatures.sign(SignatureAlgorithm.ES256, pair.getPrivate(), input);
    DpopKey key = DpopKey.of(SigningKey.signedBy(service, pair.getPublic()));
    assertThat(Proof.parse(proof(key)).thumbprint())
        .isEqualTo(DpopKey.of(pair.getPrivate(), pair.getPublic()).thumbprint());
  }

  @Test
  void aKeyWithoutItsPublicHalfIsRefused() throws Exception {
    String pem =
        "-----BEGIN PRIVATE KEY-----\n"
            + java.util.Base64.getMimeEncoder()
                .encodeToString(Proof.newPair().getPrivate().getEncoded())
            + "\n-----END PRIVATE KEY-----\n";
    assertThatThrownBy(() -> DpopKey.of(SigningKey.fromPem(pem)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Give both halves");
  }

  @Test
  @Spec("DP-16")
  void nothingLetsThePrivateKeyOut() throws Exception {
    KeyPair pair = Proof.newPair();
    DpopKey key = DpopKey.of(pair.getPrivate(), pair.getPublic());
    String secret =
        new ECKey.Builder(
                com.nimbusds.jose.jwk.Curve.P_256,
                (java.security.interfaces.ECPublicKey) pair.getPublic())
            .privateKey(pair.getPrivate())
            .build()
            .toJSONObject()
            .getOrDefault("d", "none")
            .toString();
    assertThat(key.toString()).isEqualTo("DpopKey[" + key.thumbprint() + "]");
    assertThat(key.publicJwk()).doesNotContainKey("d").doesNotContainValue(secret);
    assertThat(proof(key)).doesNotContain(secret);
    assertThat(key).isNotInstanceOfAny(Serializable.class, Key.class, PrivateKey.class);
    for (Class<?> type : List.of(DpopKey.class, SigningKey.class)) {
      assertThat(
              Arrays.stream(type.getMethods())
                  .filter(method -> !Modifier.isStatic(method.getModifiers()))
                  .map(Method::getReturnType))
          .noneMatch(PrivateKey.class::isAssignableFrom);
    }
    assertThatThrownBy(() -> key.publicJwk().put("d", "x"))
        .isInstanceOf(UnsupportedOperationException.class);
  }
}
