package dev.everbearer.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.everbearer.jose.JweReader;
import dev.everbearer.jose.JwkReader;
import dev.everbearer.jose.Keys;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Jwt;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ID tokens that are encrypted to the client, as it has registered. */
@Spec("ID-11")
class EncryptedIdTokenTest {

  private static final String ISSUER = "https://id.example.com";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final JWK SIGNING = rsa("s");
  private static final JWK RSA = rsa("e");
  private static final JWK EC = ec();

  private static JWK rsa(String kid) {
    try {
      return new RSAKeyGenerator(2048).keyID(kid).generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static JWK ec() {
    try {
      return new ECKeyGenerator(Curve.P_256).keyID("e").generate();
    } catch (JOSEException e) {
      throw new AssertionError(e);
    }
  }

  private static Jwt jwt() {
    return Jwt.signedBy(SIGNING.toJSONString(), "RS256")
        .claim("iss", ISSUER)
        .claim("aud", "us")
        .claim("sub", "a")
        .claim("iat", NOW.getEpochSecond())
        .claim("exp", NOW.getEpochSecond() + 60);
  }

  private static String publicJwk(JWK key) {
    return key.toPublicJWK().toJSONString();
  }

  private static JweReader reader(JWK key, String alg, String enc) {
    return new JweReader(JwkReader.readForDecryption(key.toJSONString()), alg, enc);
  }

  private static IdToken validate(String token, JweReader decryption) throws Exception {
    AuthorizationServer server =
        AuthorizationServer.discovered(ISSUER, URI.create(ISSUER + "/token"), null, Map.of());
    return new IdTokenValidator(
            () -> server,
            Keys.source(SIGNING.toPublicJWK().toJSONObject()),
            new IdTokenRules("us", Set.of(), null, null, decryption),
            () -> NOW)
        .validate(Secret.of(token), IdTokenExpectation.ofLogin(null));
  }

  private static void refuses(String token, JweReader decryption, String why) {
    assertThatThrownBy(() -> validate(token, decryption))
        .isInstanceOf(MalformedAnswerException.class)
        .hasMessageContaining(why);
  }

  @ParameterizedTest
  @CsvSource({
    "RSA-OAEP, A128CBC-HS256",
    "RSA-OAEP-256, A256GCM",
    "ECDH-ES, A128GCM",
    "ECDH-ES+A256KW, A256CBC-HS512"
  })
  void whatWasRegisteredIsOpened(String alg, String enc) throws Exception {
    JWK key = alg.startsWith("RSA") ? RSA : EC;
    String token = jwt().encrypted(publicJwk(key), alg, enc).compact();
    IdToken opened = validate(token, reader(key, alg, enc));
    assertThat(opened.subject()).isEqualTo("a");
    assertThat(opened.compact().reveal()).as("the signed one, as a hint").startsWith("ey");
    assertThat(opened.compact().reveal().split("\\.")).hasSize(3);
  }

  @Test
  void nothingElseIsOpened() {
    JweReader reader = reader(RSA, "RSA-OAEP-256", "A256GCM");
    String key = publicJwk(RSA);

    refuses(jwt().encrypted(key, "RSA-OAEP", "A256GCM").compact(), reader, "as was registered");
    refuses(jwt().encrypted(key, "RSA-OAEP-256", "A128GCM").compact(), reader, "as was registered");
    refuses(
        jwt().encrypted(publicJwk(EC), "ECDH-ES", "A256GCM").compact(),
        reader,
        "as was registered");
    refuses(
        jwt().encrypted(publicJwk(SIGNING), "RSA-OAEP-256", "A256GCM").compact(),
        reader,
        "cannot be decrypted");
    String good = jwt().encrypted(key, "RSA-OAEP-256", "A256GCM").compact();
    refuses(good.substring(0, good.length() - 4) + "AAAA", reader, "cannot be decrypted");
    refuses(good + "=", reader, "not strict base64url");
    refuses(good + ".x", reader, "not encrypted");
  }

  @Test
  void whatIsInsideIsSignedAndWhatWasRegisteredIsEncrypted() {
    JweReader reader = reader(RSA, "RSA-OAEP-256", "A256GCM");
    String key = publicJwk(RSA);

    refuses(jwt().compact(), reader, "it is not encrypted, as was registered");
    refuses(
        jwt().encryptedUnsigned(key, "RSA-OAEP-256", "A256GCM").compact(),
        reader,
        "JSON serialisation");
    refuses(
        jwt().brokenSignature().encrypted(key, "RSA-OAEP-256", "A256GCM").compact(),
        reader,
        "does not bear the signature");
    refuses(
        jwt().unsigned().encrypted(key, "RSA-OAEP-256", "A256GCM").compact(),
        reader,
        "it is not signed");
  }

  @Test
  void aBombIsNotEvenTouched() {
    String bomb =
        jwt()
            .claim("bomb", "a".repeat(10_000_000))
            .encryptedCompressed(publicJwk(RSA), "RSA-OAEP-256", "A256GCM")
            .compact();
    assertThat(bomb).hasSizeLessThan(64 * 1024);
    refuses(bomb, reader(RSA, "RSA-OAEP-256", "A256GCM"), "compressed (zip)");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA1_5", "dir", "A128KW", "PBES2-HS256+A128KW", "ECDH-ES", "none"})
  void keyEncryptionsThatAreWeakOrDoNotFitCannotBeRegistered(String alg) {
    assertThatThrownBy(() -> reader(RSA, alg, "A256GCM"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("register one of");
  }

  @Test
  void contentEncryptionsThatAreNotKnownCannotBeRegistered() {
    assertThatThrownBy(() -> reader(RSA, "RSA-OAEP-256", "A256CTR"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("register one of");
    assertThatThrownBy(() -> reader(EC, "RSA-OAEP-256", "A256GCM"))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
