package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Spec("BP-04")
class LocalTargetTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"/", "/orders", "/orders/1?open=1&next=//x", "/a//b", "/%C3%A9", "/?u=https://x"})
  void aPathOfThisApplicationIsTaken(String target) {
    assertThat(LocalTarget.require(target)).isEqualTo(target);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "orders",
        "//evil.example.com",
        "///evil.example.com",
        "/\\evil.example.com",
        "\\evil.example.com",
        "\\\\evil.example.com",
        "/%2Fevil.example.com",
        "/%2f%2fevil.example.com",
        "/%5Cevil.example.com",
        "%2F%2Fevil.example.com",
        "/\t/evil.example.com",
        "/%09/evil.example.com",
        "/\n/evil.example.com",
        "https://evil.example.com",
        "javascript:alert(1)",
        "https:evil.example.com",
        "/%zz"
      })
  void whatABrowserCouldTakeForAPlaceElsewhereIsRefused(String target) {
    assertThatThrownBy(() -> LocalTarget.require(target))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
