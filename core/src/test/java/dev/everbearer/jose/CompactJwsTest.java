package dev.everbearer.jose;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The compact form of a signed JWT, before anybody looks at its signature. */
@Spec("SE-13")
class CompactJwsTest {

  private static final String HEADER = "{\"alg\":\"RS256\",\"kid\":\"a\"}";
  private static final String CLAIMS = "{\"sub\":\"cAnArY\",\"n\":1}";

  private static String encoded(String text) {
    return Base64Url.encode(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String token(String header, String claims) {
    return encoded(header) + "." + encoded(claims) + "." + encoded("signature");
  }

  @Test
  void aWellFormedOneIsTakenApart() throws Exception {
    CompactJws jwt = CompactJws.parse(token(HEADER, CLAIMS));

    assertThat(jwt.algorithm()).isEqualTo(SignatureAlgorithm.RS256);
    assertThat(jwt.keyId()).isEqualTo("a");
    assertThat(jwt.claims().members()).isEqualTo(Map.of("sub", "cAnArY", "n", BigDecimal.ONE));
    assertThat(new String(jwt.signature(), StandardCharsets.UTF_8)).isEqualTo("signature");
    assertThat(new String(jwt.signingInput(), StandardCharsets.UTF_8))
        .isEqualTo(encoded(HEADER) + "." + encoded(CLAIMS));
    assertThat(jwt).hasToString("CompactJws[RS256]");
  }

  static Stream<Arguments> malformed() {
    String good = token(HEADER, CLAIMS);
    return Stream.of(
        Arguments.of("empty", "", "three parts"),
        Arguments.of("one part", "abc", "three parts"),
        Arguments.of("two parts", "e30.e30", "three parts"),
        Arguments.of("four parts", good + ".e30", "three parts"),
        Arguments.of("five parts", "a.b.c.d.e", "it is encrypted"),
        Arguments.of("six parts", "a.b.c.d.e.f", "three parts"),
        Arguments.of("JSON serialisation", "{\"payload\":\"e30\"}", "JSON serialisation"),
        Arguments.of("no signature", "e30.e30.", "not signed"),
        Arguments.of("no header", "." + good.substring(good.indexOf('.') + 1), "header"),
        Arguments.of("padding in the header", "e30=.e30.e30", "header is not strict base64url"),
        Arguments.of("padding behind", good + "==", "signature is not strict base64url"),
        Arguments.of("unused bits", "e30.e31.e30", "claims is not strict base64url"),
        Arguments.of("unused bits of the signature", "e30.e30.ab", "signature is not strict"),
        Arguments.of("the other base64", "e30.e30.a+/a", "signature is not strict base64url"),
        Arguments.of("a line break", "e30.e30.\nabcd", "signature is not strict base64url"),
        Arguments.of("a space", " " + good, "header is not strict base64url"),
        Arguments.of("header no JSON", token("cAnArY", CLAIMS), "header cannot be read"),
        Arguments.of("header an array", token("[]", CLAIMS), "header cannot be read"),
        Arguments.of("claims no JSON", token(HEADER, "cAnArY"), "claims cannot be read"),
        Arguments.of("claims with a tail", token(HEADER, CLAIMS + "{}"), "claims cannot be read"),
        Arguments.of(
            "a header name twice",
            token("{\"alg\":\"none\",\"alg\":\"RS256\"}", CLAIMS),
            "header cannot be read"),
        Arguments.of(
            "a claim twice",
            token(HEADER, "{\"sub\":\"a\",\"sub\":\"cAnArY\"}"),
            "claims cannot be read"),
        Arguments.of(
            "brackets", token(HEADER, "{\"a\":" + "[".repeat(10_000)), "claims cannot be read"),
        Arguments.of(
            "crit", token("{\"alg\":\"RS256\",\"crit\":[\"exp\"],\"exp\":1}", CLAIMS), "crit"),
        Arguments.of(
            "b64", token("{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}", "{}"), "crit"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void anythingElseIsRefusedAndNotRepeated(String name, String token, String why) {
    assertThatThrownBy(() -> CompactJws.parse(token))
        .isInstanceOf(InvalidJwtException.class)
        .hasMessageContaining(why)
        .hasMessageNotContaining("cAnArY");
  }

  @Test
  void badUtf8IsRefused() {
    String claims = Base64Url.encode(new byte[] {'{', '"', (byte) 0xc0, (byte) 0xaf, '"', '}'});
    assertThatThrownBy(() -> CompactJws.parse("e30." + claims + ".e30"))
        .hasMessageContaining("UTF-8");
  }

  /** The three parts must come out at whole bytes, so the lengths step by four. */
  @ParameterizedTest
  @CsvSource({"65536, true", "65537, false", "65540, false"})
  void sixtyFourKibibytesAreTheLimit(int length, boolean isTaken) throws Exception {
    String start = encoded("{\"alg\":\"RS256\"}") + ".e30.";
    String token = start + "A".repeat(length - start.length());
    if (isTaken) {
      assertThat(CompactJws.parse(token).claims().members()).isEmpty();
    } else {
      assertThatThrownBy(() -> CompactJws.parse(token)).hasMessageContaining("longer than 65536");
    }
  }

  @Test
  void keysThatItBringsAlongAreNotEvenLookedAt() throws Exception {
    CompactJws jwt =
        CompactJws.parse(
            token(
                "{\"alg\":\"RS256\",\"jku\":\"https://evil.example/\",\"x5u\":1,\"jwk\":{},\"x5c\":[]}",
                CLAIMS));
    assertThat(jwt.keyId()).isNull();
    assertThat(jwt.algorithm()).isEqualTo(SignatureAlgorithm.RS256);
  }

  @Test
  void aKidThatIsNoStringIsRefused() throws Exception {
    CompactJws jwt = CompactJws.parse(token("{\"alg\":\"RS256\",\"kid\":7}", CLAIMS));
    assertThatThrownBy(jwt::keyId).hasMessageContaining("kid");
  }

  @Test
  void anEncryptedOneIsRecognised() {
    assertThat(CompactJws.isEncrypted("a.b.c.d.e")).isTrue();
    assertThat(CompactJws.isEncrypted("a.b.c")).isFalse();
    assertThat(CompactJws.isEncrypted(token(HEADER, CLAIMS))).isFalse();
  }
}
