package dev.everbearer.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import dev.everbearer.wire.FormBody;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a server repeats of the secrets that it was sent. */
class RedactionTest {

  @ParameterizedTest
  @Spec("SE-03")
  @ValueSource(
      strings = {
        "plain-secret", "a secret with \uD83D\uDD11 in it", "soft\u00adhyphen-secret",
        "secret-with-a-newline\n", "\u200Fsecret of the right", "two\r\nlines of secrets",
      })
  void aSecretIsTakenOutInEachWayThatItMayBeWritten(String secret) {
    Redaction redaction = Redaction.of(List.of(secret));
    String form = FormBody.encode(secret);
    String said = redaction.shown("not " + secret + " nor " + form + " is known", 500);
    assertThat(said).isEqualTo("not *** nor *** is known");
  }

  @ParameterizedTest
  @Spec("SE-03")
  @ValueSource(strings = {"\u00ad", "\u0000", "\u200b"})
  void aSecretIsFoundWhereTheServerPutSomethingInvisibleIntoIt(String invisible) {
    Redaction redaction = Redaction.of(List.of("plain-secret"));
    assertThat(redaction.shown("not pla" + invisible + "in-secret", 500)).isEqualTo("not ***");
  }
}
