package dev.everbearer.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import java.security.KeyPair;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Reading key sets, and choosing the one key that counts. */
class JwksTest {

  private static Map<String, Object> with(Map<String, Object> jwk, String name, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(jwk);
    changed.put(name, value);
    return changed;
  }

  // ---- reading

  @ParameterizedTest
  @EnumSource(value = SignatureAlgorithm.class, names = "HS.*", mode = EnumSource.Mode.MATCH_NONE)
  @Spec("SE-20")
  void keysOfAllKindsAreRead(SignatureAlgorithm algorithm) throws Exception {
    KeyPair pair = Keys.of(algorithm);
    VerificationKey key =
        Keys.jwks(Keys.jwk(pair, "kid", "a", "use", "sig", "x5t", "junk")).choose("a", algorithm);
    assertThat(key.publicKey()).isEqualTo(pair.getPublic());
  }

  static Stream<Arguments> refusedKeys() {
    Map<String, Object> rsa = Keys.jwk(Keys.RSA, "kid", "a");
    Map<String, Object> ec = Keys.jwk(Keys.P256, "kid", "a");
    Map<String, Object> ed = Keys.jwk(Keys.ED25519, "kid", "a");
    Map<String, Object> oct = Map.of("kty", "oct", "k", "c2VjcmV0", "kid", "a");
    return Stream.of(
        Arguments.of("a private RSA key", with(rsa, "d", "AQ"), "private members"),
        Arguments.of("a prime alone", with(rsa, "p", "AQ"), "private members"),
        Arguments.of("a private EC key", with(ec, "d", "AQ"), "private members"),
        Arguments.of("a shared secret", oct, "private members"),
        Arguments.of("a shared secret without k", Map.of("kty", "oct"), "private members"),
        Arguments.of("RSA of 1024 bits", with(rsa, "n", wide(128)), "1024 bits is refused"),
        Arguments.of("RSA of 8200 bits", with(rsa, "n", wide(1025)), "8200 bits is refused"),
        Arguments.of("an exponent of 1", with(rsa, "e", "AQ"), "no key of the type RSA"),
        Arguments.of("an RSA key without e", without(rsa, "e"), "no key of the type RSA"),
        Arguments.of("a modulus that is a number", with(rsa, "n", 7), "no key of the type RSA"),
        Arguments.of("secp256k1", with(ec, "crv", "secp256k1"), "not known"),
        Arguments.of("no curve", without(ec, "crv"), "not known"),
        Arguments.of("X25519", with(ed, "crv", "X25519"), "not known"),
        Arguments.of("Ed448", with(ed, "crv", "Ed448"), "not known"),
        Arguments.of("a point off the curve", with(ec, "y", ec.get("x")), "no key of the type EC"),
        Arguments.of("a short Ed25519 key", with(ed, "x", "AQAB"), "length of an Ed25519 key"),
        Arguments.of("a key for encryption", with(rsa, "use", "enc"), "not for signatures"),
        Arguments.of(
            "a key for wrapping", with(rsa, "key_ops", List.of("wrapKey")), "not for signatures"),
        Arguments.of("an alg of encryption", with(rsa, "alg", "RSA-OAEP"), "alg"),
        Arguments.of("an alg of another type", with(rsa, "alg", "ES256"), "alg"),
        Arguments.of("an HMAC by alg", with(rsa, "alg", "HS256"), "alg"),
        Arguments.of("a kid that is a number", with(rsa, "kid", 7), "kid is not a string"));
  }

  private static String wide(int bytes) {
    byte[] modulus = new byte[bytes];
    Arrays.fill(modulus, (byte) 0xff);
    return Base64Url.encode(modulus);
  }

