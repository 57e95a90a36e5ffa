package dev.everbearer.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.challenge.StepUp;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.TokenSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An API that wants something else each time does not have grants kept without end. */
@Spec({"SU-03", "SE-50"})
class KnownStepUpsTest {

  private static StepUp wanted(int scope) {
    String challenge = "Bearer error=\"insufficient_scope\", scope=\"s%d\"".formatted(scope);
    return StepUp.in(403, List.of(challenge)).orElseThrow();
  }

  @Test
  void aHundredDifferentThingsAreAskedForAndNoMore() {
    TokenSource source = TokenSource.fixed("first");
    TokenSource stronger = TokenSource.fixed("stronger");
    List<StepUp> asked = new ArrayList<>();
    BearerAuthorizer authorizer =
        BearerAuthorizer.builder()
            .bind(source, "https://api.example")
            .stepUp(
                source,
                wanted -> {
                  asked.add(wanted);
                  return stronger;
                })
            .build();
    assertThat(authorizer.stepUp(stronger, wanted(0))).as("not configured").isNull();
    for (int i = 0; i < 100; i++) {
      assertThat(authorizer.stepUp(source, wanted(i))).isSameAs(stronger);
    }
    assertThat(authorizer.stepUp(source, wanted(100))).isNull();
    assertThat(authorizer.stepUp(source, wanted(0))).as("known").isSameAs(stronger);
    assertThat(asked).hasSize(101).doesNotContain(wanted(100));
  }
}
