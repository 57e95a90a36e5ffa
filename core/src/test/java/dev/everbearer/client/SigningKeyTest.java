package dev.everbearer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.everbearer.jose.CompactJws;
import dev.everbearer.jose.Keys;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.jose.Signatures;
import dev.everbearer.testing.Spec;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.EdECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Where signing keys come from, and by which algorithm they sign. */
class SigningKeyTest {

  private static String privateJwk(KeyPair pair, String... more) {
    Map<String, Object> jwk = new LinkedHashMap<>(Keys.jwk(pair, more));
    if (pair.getPrivate() instanceof RSAPrivateCrtKey) {
      jwk.putAll(rsaJwk(pair).toJSONObject());
    } else if (pair.getPrivate() instanceof ECPrivateKey ec) {
      int size = (ec.getParams().getCurve().getField().getFieldSize() + 7) / 8;
      jwk.put("d", ECKey.encodeCoordinate(size * 8, ec.getS()).toString());
    } else if (pair.getPrivate() instanceof EdECPrivateKey ed) {
      jwk.put("d", base64url(ed.getBytes().orElseThrow()));
    }
    return JSONObjectUtils.toJSONString(jwk);
  }

  private static RSAKey rsaJwk(KeyPair pair) {
    return new RSAKey.Builder((RSAPublicKey) pair.getPublic())
        .privateKey(pair.getPrivate())
        .build();
  }

  private static String base64url(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(type, Base64.getMimeEncoder().encodeToString(der), type);
  }

  private static void signsAs(SigningKey key, KeyPair pair, @Nullable List<String> listed)
      throws Exception {
    SignatureAlgorithm algorithm = key.algorithmFor(listed);
    String token = key.sign(algorithm, "JWT", Map.of("sub", "a"));
    CompactJws jwt = CompactJws.parse(token);
    assertThat(jwt.algorithm()).isEqualTo(algorithm);
    int end = token.lastIndexOf('.');
    assertThat(
            Signatures.verify(
                algorithm,
                pair.getPublic(),
                token.substring(0, end).getBytes(StandardCharsets.US_ASCII),
                Base64.getUrlDecoder().decode(token.substring(end + 1))))
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource(value = SignatureAlgorithm.class, names = "HS.*", mode = EnumSource.Mode.MATCH_NONE)
  void aKeySignsWhereverItComesFrom(SignatureAlgorithm algorithm) throws Exception {
    KeyPair pair = Keys.of(algorithm);
    List<String> listed = List.of(algorithm.wireName());

    signsAs(SigningKey.fromJwk(privateJwk(pair)), pair, listed);
    signsAs(SigningKey.fromPem(pem("PRIVATE KEY", pair.getPrivate().getEncoded())), pair, listed);
    signsAs(SigningKey.of(pair.getPrivate(), pair.getPublic()), pair, listed);
    SigningKey.Signer elsewhere =
        (alg, input) -> Signatures.sign(SignatureAlgorithm.named(alg), pair.getPrivate(), input);
    signsAs(SigningKey.signedBy(elsewhere, pair.getPublic()), pair, listed);
  }

  // ---- JWK

  @Test
  void aJwkBringsItsKidAndAlgorithm() {
    SigningKey key = SigningKey.fromJwk(privateJwk(Keys.RSA, "kid", "k1", "alg", "PS256"));
    assertThat(key.keyId()).contains("k1");
    assertThat(key.algorithmFor(null)).isEqualTo(SignatureAlgorithm.PS256);
    assertThat(key.algorithmFor(List.of("RS256"))).isNull();
    assertThat(key.publicKey()).contains(Keys.RSA.getPublic());
  }

  @Test
  @Spec("FA-02")
  void aJwkThatIsNoSigningKeyIsRefusedAndNotShown() {
    refusesJwk("cAnArY", "it is not well-formed JSON");
    refusesJwk(JSONObjectUtils.toJSONString(Keys.jwk(Keys.RSA)), "it is a public key");
    refusesJwk("{\"kty\":\"oct\",\"k\":\"cAnArY\"}", "kty and crv");
    refusesJwk("{\"kty\":\"EC\",\"crv\":\"secp256k1\",\"d\":\"cAnArY\"}", "kty and crv");
    refusesJwk("{\"kty\":\"RSA\",\"d\":\"cAnArY\"}", "no private key");
    refusesJwk("{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"d\":\"cAnArY\",\"x\":\"AQ\"}", "");
    refusesJwk(privateJwk(Keys.RSA, "use", "enc"), "it is for something else");
    refusesJwk(privateJwk(Keys.RSA, "alg", "ES256"), "alg does not fit");
    refusesJwk(rsaJwk(Keys.rsa(1024)).toJSONString(), "1024 bits is refused");
    String mixed =
        privateJwk(Keys.P256)
            .replace(
                (String) Keys.jwk(Keys.P256).get("x"), (String) Keys.jwk(Keys.OTHER_P256).get("x"));
    refusesJwk(mixed, "");
  }

  private static void refusesJwk(String jwk, String why) {
    assertThatThrownBy(() -> SigningKey.fromJwk(jwk))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("cAnArY")
        .hasNoCause();
  }

  // ---- PEM

  @ParameterizedTest
  @CsvSource({
    "RSA PRIVATE KEY, PKCS#1",
    "EC PRIVATE KEY, SEC1",
    "ENCRYPTED PRIVATE KEY, encrypted"
  })
  void otherPemFormsAreRefusedWithTheCommandThatConvertsThem(String type, String named) {
    assertThatThrownBy(() -> SigningKey.fromPem(pem(type, new byte[] {1})))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named)
        .hasMessageContaining("openssl pkey -in key.pem -out key.pkcs8.pem");
  }

