package dev.everbearer.challenge;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everbearer.Untrusting;
import dev.everbearer.testing.Spec;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The lines of {@code WWW-Authenticate}, one after the other. */
@Spec("BR-06")
class ChallengeFuzzTest {

  @FuzzTest(maxDuration = "1m")
  void lines(byte[] text) throws Exception {
    List<String> lines = List.of(new String(text, StandardCharsets.ISO_8859_1).split("\n", -1));
    ChallengeBoundsTest.staysInItsBounds(lines);
    Untrusting.survives(() -> StepUp.in(401, lines));
  }
}
