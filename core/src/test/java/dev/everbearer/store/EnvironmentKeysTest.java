package dev.everbearer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys from the environment. */
@Spec("SE-41")
class EnvironmentKeysTest {

  private static final String NAME = "STORE_KEY";

  private static String encoded(int fill) {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) fill);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(key);
  }

  private static List<StoreKey> keys(String value) {
    return EnvironmentKeys.of(NAME, Map.of(NAME, value)::get).keys();
  }

  @Test
  void theNewestKeyIsTheFirst() {
    List<StoreKey> keys = keys(encoded(255) + ", " + encoded(1));
    assertThat(keys).hasSize(2);
    assertThat(keys.get(0).key().getEncoded()).hasSize(32).containsOnly(255);
    assertThat(keys.get(1).key().getEncoded()).containsOnly(1);
  }

  @Test
  void theSameKeyHasTheSameIdEverywhere() {
    StoreKey key = keys(encoded(7)).get(0);
    assertThat(keys(encoded(7) + "=")).containsExactly(key);
    assertThat(keys(encoded(8)).get(0).id()).isNotEqualTo(key.id());
    assertThat(encoded(7)).doesNotContain(key.id());
  }

  @Test
  void whatIsNoKeyIsRefusedAndNotRepeated() {
    for (String value :
        List.of(
            "canary", encoded(7) + "7777", "canary canary", encoded(7) + ",", "+/" + encoded(7))) {
      assertThatThrownBy(() -> keys(value))
          .isInstanceOf(IllegalArgumentException.class)
          .hasNoCause()
          .hasMessageContainingAll(NAME, "256 bits", "openssl rand")
          .message()
          .doesNotContain("canary", encoded(7));
    }
  }

  @Test
  void aVariableThatIsNotSetIsNamedWithTheRemedy() {
    assertThatThrownBy(() -> keys(" "))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContainingAll(NAME, "is not set", "openssl rand");
    assertThatThrownBy(() -> StoreKeys.fromEnvironment("EVERBEARER_NO_SUCH_VARIABLE"))
        .hasMessageContaining("EVERBEARER_NO_SUCH_VARIABLE");
  }

  @Test
  void aKeyInPlaceOfANameIsNotShown() {
    String key = encoded(7);
    assertThatThrownBy(() -> StoreKeys.fromEnvironment(key))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not the key")
        .message()
        .doesNotContain(key);
  }
}
