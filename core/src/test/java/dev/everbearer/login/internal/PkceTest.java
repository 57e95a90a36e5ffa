package dev.everbearer.login.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import dev.everbearer.token.Secret;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

@Spec("PK-01")
class PkceTest {

  /** RFC 7636 appendix B. */
  @Test
  void theChallengeIsThatOfTheSpecificationsExample() {
    assertThat(Pkce.challenge(Secret.of("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")))
        .isEqualTo("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
  }

  @Test
  void verifiersAreUnreservedCharactersAndNeverTheSame() {
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < 100_000; i++) {
      String verifier = Pkce.verifier().reveal();
      assertThat(verifier.length()).isBetween(43, 128);
      assertThat(verifier.chars())
          .allMatch(c -> Character.isLetterOrDigit(c) || c == '-' || c == '_')
          .allMatch(c -> c < 0x7f);
      seen.add(verifier);
    }
    assertThat(seen).hasSize(100_000);
  }
}
