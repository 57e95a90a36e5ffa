package dev.everbearer.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.RandomInputs;
import dev.everbearer.testing.Spec;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What no server can make the parser do, found by counting the characters it looks at. */
@Spec("BR-06")
class ChallengeBoundsTest {

  private static final int MIB = 1024 * 1024;
  private static final int MAX_READ = 16 * 1024;

  /** A look at one character is one count; each may be looked at a few times, not more. */
  private static final int LOOKS = 16;

  /** Text that counts how often its characters are looked at. */
  private static final class Counted implements CharSequence {
    private final String text;
    private final int[] looks;

    Counted(String text, int[] looks) {
      this.text = text;
      this.looks = looks;
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      looks[0]++;
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.substring(start, end), looks);
    }

    @Override
    public String toString() {
      looks[0] += text.length();
      return text;
    }
  }

  @Test
  void hostileShapesOfOneMebibyteAreReadInLinearTimeAndNoFurtherThanTheCap() {
    for (String shape :
        new String[] {
          ",",
          " ",
          "\t",
          "a",
          "=",
          "\"",
          "\\",
          "a ",
          "a,",
          "a=",
          "a=b,",
          "a=\"",
          "\"\\",
          "a b,",
          "a b=",
          "a==",
          "a  =",
          "a \"",
          "a=\"b\" ",
          "@",
          "@,",
          "\u00e4",
          "Bearer ",
          "a=\"\\\"",
          "Bearer error=\"x\", ",
          "= ",
          "a=,",
          "a b ,",
          "\u0000",
          "\"\u0001\"",
          "\"\u0001"
        }) {
      for (String prefix : new String[] {"", "Bearer ", "Bearer realm=\"", "Bearer realm=x, "}) {
        int[] looks = new int[1];
        String line = prefix + shape.repeat(MIB / shape.length());

        List<Challenge> found = ChallengeParser.parse(List.of(new Counted(line, looks)));

        assertThat(found).as(shape).hasSizeLessThanOrEqualTo(32);
        assertThat(looks[0]).as(shape).isLessThanOrEqualTo(MAX_READ * LOOKS);
      }
    }
  }

  @Test
  void theCapIsForAllLinesTogether() {
    int[] looks = new int[1];
    Counted line = new Counted("x".repeat(1000), looks);

    ChallengeParser.parse(Collections.nCopies(1000, line));

    assertThat(looks[0]).isLessThanOrEqualTo(MAX_READ * LOOKS);
  }

  @Test
  void aChallengeThatIsCutByTheCapIsLeftOutAndOneBeforeItIsKept() {
    String longRealm = "r".repeat(MAX_READ);
    assertThat(Challenge.parse(List.of("Basic", "Bearer realm=" + longRealm)))
        .extracting(Challenge::scheme)
        .containsExactly("Basic");

    String fitting = "Bearer realm=" + "r".repeat(MAX_READ - "Bearer realm=".length());
    assertThat(Challenge.parse(List.of(fitting))).hasSize(1);
    assertThat(Challenge.parse(List.of(fitting + "r"))).isEmpty();
  }

  @Test
  void atMost32ChallengesAreRead() {
    assertThat(Challenge.parse(List.of("Basic, ".repeat(32)))).hasSize(32);
    assertThat(Challenge.parse(List.of("Basic, ".repeat(33)))).hasSize(32);
    assertThat(Challenge.parse(Collections.nCopies(100, "Basic"))).hasSize(32);
  }

  private static final List<String> PIECES =
      List.of(
          "Bearer",
          "bearer",
          "Basic",
          "DPoP",
          " ",
          " ",
          "\t",
          ",",
          "=",
          "\"",
          "\\",
          "error",
          "realm",
          "\"invalid_token\"",
          "a",
          "abc==",
          "\u00e4",
          "\u0000",
          "\u0001",
          "\r\n",
          "@",
          "\ud800",
          "\u202e",
          "/",
          "~");

  @Test
  void itNeverThrowsAndStaysInItsBounds() {
    RandomInputs.generators(3000)
        .forEach(
            random ->
                staysInItsBounds(
                    Stream.generate(() -> RandomInputs.ofPieces(random, 60, PIECES))
                        .limit(random.nextInt(7))
                        .toList()));
  }

  static void staysInItsBounds(List<String> lines) {
    int[] looks = new int[1];
    int length = lines.stream().mapToInt(String::length).sum();

    List<Challenge> found =
        ChallengeParser.parse(lines.stream().map(line -> new Counted(line, looks)).toList());

    assertThat(found).as(lines::toString).hasSizeLessThanOrEqualTo(32);
    assertThat(looks[0]).as(lines::toString).isLessThanOrEqualTo(length * LOOKS);
    assertThat(found).as(lines::toString).allSatisfy(ChallengeBoundsTest::isWellFormed);
  }

  @Test
  void anyTextAtAllIsSurvived() {
    RandomInputs.generators(500)
        .map(random -> List.of(RandomInputs.anyText(random, 100), RandomInputs.anyText(random, 9)))
        .forEach(ChallengeBoundsTest::staysInItsBounds);
  }

  private static void isWellFormed(Challenge challenge) {
    assertThat(challenge.scheme()).matches("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    for (Map.Entry<String, String> parameter : challenge.parameters().entrySet()) {
      assertThat(parameter.getKey()).matches("[a-z0-9!#$%&'*+.^_`|~-]+");
      assertThat(parameter.getValue().chars()).noneMatch(c -> (c < 0x20 && c != '\t') || c == 0x7f);
    }
    assertThat(challenge.toString()).startsWith(challenge.scheme());
  }
}
