package dev.everbearer.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.store.RecordCodec.NoRecordException;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.LoginRequiredException.Reason;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A record as JSON and back. */
class RecordCodecTest {

  private static final int RECORDS = 200;

  @Test
  void whateverARecordHoldsComesBack() throws Exception {
    for (int seed = 0; seed < RECORDS; seed++) {
      GrantRecord record = new RandomRecords(seed).next();
      GrantRecord back = RecordCodec.decode(RecordCodec.encode(record));
      assertThat(back).as("seed %d", seed).usingRecursiveComparison().isEqualTo(record);
    }
  }

  @Test
  @Spec("LC-64")
  void whatIsCutOffIsNoRecord() {
    byte[] whole = RecordCodec.encode(new RandomRecords(7).next());
    for (int length = 0; length < whole.length; length++) {
      byte[] cut = Arrays.copyOf(whole, length);
      assertThatThrownBy(() -> RecordCodec.decode(cut)).isInstanceOf(NoRecordException.class);
    }
  }

  private static GrantRecord decoded(String json) throws NoRecordException {
    return RecordCodec.decode(json.replace('\'', '"').getBytes(UTF_8));
  }

  @Test
  void theLeastThatIsARecord() throws Exception {
    GrantRecord least = decoded("{'format':1,'generation':2,'version':3}");
    assertThat(least.generation()).isEqualTo(2);
    assertThat(least.version()).isEqualTo(3);
    assertThat(least.rotation()).isEqualTo(RotationState.NONE);
  }

  @Test
  void aReasonThatOnlyANewerVersionKnowsIsARefusal() throws Exception {
    GrantRecord record = decoded("{'format':1,'generation':0,'version':1,'dead':'TIRED'}");
    assertThat(record.dead()).contains(Reason.REFUSED);
  }

  @Test
  @Spec("LC-64")
  void anotherVersionOfTheFormatIsToldAsSuch() {
    assertThatThrownBy(() -> decoded("{'format':2,'generation':0,'version':1}"))
        .hasMessageContaining("another version of this program");
  }

  @ParameterizedTest
  @Spec("LC-64")
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'generation':0,'version':1}",
        "{'format':'1','generation':0,'version':1}",
        "{'format':1,'generation':0}",
        "{'format':1,'generation':0,'version':1.5}",
        "{'format':1,'generation':0,'version':99999999999999999999}",
        "{'format':1,'generation':0,'version':1,'refresh_token':7}",
        "{'format':1,'generation':0,'version':1,'server':'https://id.test'}",
        "{'format':1,'generation':0,'version':1,'server':{}}",
        "{'format':1,'generation':0,'version':1,'server':{'token_endpoint':'a b'}}",
        "{'format':1,'generation':0,'version':1,'dead':{}}",
        "{'format':1,'generation':0,'version':1,'refresh_token_life':{}}",
        "{'format':1,'generation':0,'version':1,'tokens':{}}",
        "{'format':1,'generation':0,'version':1,'tokens':[7]}",
        "{'format':1,'generation':0,'version':1,'tokens':[{'value':'canary'}]}",
        "{'format':1,'generation':0,'version':1,'to_revoke':[{'token':'canary'}]}",
        "{'format':1,'generation':0,'version':1,'rotation':[]}",
        "{'format':1,'generation':0,'version':1,'rotation':{}}",
        "{'format':1,'generation':0,'version':1,'rotation':{'attempt':3000000000,'failures':0}}",
        "{'format':1,'generation':0,'version':1,"
            + "'rotation':{'attempt':0,'failures':0,'not_before':'soon'}}",
        "{'format':1,'generation':0,'version':1,"
            + "'rotation':{'attempt':0,'failures':0,'lease':{'owner':'canary'}}}",
        "[]",
      })
  void whatHasAnotherShapeIsNoRecordAndNothingOfItIsRepeated(String json) {
    assertThatThrownBy(() -> decoded(json))
        .isInstanceOf(NoRecordException.class)
        .message()
        .doesNotContain("canary", "soon", "https");
  }

  @Test
  void aRecordPrintsNoSecret() {
    for (int seed = 0; seed < 100; seed++) {
      GrantRecord record = new RandomRecords(seed).next();
      assertThat(List.of(record.toString(), record.rotation().toString()))
          .noneMatch(text -> text.contains("secret-") || text.contains("token-"));
    }
  }
}
