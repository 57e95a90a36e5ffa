package dev.everbearer.token;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import dev.everbearer.testing.Spec;
import java.security.MessageDigest;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Values that must not be shown, and are compared in constant time. */
class SecretTest {

  @Test
  @Spec("SE-05")
  void secretsAreEqualByValue() {
    assertThat(Secret.of("cAnArY"))
        .isEqualTo(Secret.of("cAnAr" + 'Y'))
        .hasSameHashCodeAs(Secret.of("cAnArY"))
        .isNotEqualTo(Secret.of("cAnArX"))
        .isNotEqualTo(Secret.of("XAnArY"))
        .isNotEqualTo(Secret.of("cAnArYY"))
        .isNotEqualTo("cAnArY")
        .isNotEqualTo(null);
    assertThat(Secret.of("\u00e9\uD83D\uDE00")).isEqualTo(Secret.of("\u00e9\uD83D\uDE00"));
  }

  @Test
  @Spec("SE-05")
  void theyAreComparedInConstantTime() {
    JavaClasses secret = new ClassFileImporter().importClasses(Secret.class, Leaky.class);
    ArchRule constantTime =
        classes().should().callMethod(MessageDigest.class, "isEqual", byte[].class, byte[].class);
    ArchRule nothingElse = noClasses().should().callMethod(String.class, "equals", Object.class);

    constantTime.check(only(secret, Secret.class));
    nothingElse.check(only(secret, Secret.class));
    assertThatThrownBy(() -> constantTime.check(only(secret, Leaky.class)))
        .isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> nothingElse.check(only(secret, Leaky.class)))
        .isInstanceOf(AssertionError.class);
  }

  private static JavaClasses only(JavaClasses classes, Class<?> type) {
    return classes.that(
        DescribedPredicate.describe(type.getSimpleName(), each -> each.isEquivalentTo(type)));
  }

  /** What the rules must catch. */
  private record Leaky(String value) implements Predicate<String> {
    @Override
    public boolean test(String other) {
      return value.equals(other);
    }
  }

  @Test
  void aSecretIsNotShown() {
    assertThat(Secret.of("cAnArY")).hasToString("***");
    assertThat(Secret.of("cAnArY").reveal()).isEqualTo("cAnArY");
    assertThatThrownBy(() -> Secret.of("")).isInstanceOf(IllegalArgumentException.class);
  }
}
