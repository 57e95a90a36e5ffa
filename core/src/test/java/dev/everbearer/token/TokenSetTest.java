package dev.everbearer.token;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An answer prints nothing that the server wrote into its other members. */
@Spec("SE-03")
class TokenSetTest {

  private static TokenSet of(Map<String, Object> extras) {
    return TokenSet.builder(AccessToken.bearer("canary")).extras(extras).build();
  }

  @Test
  void namesOfOtherMembersAreNotPrinted() {
    TokenSet tokens = of(Map.of("x\r\nERROR \u202efake", "value-canary"));
    assertThat(tokens + " " + tokens.toBuilder())
        .doesNotContain("canary", "fake", "\r", "\n", "\u202e")
        .contains("with 1 other member]");
    assertThat(of(Map.of("a", 1, "b", 2)).toString()).contains("with 2 other members]");
    assertThat(of(Map.of()).toString()).doesNotContain("other");
  }
}