  @Test
  void whatIsNoPemKeyIsRefused() {
    assertThatThrownBy(() -> SigningKey.fromPem("cAnArY"))
        .hasMessageContaining("BEGIN PRIVATE KEY")
        .hasMessageNotContaining("cAnArY");
    assertThatThrownBy(() -> SigningKey.fromPem(pem("PRIVATE KEY", new byte[] {1, 2})))
        .hasMessageContaining("[RSA, EC, Ed25519]");
    String key = pem("PRIVATE KEY", Keys.RSA.getPrivate().getEncoded());
    assertThatThrownBy(() -> SigningKey.fromPem(key + key)).hasMessageContaining("more than one");
    assertThatThrownBy(
            () -> SigningKey.fromPem(pem("PRIVATE KEY", Keys.rsa(1024).getPrivate().getEncoded())))
        .hasMessageContaining("1024 bits is refused");
  }

  @Test
  void aPemKeyHasItsPublicHalfWhereItCanBeTold() {
    assertThat(SigningKey.fromPem(pem("PRIVATE KEY", Keys.RSA.getPrivate().getEncoded())))
        .extracting(SigningKey::publicKey)
        .isEqualTo(Optional.of(Keys.RSA.getPublic()));
    String ec = pem("PRIVATE KEY", Keys.P256.getPrivate().getEncoded());
    assertThat(SigningKey.fromPem(ec).publicKey()).isEmpty();
    String both = ec + pem("PUBLIC KEY", Keys.P256.getPublic().getEncoded());
    assertThat(SigningKey.fromPem(both).publicKey()).contains(Keys.P256.getPublic());
    String wrong = ec + pem("PUBLIC KEY", Keys.OTHER_P256.getPublic().getEncoded());
    assertThatThrownBy(() -> SigningKey.fromPem(wrong)).hasMessageContaining("belong together");
    String otherType = ec + pem("PUBLIC KEY", Keys.RSA.getPublic().getEncoded());
    assertThatThrownBy(() -> SigningKey.fromPem(otherType)).hasMessageContaining("another type");
  }

  // ---- PKCS#12

