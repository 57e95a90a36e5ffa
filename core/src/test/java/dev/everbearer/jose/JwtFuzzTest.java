package dev.everbearer.jose;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everbearer.Untrusting;
import dev.everbearer.jose.Jwks.UnusableKeySetException;
import dev.everbearer.testing.Spec;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECPrivateKeySpec;
import java.util.Arrays;
import java.util.List;

/** JWTs and keys of strangers. */
@Spec("SE-13")
class JwtFuzzTest {

  private static final KeySource KEYS =
      Keys.source(
          Keys.jwk(Keys.RSA, "kid", "r"),
          Keys.jwk(Keys.P256, "kid", "e"),
          Keys.jwk(Keys.ED25519, "kid", "o"));
  private static final JwtVerifier VERIFIER =
      JwtVerifier.byKeys(
          AlgorithmRule.listed(
              Arrays.stream(SignatureAlgorithm.values())
                  .map(SignatureAlgorithm::wireName)
                  .toList()),
          KEYS);
  private static final List<JweReader> READERS =
      List.of(
          new JweReader(key(), "ECDH-ES", "A128GCM"),
          new JweReader(key(), "ECDH-ES+A128KW", "A128CBC-HS256"),
          new JweReader(
              new KeyMaterial(Keys.RSA.getPrivate(), null, null, null), "RSA-OAEP-256", "A256GCM"));

  /** The same in every run, so that what was encrypted to it can be kept. */
  private static KeyMaterial key() {
    try {
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(
                  new ECPrivateKeySpec(
                      BigInteger.valueOf(7), ((ECPublicKey) Keys.P256.getPublic()).getParams()));
      return new KeyMaterial(key, null, null, null);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void compact(byte[] text) throws Exception {
    String token = new String(text, StandardCharsets.ISO_8859_1);
    Untrusting.survives(() -> verified(CompactJws.parse(token)), InvalidJwtException.class);
    Untrusting.survives(() -> CompactJws.isEncrypted(token));
  }

  /** Keys of this very run have signed nothing that is kept anywhere. */
  private static Object verified(CompactJws jwt) throws Exception {
    throw new AssertionError("verified by " + VERIFIER.verify(jwt));
  }

  @FuzzTest(maxDuration = "1m")
  void signed(byte[] headerAndClaims) throws Exception {
    String token = JwtText.signed(headerAndClaims);
    JwtVerifier byMac =
        new JwtVerifier(AlgorithmRule.registered("HS256"), KEYS, () -> JwtText.SECRET);
    Untrusting.survives(() -> read(CompactJws.parse(token), byMac), InvalidJwtException.class);
  }

  private static Object read(CompactJws jwt, JwtVerifier verifier) throws Exception {
    verifier.verify(jwt);
    Claims claims = jwt.claims();
    claims.instant("exp");
    claims.texts("aud");
    claims.text("sub");
    return jwt;
  }

  @FuzzTest(maxDuration = "1m")
  void encrypted(byte[] headerAndParts) throws Exception {
    String token = JwtText.encrypted(headerAndParts);
    for (JweReader reader : READERS) {
      Untrusting.survives(() -> reader.open(token), InvalidJwtException.class);
    }
  }

  @FuzzTest(maxDuration = "1m")
  void keySet(byte[] json) throws Exception {
    byte[] signature = new byte[64];
    for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
      Untrusting.survives(
          () -> {
            Jwks jwks = Jwks.parse(StrictJson.object(json));
            VerificationKey key = jwks.choose(null, algorithm);
            return Signatures.verify(algorithm, key.publicKey(), json, signature);
          },
          BrokenJsonException.class,
          UnusableKeySetException.class,
          InvalidJwtException.class);
    }
  }
}
