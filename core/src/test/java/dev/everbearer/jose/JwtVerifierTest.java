package dev.everbearer.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import java.nio.charset.StandardCharsets;
import java.security.PublicKey;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which signatures count. */
class JwtVerifierTest {

  private static final String SECRET = "0123456789abcdef0123456789abcdef";
  private static final Map<String, Object> CLAIMS = Map.of("sub", "somebody");

  private static SignatureAlgorithm verify(JwtVerifier verifier, String token) throws Exception {
    return verifier.verify(CompactJws.parse(token));
  }

  private static void refuses(JwtVerifier verifier, String token, String why) {
    assertThatThrownBy(() -> verify(verifier, token))
        .isInstanceOf(InvalidJwtException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("somebody");
  }

  private static JwtVerifier rs256() {
    return JwtVerifier.byKeys(
        AlgorithmRule.registered("RS256"), Keys.source(Keys.jwk(Keys.RSA, "kid", "a")));
  }

  @ParameterizedTest
  @EnumSource(value = SignatureAlgorithm.class, names = "HS.*", mode = EnumSource.Mode.MATCH_NONE)
  @Spec("SE-21")
  void eachAlgorithmIsVerifiedByItsKeyAndNoOther(SignatureAlgorithm algorithm) throws Exception {
    JwtVerifier verifier =
        JwtVerifier.byKeys(
            AlgorithmRule.registered(algorithm.wireName()),
            Keys.source(Keys.jwk(Keys.of(algorithm), "kid", "a")));
    String good = Keys.jwt(algorithm, "a", CLAIMS);

    assertThat(verify(verifier, good)).isEqualTo(algorithm);
    refuses(verifier, withClaims(good, "{\"sub\":\"admin\"}"), "does not bear the signature");
    refuses(verifier, withSignature(good, new byte[] {1, 2, 3}), "does not bear the signature");
  }

  private static String withClaims(String token, String claims) {
    String[] parts = token.split("\\.");
    return parts[0]
        + "."
        + Base64Url.encode(claims.getBytes(StandardCharsets.UTF_8))
        + "."
        + parts[2];
  }

  private static String withSignature(String token, byte[] signature) {
    return token.substring(0, token.lastIndexOf('.') + 1) + Base64Url.encode(signature);
  }

  @Test
  @Spec("SE-21")
  void theKeyOfAnotherIsRefused() {
    String token = Keys.jwt(SignatureAlgorithm.RS256, Keys.OTHER_RSA, "a", CLAIMS);
    refuses(rs256(), token, "does not bear the signature of its server's key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "NONE", "nOnE", "RS1", "rs256", "HS256"})
  @Spec("SE-21")
  void algorithmsOfNoKnownNameAreRefused(String algorithm) {
    refuses(
        rs256(),
        Keys.jwtOf("{\"alg\":\"" + algorithm + "\",\"kid\":\"a\"}", "{}"),
        "and expected is RS256");
  }

  @Test
  @Spec("SE-21")
  void noAlgorithmIsRefused() {
    refuses(rs256(), Keys.jwtOf("{}", "{}"), "expected is RS256");
    refuses(rs256(), Keys.jwtOf("{\"alg\":7}", "{}"), "expected is RS256");
  }

  /** The oldest trick: what is public as a key is used as the shared secret. */
  @Test
  @Spec("SE-21")
  void aPublicKeyIsNeverASecret() {
    PublicKey key = Keys.RSA.getPublic();
    String pem =
        "-----BEGIN PUBLIC KEY-----\n"
            + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded())
            + "\n-----END PUBLIC KEY-----\n";
    String token =
        JwtSigner.compact(
            "JWT",
            SignatureAlgorithm.HS256,
            "a",
            CLAIMS,
            input -> Signatures.mac(SignatureAlgorithm.HS256, pem, input));
    KeySource keys = Keys.source(Keys.jwk(Keys.RSA, "kid", "a"));

    refuses(rs256(), token, "it is signed by HS256, and expected is RS256");
    refuses(
        new JwtVerifier(AlgorithmRule.listed(List.of("RS256", "HS256")), keys, () -> SECRET),
        token,
        "it is signed by HS256");
    refuses(
        new JwtVerifier(AlgorithmRule.registered("HS256"), keys, () -> SECRET),
        token,
        "not made with the client secret");
  }

  @Test
  @Spec("SE-21")
  void hmacCountsOnlyWhenItWasRegistered() throws Exception {
    KeySource none = Keys.source();
    String token = mac(SignatureAlgorithm.HS256, SECRET);

    assertThat(
            verify(new JwtVerifier(AlgorithmRule.registered("HS256"), none, () -> SECRET), token))
        .isEqualTo(SignatureAlgorithm.HS256);
    refuses(
        new JwtVerifier(AlgorithmRule.listed(List.of("HS256")), none, () -> SECRET),
        token,
        "it is signed by HS256");
    refuses(
        new JwtVerifier(AlgorithmRule.registered("HS512"), none, () -> SECRET + SECRET),
        token,
        "expected is HS512");
    assertThatThrownBy(() -> JwtVerifier.byKeys(AlgorithmRule.registered("HS256"), none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("client secret");
  }

  private static String mac(SignatureAlgorithm algorithm, String secret) {
    return JwtSigner.compact(
        "JWT", algorithm, null, CLAIMS, input -> Signatures.mac(algorithm, secret, input));
  }

  @ParameterizedTest
  @CsvSource({"ES256, 64", "ES384, 96", "ES512, 132"})
  @Spec("SE-21")
  void zeroValuedEcdsaSignaturesAreRefused(SignatureAlgorithm algorithm, int length) {
    JwtVerifier verifier =
        JwtVerifier.byKeys(
            AlgorithmRule.registered(algorithm.wireName()),
            Keys.source(Keys.jwk(Keys.of(algorithm), "kid", "a")));
    String good = Keys.jwt(algorithm, "a", CLAIMS);
    byte[] oneZero = new byte[length];
    oneZero[length - 1] = 1;

    refuses(verifier, withSignature(good, new byte[length]), "does not bear the signature");
    refuses(verifier, withSignature(good, oneZero), "does not bear the signature");
  }

  @Test
  @Spec("SE-21")
  void oneKeyIsForOneAlgorithm() throws Exception {
    JwtVerifier verifier =
        JwtVerifier.byKeys(
            AlgorithmRule.listed(List.of("RS256", "PS256", "ES256")),
            Keys.source(Keys.jwk(Keys.RSA, "kid", "a", "alg", "PS256")));

    verify(verifier, Keys.jwt(SignatureAlgorithm.PS256, "a", CLAIMS));
    refuses(verifier, Keys.jwt(SignatureAlgorithm.RS256, "a", CLAIMS), "no key 'a' for RS256");
    refuses(
        verifier,
        Keys.jwt(SignatureAlgorithm.ES256, Keys.P256, "a", CLAIMS),
        "no key 'a' for ES256");
  }

  @Test
  @Spec("SE-21")
  void bothNamesOfEd25519AreOneAlgorithm() throws Exception {
    KeySource keys = Keys.source(Keys.jwk(Keys.ED25519, "kid", "a", "alg", "Ed25519"));
    JwtVerifier verifier = JwtVerifier.byKeys(AlgorithmRule.registered("EdDSA"), keys);
    verify(verifier, Keys.jwt(SignatureAlgorithm.EDDSA, "a", CLAIMS));
    verify(verifier, Keys.jwt(SignatureAlgorithm.ED25519, "a", CLAIMS));
  }

  @Test
  @Spec("SE-21")
  void withoutAListItIsRs256AndWithAnEmptyOneNothing() throws Exception {
    KeySource keys = Keys.source(Keys.jwk(Keys.RSA), Keys.jwk(Keys.P256));
    verify(
        JwtVerifier.byKeys(AlgorithmRule.listed(null), keys),
        Keys.jwt(SignatureAlgorithm.RS256, "", CLAIMS));
    refuses(
        JwtVerifier.byKeys(AlgorithmRule.listed(null), keys),
        Keys.jwt(SignatureAlgorithm.ES256, "", CLAIMS),
        "expected is RS256");
    refuses(
        JwtVerifier.byKeys(AlgorithmRule.listed(List.of("none", "HS256", "junk")), keys),
        Keys.jwt(SignatureAlgorithm.RS256, "", CLAIMS),
        "it is signed by RS256");
    assertThatThrownBy(() -> AlgorithmRule.registered("none"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- changed keys

  /** Gives one key set after the other. */
  private static final class Changing implements KeySource {

    private final Deque<Jwks> sets;
    private int asked;

    Changing(Jwks... sets) {
      this.sets = new ArrayDeque<>(List.of(sets));
    }

    @Override
    public Jwks current() {
      return sets.element();
    }

    @Override
    public Jwks newerThan(Jwks known) {
      asked++;
      @Nullable Jwks next = sets.size() > 1 ? sets.remove() : null;
      return next == null ? known : sets.element();
    }
  }

  @Test
  @Spec("ID-08")
  void anUnknownKidAsksForTheKeysOnceMore() throws Exception {
    Changing keys =
        new Changing(
            Keys.jwks(Keys.jwk(Keys.OTHER_RSA, "kid", "old")),
            Keys.jwks(Keys.jwk(Keys.RSA, "kid", "new")),
            Keys.jwks(Keys.jwk(Keys.RSA, "kid", "newest")));
    JwtVerifier verifier = JwtVerifier.byKeys(AlgorithmRule.registered("RS256"), keys);

    verify(verifier, Keys.jwt(SignatureAlgorithm.RS256, "new", CLAIMS));
    assertThat(keys.asked).isEqualTo(1);
    verify(verifier, Keys.jwt(SignatureAlgorithm.RS256, "new", CLAIMS));
    assertThat(keys.asked).as("a known one does not").isEqualTo(1);
    refuses(verifier, Keys.jwt(SignatureAlgorithm.RS256, "nobody", CLAIMS), "no key 'nobody'");
    assertThat(keys.asked).isEqualTo(2);
    refuses(verifier, Keys.jwt(SignatureAlgorithm.RS256, "nobody", CLAIMS), "no key 'nobody'");
  }

  @Test
  @Spec("ID-08")
  void aKeyWithoutAKidMayChangeAsWell() throws Exception {
    Changing keys =
        new Changing(Keys.jwks(Keys.jwk(Keys.OTHER_RSA)), Keys.jwks(Keys.jwk(Keys.RSA)));
    verify(
        JwtVerifier.byKeys(AlgorithmRule.registered("RS256"), keys),
        Keys.jwt(SignatureAlgorithm.RS256, "", CLAIMS));
  }
}