  @Test
  void aPkcs12StoreGivesTheKeyOfAnAlias(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("keys.p12");
    char[] password = "cAnArY-password".toCharArray();
    makeStore(file, "cAnArY-password");

    SigningKey key = SigningKey.fromPkcs12(file, password, "mine").withKeyId("k");
    assertThat(key.publicKey()).isPresent();
    signsAs(key, new KeyPair(key.publicKey().orElseThrow(), null), null);
    assertThatThrownBy(() -> SigningKey.fromPkcs12(file, password, "other"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("alias 'other'")
        .hasMessageContaining("[mine]");
    assertThatThrownBy(() -> SigningKey.fromPkcs12(file, "wrong".toCharArray(), "mine"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("password is wrong");
    assertThatThrownBy(() -> SigningKey.fromPkcs12(folder.resolve("no"), password, "mine"))
        .isInstanceOf(UncheckedIOException.class);
  }

  private static void makeStore(Path file, String password) throws Exception {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                keytool.toString(),
                "-genkeypair",
                "-alias",
                "mine",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-dname",
                "CN=a",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                password)
            .redirectErrorStream(true)
            .start();
    process.getInputStream().readAllBytes();
    assertThat(process.waitFor()).isZero();
  }

  // ---- pairs and callbacks

  @Test
  @Spec("FA-02")
  void halvesOfDifferentPairsAreRefused() {
    assertThatThrownBy(() -> SigningKey.of(Keys.RSA.getPrivate(), Keys.OTHER_RSA.getPublic()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("belong together");
    assertThatThrownBy(() -> SigningKey.of(Keys.rsa(1024).getPrivate(), Keys.rsa(1024).getPublic()))
        .hasMessageContaining("1024 bits");
  }

  @Test
  void aSignerThatSignsWronglyIsFoundOutHere() {
    SigningKey der =
        SigningKey.signedBy(
            (algorithm, input) -> {
              try {
                Signature signature = Signature.getInstance("SHA256withECDSA");
                signature.initSign(Keys.P256.getPrivate());
                signature.update(input);
                return signature.sign();
              } catch (GeneralSecurityException e) {
                throw new AssertionError(e);
              }
            },
            Keys.P256.getPublic());
    assertThatThrownBy(() -> der.sign(SignatureAlgorithm.ES256, "JWT", Map.of()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("R and S, not DER");
  }

  // ---- algorithms

  @ParameterizedTest
  @Spec("JA-06")
  @CsvSource({
    "RSA, '', '', RS256",
    "RSA, '', PS256 ES256, PS256",
    "RSA, '', PS512 PS256 RS256, RS256",
    "RSA, '', ES256 HS256 none, ",
    "RSA, PS256, '', PS256",
    "RSA, PS256, RS256 PS256, PS256",
    "RSA, PS256, RS256, ",
    "P256, '', RS256 ES256, ES256",
    "P256, '', ES384, ",
    "ED25519, '', '', EdDSA",
    "ED25519, '', EdDSA, EdDSA",
    "ED25519, '', EdDSA Ed25519, Ed25519",
    "ED25519, EdDSA, Ed25519, Ed25519",
  })
  void theAlgorithmFitsTheKeyAndTheServersList(
      String type, String configured, String listed, @Nullable String chosen) throws Exception {
    KeyPair pair = (KeyPair) Keys.class.getField(type).get(null);
    SigningKey plain = SigningKey.of(pair.getPrivate(), pair.getPublic());
    SigningKey key = configured.isEmpty() ? plain : plain.withAlgorithm(configured);
    assertThat(key.algorithmFor(listed.isEmpty() ? null : List.of(listed.split(" "))))
        .isEqualTo(SignatureAlgorithm.named(chosen));
  }

  @ParameterizedTest
  @Spec("JA-06")
  @CsvSource({"ES256", "HS256", "none", "RSA-OAEP"})
  void anAlgorithmThatDoesNotFitTheKeyIsRefused(String algorithm) {
    SigningKey key = SigningKey.of(Keys.RSA.getPrivate(), Keys.RSA.getPublic());
    assertThatThrownBy(() -> key.withAlgorithm(algorithm))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not by '" + algorithm + "'");
  }

  @Test
  @Spec("SE-03")
  void nothingOfTheKeyIsPrinted() {
    SigningKey key = SigningKey.of(Keys.RSA.getPrivate(), Keys.RSA.getPublic()).withKeyId("k");
    assertThat(key).hasToString("SigningKey[RSA, kid k]");
    assertThat(key.identity()).hasSize(43);
  }
}
