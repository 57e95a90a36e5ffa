package dev.everbearer.wire;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everbearer.Untrusting;
import dev.everbearer.testing.Spec;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.nio.charset.StandardCharsets;

/** The formats that all others are made of. */
class FormatFuzzTest {

  @FuzzTest(maxDuration = "1m")
  @Spec("SE-12")
  void json(byte[] text) throws Exception {
    StrictJsonTest.assertReadOrRefused(text);
    Untrusting.survives(() -> StrictJson.object(text).size(), BrokenJsonException.class);
  }

  @FuzzTest(maxDuration = "1m")
  void form(byte[] text) throws Exception {
    String form = new String(text, StandardCharsets.ISO_8859_1);
    Untrusting.survives(() -> FormBody.decode(form).size(), IllegalArgumentException.class);
  }
}
