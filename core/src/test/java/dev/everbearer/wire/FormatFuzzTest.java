package dev.everbearer.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everbearer.Untrusting;
import dev.everbearer.testing.Spec;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Timeout;

/** The formats that all others are made of. */
@Timeout(10)
class FormatFuzzTest {

  @FuzzTest(maxDuration = "1m")
  @Spec("SE-12")
  void json(byte[] text) {
    StrictJsonTest.assertReadOrRefused(text);
  }

  @FuzzTest(maxDuration = "1m")
  void form(byte[] text) throws Exception {
    String form = new String(text, StandardCharsets.ISO_8859_1);
    Untrusting.survives(() -> FormBody.decode(form).size(), IllegalArgumentException.class);
  }
}
