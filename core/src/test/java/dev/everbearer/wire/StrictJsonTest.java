package dev.everbearer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.everbearer.RandomInputs;
import dev.everbearer.testing.Spec;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** JSON from servers that are not trusted. */
class StrictJsonTest {

  private static Map<String, Object> parse(String json) throws BrokenJsonException {
    return StrictJson.object(json.getBytes(StandardCharsets.UTF_8));
  }

  private static void refuse(String json, String message) {
    refuse(json.getBytes(StandardCharsets.UTF_8), message);
  }

  private static void refuse(byte[] json, String message) {
    BrokenJsonException refusal =
        catchThrowableOfType(BrokenJsonException.class, () -> StrictJson.object(json));
    assertThat(refusal).as(message).isNotNull().hasMessageStartingWith(message).hasNoCause();
    StringWriter trace = new StringWriter();
    refusal.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString()).doesNotContain("cAnArY");
  }

  @Test
  @Spec("SE-12")
  void anObjectIsReadInOrderWithExactNumbersAndWithoutNulls() throws BrokenJsonException {
    Map<String, Object> object =
        parse(
            " {\"z\":\"\\u00e9\\n\uD83D\uDE00\\ud83d\\ude00\",\"a\":1.50,\"n\":null,"
                + "\"l\":[1,null,{\"b\":true}],\"big\":12345678901234567890123}\n");
    assertThat(object.keySet()).containsExactly("z", "a", "l", "big");
    assertThat(object)
        .containsEntry("z", "é\n\uD83D\uDE00\uD83D\uDE00")
        .containsEntry("a", new BigDecimal("1.50"))
        .containsEntry("l", List.of(BigDecimal.ONE, Map.of("b", true)))
        .containsEntry("big", new BigDecimal("12345678901234567890123"));
  }

  @Test
  @Spec("SE-12")
  void onlyOneWellFormedObjectIsTaken() {
    refuse("", "it is empty");
    refuse(" ", "it is empty");
    refuse("[\"cAnArY\"]", "it is not a JSON object");
    refuse("\"cAnArY\"", "it is not a JSON object");
    refuse("null", "it is not a JSON object");
    refuse("{}{}", "something follows the JSON object");
    refuse("{} cAnArY", "it is not well-formed JSON");
    for (String broken :
        List.of(
            "{}x",
            "cAnArY",
            "{\"cAnArY",
            "{\"a\":cAnArY}",
            "{'a':'cAnArY'}",
            "{\"a\":\"cAnArY",
            "{\"a\":1,}",
            "{\"a\":[1,]}",
            "{\"a\" 1}",
            "{a:1}",
            "{\"a\":NaN}",
            "{\"a\":Infinity}",
            "{\"a\":-}",
            "{\"a\":01}",
            "{\"a\":.5}",
            "{\"a\":5.}",
            "{\"a\":+1}",
            "{\"a\":0x1}",
            "{\"a\":\"cAnArY\n\"}",
            "{\"a\":\"\\q\"}",
            "{\"a\":tru}",
            "{/*cAnArY*/}",
            "{\"a\":1}]")) {
      refuse(broken, "it is not well-formed JSON (line 1, column ");
    }
  }

  @Test
  @Spec({"SE-12", "PQ-28"})
  void aNameThatComesTwiceIsRefused() {
    refuse("{\"a\":\"cAnArY\",\"a\":2}", "it has a member twice (line 1, column 15)");
    refuse("{\"a\":null,\"a\":null}", "it has a member twice");
    refuse("{\"a\":1,\"\\u0061\":2}", "it has a member twice");
    refuse("{\"x\":{\"cAnArY\":1,\"cAnArY\":2}}", "it has a member twice");
  }

  @Test
  @Spec("SE-12")
  void aNameOfOursThatComesTwiceIsSaid() {
    refuse("{\"iss\":\"cAnArY\",\n\"iss\":2}", "it has the member 'iss' twice (line 2, column 1)");
  }

  @Test
  @Spec("SE-12")
  void depthIsBounded() throws BrokenJsonException {
    assertThat(parse("{\"a\":" + "[".repeat(31) + "]".repeat(31) + "}")).containsKey("a");
    refuse("{\"a\":" + "[".repeat(32) + "]".repeat(32) + "}", "it is nested too deep");
    refuse("{\"a\":" + "[".repeat(100_000), "it is nested too deep");
    refuse("{\"a\":".repeat(100_000), "it is nested too deep");
    refuse("[".repeat(100_000), "it is not a JSON object");
  }

  @Test
  @Spec("SE-12")
  void membersAreCounted() throws BrokenJsonException {
    assertThat(parse(members(1000))).hasSize(1000);
    refuse(members(1001), "it has more than 1000 members");
    refuse("{\"a\":[" + "1,".repeat(1000) + "1]}", "it has more than 1000 members");
    refuse("{\"a\":[" + "null,".repeat(1000) + "1]}", "it has more than 1000 members");
  }

  private static String members(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"m" + i + "\":1")
        .collect(Collectors.joining(",", "{", "}"));
  }

  @Test
  @Spec("SE-12")
  void numbersAreBounded() throws BrokenJsonException {
    assertThat(parse("{\"a\":" + "9".repeat(1000) + "}"))
        .containsEntry("a", new BigDecimal("9".repeat(1000)));
    refuse("{\"a\":" + "9".repeat(1001) + "}", "it is nested too deep or has a number too long");
    refuse("{\"a\":0." + "9".repeat(1000) + "}", "it is nested too deep or has a number too long");
    assertThat(parse("{\"a\":1e999999999}")).containsKey("a");
    refuse("{\"a\":1e99999999999}", "it has a number out of all range");
  }

  @Test
  @Spec("SE-12")
  void utf8IsStrict() throws BrokenJsonException {
    assertThat(parse("{\"a\":\"\u20ac\"}")).containsEntry("a", "\u20ac");
    refuse(around(0xc0, 0xaf), "it is not valid UTF-8"); // an overlong slash
    refuse(around(0xe0, 0x80, 0xaf), "it is not valid UTF-8");
    refuse(around(0xed, 0xa0, 0x80), "it is not valid UTF-8"); // a surrogate
    refuse(around(0xf4, 0x90, 0x80, 0x80), "it is not valid UTF-8"); // beyond U+10FFFF
    refuse(around(0xe9), "it is not valid UTF-8"); // ISO 8859-1
    refuse(around(0xe2, 0x82), "it is not valid UTF-8");
    refuse("{}".getBytes(StandardCharsets.UTF_16), "it is not valid UTF-8");
  }

  private static byte[] around(int... octets) {
    String body = IntStream.of(octets).mapToObj(Character::toString).collect(Collectors.joining());
    return ("{\"a\":\"cAnArY" + body + "\"}").getBytes(StandardCharsets.ISO_8859_1);
  }

  @Test
  @Spec("SE-12")
  void halvesOfCharactersAreRefusedInValuesAndNames() {
    for (String half :
        List.of("\\ud800", "\\udc00", "\\ud800\\ud800", "\\udc00\\ud800", "\\ud800x")) {
      refuse("{\"a\":\"cAnArY" + half + "\"}", "it has half of a character");
      refuse("{\"cAnArY" + half + "\":1}", "it has half of a character");
    }
  }

  // ---- anything at all

  private static final List<String> PIECES =
      List.of(
          "{",
          "}",
          "[",
          "]",
          ",",
          ":",
          "\"",
          "\"a\"",
          "\"b\":",
          "\"\\u",
          "d800",
          "1",
          "-",
          "e9",
          ".",
          "true",
          "null",
          " ",
          "\\",
          "\n",
          "\u0000",
          "\u00e9",
          "\uFEFF",
          "NaN",
          "99999999");

  @Test
  @Spec("SE-12")
  void almostJsonIsReadOrRefused() {
    RandomInputs.generators(5000)
        .map(random -> "{" + RandomInputs.ofPieces(random, 40, PIECES))
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .forEach(StrictJsonTest::assertReadOrRefused);
  }

  @Test
  @Spec("SE-12")
  void anyBytesAreReadOrRefused() {
    RandomInputs.generators(5000)
        .map(random -> RandomInputs.bytes(random, 100))
        .forEach(StrictJsonTest::assertReadOrRefused);
  }

  static void assertReadOrRefused(byte[] bytes) {
    try {
      assertThat(StrictJson.object(bytes)).doesNotContainValue(null);
    } catch (BrokenJsonException e) {
      assertThat(e)
          .hasMessageMatching("it (is|has) [a-zA-Z0-9 (),-]+|something follows .*")
          .hasNoCause();
    }
  }
}
