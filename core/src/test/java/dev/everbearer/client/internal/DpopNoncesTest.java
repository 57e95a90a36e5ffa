package dev.everbearer.client.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which nonces are kept, and for whom. */
class DpopNoncesTest {

  private static final URI API = URI.create("https://api.example.com/a");

  private final DpopNonces nonces = new DpopNonces();

  @Test
  @Spec("DP-10")
  void theNewestIsKeptForItsOriginAlone() {
    assertThat(nonces.of(API)).isNull();
    assertThat(nonces.note(API, List.of("one"))).isTrue();
    assertThat(nonces.note(URI.create("HTTPS://API.example.com:443/b?c"), List.of("two"))).isTrue();
    assertThat(nonces.of(API)).isEqualTo("two");
    assertThat(nonces.of(URI.create("https://api.example.com:8443/a"))).isNull();
    assertThat(nonces.of(URI.create("http://api.example.com/a"))).isNull();
    assertThat(nonces.of(URI.create("https://other.example.com/a"))).isNull();
  }

  @Test
  @Spec("DP-12")
  void moreThanOneNonceIsNone() {
    nonces.note(API, List.of("old"));
    assertThat(nonces.note(API, List.of("a", "b"))).isFalse();
    assertThat(nonces.note(API, List.of("a", "a"))).isFalse();
    assertThat(nonces.note(API, List.of())).isFalse();
    assertThat(nonces.of(API)).isEqualTo("old");
  }

  @ParameterizedTest
  @Spec("DP-12")
  @ValueSource(strings = {"", "a b", "a, b", "\"a\"", "a\\b", "a\tb", "ä", "a\u007f"})
  void aNonceWithOtherCharactersIsNone(String bad) {
    assertThat(nonces.note(API, List.of(bad))).isFalse();
    assertThat(nonces.of(API)).isNull();
  }

  @Test
  @Spec("DP-12")
  void everyAllowedCharacterMayStandInANonce() {
    StringBuilder all = new StringBuilder();
    for (char c = 0x21; c <= 0x7e; c++) {
      if (c != '"' && c != '\\') {
        all.append(c);
      }
    }
    assertThat(nonces.note(API, List.of(all.toString()))).isTrue();
    assertThat(nonces.of(API)).isEqualTo(all.toString());
    assertThat(nonces.note(API, List.of("x".repeat(2048)))).isTrue();
    assertThat(nonces.note(API, List.of("x".repeat(2049)))).isFalse();
  }

  @Test
  void manyOriginsDoNotFillTheMemory() {
    for (int i = 0; i < 3000; i++) {
      URI api = URI.create("https://api" + i + ".example.com/");
      nonces.note(api, List.of("n" + i));
      assertThat(nonces.of(api)).isEqualTo("n" + i);
    }
    long kept =
        java.util.stream.IntStream.range(0, 3000)
            .filter(i -> nonces.of(URI.create("https://api" + i + ".example.com/")) != null)
            .count();
    assertThat(kept).isLessThanOrEqualTo(1000);
  }
}
