package dev.everbearer.wire;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UrlsTest {

  @ParameterizedTest
  @CsvSource({
    "https://h/p, https://h/p",
    "https://h/p?q=s#f, https://h/p",
    "https://h#f, https://h",
    "https://h?a@b, https://h",
    "https://u:s@h:8/p, https://h:8/p",
    "https://a@b@h/p, https://h/p",
    "https://u@h, https://h",
    "https://h/p@q, https://h/p@q",
    "//u@h/p, //h/p",
    "u@h, u@h",
    "'', ''"
  })
  void nothingButSchemeHostPortAndPathIsShown(String url, String shown) {
    assertThat(Urls.shown(url)).isEqualTo(shown);
  }
}
