package dev.everbearer.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ChallengeParserTest {

  private static Challenge of(String scheme, String... namesAndValues) {
    Map<String, String> parameters = new java.util.LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      parameters.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return new Challenge(scheme, null, parameters);
  }

  private static Challenge token68(String scheme, String token68) {
    return new Challenge(scheme, token68, Map.of());
  }

  private static Arguments vector(String line, Challenge... expected) {
    return Arguments.of(List.of(line), List.of(expected));
  }

  static Stream<Arguments> vectors() {
    return Stream.of(
        vector("Bearer", of("Bearer")),
        vector("bearer", of("Bearer")),
        vector("Bearer realm=x", of("Bearer", "realm", "x")),
        vector("Bearer realm=\"a\\\"b\"", of("Bearer", "realm", "a\"b")),
        vector(
            "Negotiate abc==, Bearer error=\"invalid_token\"",
            token68("Negotiate", "abc=="),
            of("Bearer", "error", "invalid_token")),
        Arguments.of(
            List.of("Basic realm=\"r\"", "Bearer error=\"invalid_token\""),
            List.of(of("Basic", "realm", "r"), of("Bearer", "error", "invalid_token"))),
        vector("Bearer error = \"invalid_token\"", of("Bearer", "error", "invalid_token")),
        vector(",, Bearer ,realm=\"x\",", of("Bearer", "realm", "x")),
        vector(
            "DPoP algs=\"ES256 PS256\", error=\"use_dpop_nonce\", Bearer realm=\"r\"",
            of("DPoP", "algs", "ES256 PS256", "error", "use_dpop_nonce"),
            of("Bearer", "realm", "r")),
        vector(
            "Digest qop=\"auth,auth-int\", Bearer scope=\"a b\"",
            of("Digest", "qop", "auth,auth-int"),
            of("Bearer", "scope", "a b")),
        // An unterminated quote voids its challenge, and what stands before it remains.
        vector("Basic realm=\"r\", Bearer error=\"invalid_token", of("Basic", "realm", "r")),
        vector("Bearer,", of("Bearer")),
        vector("Bearer, Basic", of("Bearer"), of("Basic")),
        vector("Bearer realm=\"\u00e4\u00ff\"", of("Bearer", "realm", "\u00e4\u00ff")),
        vector("Bearer realm=\u00e4, Basic realm=x", of("Basic", "realm", "x")),
        vector("B\u00e4rer realm=x, Basic realm=x", of("Basic", "realm", "x")),
        vector(
            "Bearer error_description=\"error=invalid_token\"",
            of("Bearer", "error_description", "error=invalid_token")),
        vector(
            "Bearer ERROR=\"invalid_token\", Scope=\"a\"",
            of("Bearer", "error", "invalid_token", "scope", "a")),
        vector("Bearer realm=\"a\\"),
        vector("Basic realm=x, Bearer realm=\"a\\", of("Basic", "realm", "x")));
  }

  @Spec("BR-03")
  @ParameterizedTest
  @MethodSource("vectors")
  void theGrammarOfHttpAuthenticationIsFollowed(List<String> lines, List<Challenge> expected) {
    assertThat(Challenge.parse(lines)).isEqualTo(expected);
  }

  static Stream<Arguments> more() {
    return Stream.of(
        vector("Bearer realm=\"\" , error=\"e\"", of("Bearer", "realm", "", "error", "e")),
        vector("Bearer\trealm\t=\tx\t,\terror=e", of("Bearer", "realm", "x", "error", "e")),
        vector("Bearer realm=\"a\\,b\"", of("Bearer", "realm", "a,b")),
        vector("Negotiate YWJj, Basic", token68("Negotiate", "YWJj"), of("Basic")),
        vector("NTLM a-._~+/==", token68("NTLM", "a-._~+/==")),
        // Against the grammar: each voids its own challenge and no other.
        vector("Bearer realm= , Basic", token68("Bearer", "realm="), of("Basic")),
        vector("Bearer realm=x error=y, Basic", of("Basic")),
        vector("Bearer a=b, c d=e", of("Bearer", "a", "b"), of("c", "d", "e")),
        vector("Negotiate abc==, x=y, Basic", of("Basic")),
        vector("Bearer realm=x\"y, Bearer error=invalid_token\", Basic", of("Basic")),
        vector("Bearer=x, Basic", of("Basic")),
        vector("@, Basic", of("Basic")),
        vector("realm=x"),
        vector(""),
        vector(" \t,"));
  }

  @ParameterizedTest
  @MethodSource("more")
  void spacesAndBrokenElementsAreReadAsTheGrammarSays(
      List<String> lines, List<Challenge> expected) {
    assertThat(Challenge.parse(lines)).isEqualTo(expected);
  }

  @Spec("BR-03")
  @Test
  void lookUpsIgnoreCase() {
    Challenge challenge = Challenge.parse(List.of("bEARER eRRor=\"x\", SCOPE=\"a b\"")).get(0);

    assertThat(challenge.isScheme("Bearer")).isTrue();
    assertThat(challenge.isScheme("Basic")).isFalse();
    assertThat(challenge.parameter("ERROR")).contains("x");
    assertThat(challenge.error()).contains("x");
    assertThat(challenge.scope()).contains("a b");
    assertThat(challenge.token68()).isEmpty();
    assertThat(challenge.parameter("realm")).isEmpty();
  }

  @Spec("BR-04")
  @Test
  void textInsideAQuotedStringIsNeverAChallenge() {
    assertThat(schemes("Basic realm=\"x, Bearer error=\\\"invalid_token\\\"\""))
        .containsOnly("Basic");
    assertThat(schemes("Basic realm=\"x, Bearer error=invalid_token\"")).containsOnly("Basic");
    assertThat(schemes("Basic realm=\"x\\\\\", Bearer error=\"e\""))
        .containsExactly("Basic", "Bearer");
    // Not even where the string, or what stands before it, is against the grammar.
    for (String control : new String[] {"\u0001", "\u007f", "\u0000", "\n"}) {
      assertThat(schemes("Basic realm=\"" + control + ", Bearer error=invalid_token, x\""))
          .isEmpty();
      assertThat(schemes("Basic realm=\"" + control + ", Bearer\", Digest")).containsOnly("Digest");
    }
    assertThat(schemes("Basic a=b \"x, Bearer error=invalid_token, x\"")).isEmpty();
    assertThat(schemes("\"x, Bearer error=invalid_token, x\"")).isEmpty();
    assertThat(schemes("Basic realm=\"x, Bearer error=invalid_token")).isEmpty();
  }

  @Spec("BR-05")
  @Test
  void aRepeatedAttributeVoidsItsChallengeAndNoOther() {
    assertThat(Challenge.parse(List.of("Bearer error=\"a\", error=\"b\", DPoP algs=\"ES256\"")))
        .containsExactly(of("DPoP", "algs", "ES256"));
    assertThat(schemes("Bearer error=\"a\", ERROR=\"a\"")).isEmpty();
    assertThat(schemes("Bearer error=\"a\", DPoP error=\"a\"")).containsExactly("Bearer", "DPoP");
  }

  private static List<String> schemes(String... lines) {
    return Challenge.parse(Arrays.asList(lines)).stream().map(Challenge::scheme).toList();
  }
}