  private static Map<String, Object> without(Map<String, Object> jwk, String name) {
    Map<String, Object> changed = new LinkedHashMap<>(jwk);
    changed.remove(name);
    return changed;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("refusedKeys")
  @Spec({"SE-20", "SE-21"})
  void whatShouldNotBeThereIsLeftOutAndNamed(String name, Map<String, Object> jwk, String why)
      throws Exception {
    Jwks set = Keys.jwks(jwk, Keys.jwk(Keys.OTHER_RSA, "kid", "good"));

    for (SignatureAlgorithm algorithm : SignatureAlgorithm.values()) {
      assertThatThrownBy(() -> set.choose("a", algorithm))
          .isInstanceOf(InvalidJwtException.class)
          .hasMessageContaining("left out")
          .hasMessageContaining(why);
    }
    assertThat(set.choose("good", SignatureAlgorithm.RS256)).isNotNull();
  }

  @Test
  @Spec("SE-20")
  void aHundredKeysAreTheLimit() throws Exception {
    Map<String, Object> jwk = Keys.jwk(Keys.P256);
    assertThat(Jwks.parse(Map.of("keys", Collections.nCopies(100, jwk)))).isNotNull();
    assertThatThrownBy(() -> Jwks.parse(Map.of("keys", Collections.nCopies(101, jwk))))
        .hasMessageContaining("more than 100 keys");
  }

  @Test
  @Spec("SE-20")
  void whatIsNoKeySetIsRefused() {
    assertThatThrownBy(() -> Jwks.parse(Map.of())).hasMessageContaining("no list of keys");
    assertThatThrownBy(() -> Jwks.parse(Map.of("keys", "a"))).hasMessageContaining("no list");
    assertThatThrownBy(() -> Jwks.parse(Map.of("keys", List.of("a"))))
        .hasMessageContaining("not an object");
  }

  // ---- choosing

  @Test
  @Spec("FA-04")
  void amongSeveralOfOneKidTheOneThatFitsIsChosen() throws Exception {
    Jwks set =
        Keys.jwks(
            Keys.jwk(Keys.P256, "kid", "a"),
            Keys.jwk(Keys.OTHER_RSA, "kid", "a", "alg", "PS256"),
            Keys.jwk(Keys.OTHER_RSA, "kid", "a", "use", "enc"),
            Keys.jwk(Keys.RSA, "kid", "a", "alg", "RS256"),
            Keys.jwk(Keys.OTHER_RSA, "kid", "b"),
            Keys.jwk(Keys.P384, "kid", "a"),
            Keys.jwk(Keys.ED25519, "kid", "a"));

    assertThat(set.choose("a", SignatureAlgorithm.RS256).publicKey())
        .isEqualTo(Keys.RSA.getPublic());
    assertThat(set.choose("a", SignatureAlgorithm.PS256).publicKey())
        .isEqualTo(Keys.OTHER_RSA.getPublic());
    assertThat(set.choose("a", SignatureAlgorithm.ES256).publicKey())
        .isEqualTo(Keys.P256.getPublic());
    assertThat(set.choose("a", SignatureAlgorithm.ES384).publicKey())
        .isEqualTo(Keys.P384.getPublic());
    assertThat(set.choose("a", SignatureAlgorithm.EDDSA).publicKey())
        .isEqualTo(Keys.ED25519.getPublic());
    assertThatThrownBy(() -> set.choose("a", SignatureAlgorithm.RS384))
        .hasMessageContaining("no key 'a' for RS384");
    assertThatThrownBy(() -> set.choose("c", SignatureAlgorithm.RS256))
        .hasMessageContaining("no key 'c' for RS256");
  }

  @Test
  @Spec({"FA-04", "ID-08"})
  void severalThatFitAreRefused() {
    Jwks set = Keys.jwks(Keys.jwk(Keys.RSA, "kid", "a"), Keys.jwk(Keys.OTHER_RSA, "kid", "a"));
    assertThatThrownBy(() -> set.choose("a", SignatureAlgorithm.RS256))
        .hasMessageContaining("several keys");
    assertThatThrownBy(() -> set.choose(null, SignatureAlgorithm.RS256))
        .hasMessageContaining("it has no kid, and several keys");
  }

  @Test
  @Spec({"FA-04", "ID-08"})
  void withoutAKidTheOnlyOneThatFitsIsChosen() throws Exception {
    Jwks set = Keys.jwks(Keys.jwk(Keys.P256, "kid", "a"), Keys.jwk(Keys.RSA, "kid", "b"));
    assertThat(set.choose(null, SignatureAlgorithm.RS256).publicKey())
        .isEqualTo(Keys.RSA.getPublic());
  }

  @Test
  @Spec("FA-04")
  void theSameKeyTwiceIsOne() throws Exception {
    Jwks set =
        Keys.jwks(Keys.jwk(Keys.RSA, "kid", "a"), Keys.jwk(Keys.RSA, "kid", "a", "x5t", "b"));
    assertThat(set.choose("a", SignatureAlgorithm.RS256).publicKey())
        .isEqualTo(Keys.RSA.getPublic());
  }
}
