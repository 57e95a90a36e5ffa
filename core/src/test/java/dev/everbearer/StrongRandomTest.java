package dev.everbearer;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.everbearer.testing.Spec;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.Test;

/** No weak source of random is used, not even where it would do: so none has to be judged. */
class StrongRandomTest {

  // Random is the superclass of SecureRandom, so a call is judged by the type it is made on.
  private static final ArchRule NO_WEAK_RANDOM =
      noClasses()
          .should()
          .callConstructor(Random.class)
          .orShould()
          .callConstructor(Random.class, long.class)
          .orShould()
          .dependOnClassesThat()
          .belongToAnyOf(ThreadLocalRandom.class, SplittableRandom.class)
          .orShould()
          .callMethod(Math.class, "random");

  @Test
  @Spec("SE-05")
  void mainCodeUsesNoWeakRandom() {
    NO_WEAK_RANDOM.check(
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("dev.everbearer"));
  }

  @Test
  @Spec("SE-05")
  void theRuleCatchesEachOfThem() {
    for (Class<?> weak : new Class<?>[] {A.class, B.class, C.class, D.class, E.class}) {
      assertThatThrownBy(() -> NO_WEAK_RANDOM.check(new ClassFileImporter().importClasses(weak)))
          .isInstanceOf(AssertionError.class);
    }
  }

  private static final class A implements DoubleSupplier {
    @Override
    public double getAsDouble() {
      return new Random().nextDouble();
    }
  }

  private static final class B implements DoubleSupplier {
    @Override
    public double getAsDouble() {
      return ThreadLocalRandom.current().nextDouble();
    }
  }

  private static final class C implements DoubleSupplier {
    @Override
    public double getAsDouble() {
      return new SplittableRandom().nextDouble();
    }
  }

  private static final class D implements DoubleSupplier {
    @Override
    public double getAsDouble() {
      return Math.random();
    }
  }

  private static final class E implements DoubleSupplier {
    @Override
    public double getAsDouble() {
      return new Random(1).nextDouble();
    }
  }
}
