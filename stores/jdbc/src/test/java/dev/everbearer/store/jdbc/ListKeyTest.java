package dev.everbearer.store.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.store.GrantKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ListKeyTest {

  private static final char[] LETTERS = {0, 1, 2, 3, 'A', 'a', '\uD83C', '\uDF53', '\uFFFF'};

  private static List<GrantKey> many() {
    Random random = new Random(7);
    List<GrantKey> keys = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      keys.add(new GrantKey(text(random), text(random), text(random)));
    }
    return keys;
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(LETTERS[random.nextInt(LETTERS.length)]);
    }
    return text.toString();
  }

  @Test
  void itHasTheOrderOfTheKeys() {
    List<GrantKey> byKey = many();
    byKey.sort(GrantKey.BY_SUBJECT);
    List<GrantKey> byBytes = new ArrayList<>(byKey);
    Collections.shuffle(byBytes, new Random(8));
    byBytes.sort((a, b) -> Arrays.compareUnsigned(ListKey.of(a), ListKey.of(b)));
    assertThat(byBytes).isEqualTo(byKey);
  }

  @Test
  void itIsReadBack() {
    assertThat(many()).allSatisfy(key -> assertThat(ListKey.read(ListKey.of(key))).isEqualTo(key));
  }

  @Test
  void theKeysOfARegistrationAndNoOthersAreBetweenItsBounds() {
    List<GrantKey> keys = many();
    for (String registration : List.of("", "a", "a\0", "\0", "\1", "\uFFFF")) {
      assertThat(keys)
          .allSatisfy(
              key ->
                  assertThat(
                          Arrays.compareUnsigned(ListKey.before(registration), ListKey.of(key)) < 0
                              && Arrays.compareUnsigned(
                                      ListKey.of(key), ListKey.behind(registration))
                                  < 0)
                      .isEqualTo(key.registration().equals(registration)));
    }
  }

  @Test
  void whatIsNoKeyIsNotRead() {
    assertThatThrownBy(() -> ListKey.read(new byte[] {0, 'a', 0, 0, 0}))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("2 names in place of 3");
  }
}
