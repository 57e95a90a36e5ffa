package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

/** With the profile browser on, a machine without one makes the tests fail. */
class ChromiumTest {

  @Test
  void aBrowserThatIsNotThereIsAnErrorThatSaysHowToGetIt() {
    assertThatIllegalStateException()
        .isThrownBy(() -> Chromium.start("no-such-browser"))
        .withMessageContainingAll("no-such-browser", "apt-get install chromium", "-Dchromium=");
  }
}
