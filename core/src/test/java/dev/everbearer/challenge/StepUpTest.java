package dev.everbearer.challenge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepUpTest {

  private static StepUp read(String parameters) {
    String challenge = "Bearer error=\"insufficient_user_authentication\"" + parameters;
    return StepUp.in(401, List.of(challenge)).orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Bearer", "DPoP", "bearer"})
  @Spec({"SU-01", "SU-02"})
  void bothSchemesSayWhatKindOfLoginIsWanted(String scheme) {
    String challenge =
        scheme
            + " error=\"insufficient_user_authentication\", acr_values=\"urn:gold silver\","
            + " max_age=\"300\"";
    StepUp wanted = StepUp.in(401, List.of("Basic realm=\"x\"", challenge)).orElseThrow();
    assertThat(wanted.acrValues()).containsExactly("urn:gold", "silver");
    assertThat(wanted.maxAge()).contains(Duration.ofMinutes(5));
    assertThat(wanted.scope()).isEmpty();
  }

  @Test
  @Spec("BR-08")
  void a403SaysWhichScopesAreWanted() {
    String challenge = "Bearer error=\"insufficient_scope\", scope=\"write read\"";
    assertThat(StepUp.in(403, List.of(challenge)).orElseThrow().scope())
        .containsExactly("write", "read");
    assertThat(StepUp.in(401, List.of(challenge))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Bearer error=\"invalid_token\"",
        "Basic error=\"insufficient_user_authentication\"",
        "Bearer",
        "???"
      })
  @Spec("SU-01")
  void otherAnswersWantNothingOfTheKind(String challenge) {
    assertThat(StepUp.in(401, List.of(challenge))).isEmpty();
    assertThat(StepUp.in(500, List.of("Bearer error=\"insufficient_user_authentication\"")))
        .isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1e9x", "1.5", "", " 1", "99999999999", "0x1", "\u0661"})
  @Spec("SU-03")
  void aMaxAgeThatIsNoNumberOfSecondsIsDropped(String maxAge) {
    assertThat(read(", max_age=\"" + maxAge + "\"").maxAge()).isEmpty();
  }

  @Test
  @Spec("SU-03")
  void zeroSecondsIsAMaxAgeAndJunkInAcrValuesIsDropped() {
    assertThat(read(", max_age=0").maxAge()).contains(Duration.ZERO);
    assertThat(read(", acr_values=\"a \\\"b c\\\\d  a e\"").acrValues()).containsExactly("a", "e");
    assertThat(read(", acr_values=\"" + "x".repeat(201) + "\"").acrValues()).isEmpty();
  }

  @Test
  @Spec("SU-03")
  void aLoginIsTooLongAgoFromTheMaxAgeOn() {
    Instant login = Instant.EPOCH;
    StepUp minute = read(", max_age=60");
    assertThat(minute.isBeyond(login, login.plusSeconds(59))).isFalse();
    assertThat(minute.isBeyond(login, login.plusSeconds(60))).isTrue();
    StepUp now = read(", max_age=0");
    assertThat(now.isBeyond(login, login.plusMillis(1))).isTrue();
    assertThat(now.isBeyond(login, login)).isFalse();
    StepUp any = read("");
    assertThat(any.isBeyond(login, login.plusSeconds(1_000_000))).isFalse();
  }
}
