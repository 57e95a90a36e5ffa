package dev.everbearer;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSet;
import java.io.InputStream;
import java.io.Serializable;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The floors of the house and the rules of its style, held against the compiled classes. */
class ArchitectureTest {

  private static final String ROOT = "dev.everbearer";

  private static final JavaClasses CORE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/testing/"))
          .importPackages(ROOT);

  private static final Pattern SECRET_NAME =
      Pattern.compile(".*(secret|password|authorization|credential|refreshtoken|assertion).*");

  private static void holds(ArchRule rule) {
    rule.check(CORE);
  }

  // ---- floors

  @Test
  void eachFloorUsesOnlyWhatStandsBelowIt() {
    holds(
        layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
            .layer("challenge")
            .definedBy(ROOT + ".challenge..")
            .layer("token")
            .definedBy(ROOT + ".token..")
            .layer("grant")
            .definedBy(ROOT + ".grant..")
            .layer("wire")
            .definedBy(ROOT + ".wire..")
            .layer("jose")
            .definedBy(ROOT + ".jose..")
            .layer("server")
            .definedBy(ROOT + ".server..")
            .layer("client")
            .definedBy(ROOT + ".client..")
            .layer("protocol")
            .definedBy(ROOT + ".protocol..")
            .layer("store")
            .definedBy(ROOT + ".store..")
            .layer("renewal")
            .definedBy(ROOT + ".renewal..")
            .layer("http")
            .definedBy(ROOT + ".http..")
            .layer("login")
            .definedBy(ROOT + ".login..")
            .layer("root")
            .definedBy(ROOT)
            .whereLayer("challenge")
            .mayNotAccessAnyLayer()
            .whereLayer("token")
            .mayOnlyAccessLayers("challenge")
            .whereLayer("grant")
            .mayOnlyAccessLayers("challenge", "token")
            .whereLayer("wire")
            .mayOnlyAccessLayers("challenge", "token", "grant")
            .whereLayer("jose")
            .mayOnlyAccessLayers("challenge", "token", "grant", "wire")
            .whereLayer("server")
            .mayOnlyAccessLayers("challenge", "token", "grant", "wire", "jose")
            .whereLayer("client")
            .mayOnlyAccessLayers("challenge", "token", "grant", "wire", "jose", "server")
            .whereLayer("protocol")
            .mayOnlyAccessLayers("challenge", "token", "grant", "wire", "jose", "server", "client")
            .whereLayer("store")
            .mayOnlyAccessLayers("challenge", "token", "grant", "wire", "jose", "server", "client")
            .whereLayer("renewal")
            .mayOnlyAccessLayers(
                "challenge",
                "token",
                "grant",
                "wire",
                "jose",
                "server",
                "client",
                "protocol",
                "store")
            .whereLayer("http")
            .mayOnlyAccessLayers(
                "challenge",
                "token",
                "grant",
                "wire",
                "jose",
                "server",
                "client",
                "protocol",
                "store",
                "renewal")
            .whereLayer("login")
            .mayOnlyAccessLayers(
                "challenge",
                "token",
                "grant",
                "wire",
                "jose",
                "server",
                "client",
                "protocol",
                "store",
                "renewal",
                "http")
            .whereLayer("root")
            .mayNotBeAccessedByAnyLayer());
  }

  @Test
  void everyPackageHasAFloor() {
    assertThat(CORE.stream().map(JavaClass::getPackageName).map(ArchitectureTest::floor))
        .containsOnly(
            "",
            "challenge",
            "token",
            "grant",
            "wire",
            "jose",
            "server",
            "client",
            "protocol",
            "store",
            "renewal",
            "http",
            "login");
  }

  private static String floor(String packageName) {
    String below = packageName.substring(ROOT.length());
    return below.isEmpty() ? "" : below.split("\\.")[1];
  }

  @Test
  void noPackagesGoRoundInCircles() {
    holds(slices().matching(ROOT + ".(**)").should().beFreeOfCycles());
  }

  // ---- what is public

  @Test
  void theModuleExportsNothingOfTheInside() throws Exception {
    Set<String> exported = exportedPackages();
    Set<String> inside =
        CORE.stream()
            .map(JavaClass::getPackageName)
            .filter(ArchitectureTest::isInside)
            .collect(Collectors.toSet());
    assertThat(inside).isNotEmpty();
    assertThat(exported).doesNotContainAnyElementsOf(inside);
    assertThat(CORE.stream().map(JavaClass::getPackageName).filter(name -> !isInside(name)))
        .isSubsetOf(exported);
  }

  private static Set<String> exportedPackages() throws Exception {
    Path classes =
        Path.of(OAuthClient.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (InputStream module = Files.newInputStream(classes.resolve("module-info.class"))) {
      return ModuleDescriptor.read(module).exports().stream()
          .map(ModuleDescriptor.Exports::source)
          .collect(Collectors.toSet());
    }
  }

  private static boolean isInside(String packageName) {
    return (packageName + ".").contains(".internal.")
        || packageName.equals(ROOT + ".wire")
        || packageName.equals(ROOT + ".jose")
        || packageName.equals(ROOT + ".protocol");
  }

  @Test
  void publicClassesCannotBeExtendedByStrangers() {
    holds(
        classes()
            .that()
            .arePublic()
            .and()
            .areNotInterfaces()
            .should(
                satisfy(
                    "be final or sealed",
                    each ->
                        each.getModifiers().contains(JavaModifier.FINAL)
                            || each.isEnum()
                            || each.reflect().isSealed())));
  }

  @Test
  void nothingOfTheInsideStandsInAPublicSignature() {
    holds(
        classes()
            .that(describe("are exported", each -> isExported(each)))
            .should(
                satisfy(
                    "show nothing of the inside",
                    each -> insidersShownBy(each).findAny().isEmpty())));
  }

  /** Whether a class can be named by whoever uses the module. */
  private static boolean isExported(JavaClass type) {
    boolean isVisible =
        type.getModifiers().contains(JavaModifier.PUBLIC) && !isInside(type.getPackageName());
    return isVisible && type.getEnclosingClass().map(ArchitectureTest::isExported).orElse(true);
  }

  private static Stream<JavaClass> insidersShownBy(JavaClass type) {
    Stream<JavaClass> parents =
        Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream());
    Stream<JavaClass> members =
        type.getMembers().stream()
            .filter(ArchitectureTest::isShown)
            .flatMap(ArchitectureTest::used);
    return Stream.concat(parents, members)
        .map(JavaClass::getBaseComponentType)
        .filter(each -> isInside(each.getPackageName()));
  }

  private static boolean isShown(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaClass> used(JavaMember member) {
    if (member instanceof JavaCodeUnit unit) {
      return Stream.of(
              Stream.of(unit.getReturnType()),
              unit.getParameterTypes().stream(),
              unit.getTypeParameters().stream())
          .flatMap(types -> types)
          .flatMap(type -> type.getAllInvolvedRawTypes().stream());
    }
    return ((JavaField) member).getType().getAllInvolvedRawTypes().stream();
  }

  // ---- style

  @Test
  void optionalIsAnAnswerAndNothingElse() {
    holds(noFields().should().haveRawType(Optional.class));
    holds(
        classes()
            .should(
                satisfy(
                    "take no Optional",
                    each ->
                        each.getCodeUnits().stream()
                            .filter(unit -> !unit.getModifiers().contains(JavaModifier.SYNTHETIC))
                            .flatMap(unit -> unit.getRawParameterTypes().stream())
                            .noneMatch(type -> type.isEquivalentTo(Optional.class)))));
  }

  @Test
  void timeAndChanceAreGivenAndNotTaken() {
    holds(
        noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .orShould()
            .callMethod(Thread.class, "sleep", long.class, int.class)
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(Math.class, "random")
            .orShould()
            .callConstructor(Random.class)
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(java.util.concurrent.ThreadLocalRandom.class));
  }

  @Spec("SE-03")
  @Test
  void whoeverHoldsASecretSaysHowItIsPrinted() {
    holds(
        classes()
            .that(describe("hold bare secrets", ArchitectureTest::holdsBareSecret))
            .and()
            .areNotInterfaces()
            .should(satisfy("print them by hand", ArchitectureTest::printsByHand)));
    holds(
        classes()
            .that(describe("are exported", each -> isExported(each)))
            .and(describe("hold secrets", ArchitectureTest::holdsWrappedSecret))
            .should(satisfy("declare toString", each -> each.isRecord() || printsByHand(each))));
    // What the wrapped ones print is proved by SecrecyTest; here, that they say so themselves.
    for (Class<?> wrapper : List.of(Secret.class, AccessToken.class, TokenSet.class)) {
      assertThat(ownToString(CORE.get(wrapper))).isPresent();
    }
  }

  private static boolean holdsBareSecret(JavaClass type) {
    return type.getFields().stream()
        .filter(field -> !field.getModifiers().contains(JavaModifier.STATIC))
        .anyMatch(ArchitectureTest::isBareSecret);
  }

  private static boolean isBareSecret(JavaField field) {
    String type = field.getRawType().getName();
    String name = field.getName().toLowerCase(Locale.ROOT);
    boolean isText = type.equals("java.lang.String") || type.equals("java.util.Map");
    boolean isMessage = field.getOwner().isRecord() && name.equals("headers");
    return type.equals("[C") || isMessage || (isText && SECRET_NAME.matcher(name).matches());
  }

  private static boolean holdsWrappedSecret(JavaClass type) {
    return type.getFields().stream()
        .map(JavaField::getRawType)
        .anyMatch(
            each ->
                each.isEquivalentTo(Secret.class)
                    || each.isEquivalentTo(AccessToken.class)
                    || each.isEquivalentTo(TokenSet.class));
  }

  /** Its own or an ancestor's, not a record's generated one, which looks at nothing itself. */
  private static boolean printsByHand(JavaClass type) {
    JavaMethod method = ownToString(type).orElse(null);
    if (method != null) {
      return !type.isRecord()
          || !method.getFieldAccesses().isEmpty()
          || !method.getMethodCallsFromSelf().isEmpty();
    }
    return type.getAllRawSuperclasses().stream()
        .filter(each -> !each.isEquivalentTo(Object.class))
        .anyMatch(each -> ownToString(each).isPresent());
  }

  private static Optional<JavaMethod> ownToString(JavaClass type) {
    return type.tryGetMethod("toString");
  }

  @Spec("SE-03")
  @Test
  void nothingIsSerializableButExceptionsWithoutTheirData() {
    holds(
        classes()
            .that()
            .areNotAssignableTo(Throwable.class)
            .and()
            .areNotEnums()
            .and(describe("are no constants of enums", each -> !each.isAssignableTo(Enum.class)))
            .should(
                satisfy("not be serializable", each -> !each.isAssignableTo(Serializable.class))));
    holds(
        fields()
            .that()
            .areDeclaredInClassesThat()
            .areAssignableTo(Throwable.class)
            .and()
            .areNotStatic()
            .should(
                satisfyField(
                    "be transient unless it is a number or a constant",
                    field ->
                        field.getModifiers().contains(JavaModifier.TRANSIENT)
                            || field.getRawType().isPrimitive()
                            || field.getRawType().isEnum())));
  }

  /** The rule above has something to hold. */
  @Test
  void recordsWithBareSecretsAreRecognised() {
    assertThat(CORE.stream().filter(JavaClass::isRecord).filter(each -> holdsBareSecret(each)))
        .isNotEmpty()
        .allMatch(ArchitectureTest::printsByHand);
    assertThat(printsByHand(CORE.get(dev.everbearer.store.GrantKey.class))).isFalse();
  }

  // ---- conditions

  private static ArchCondition<JavaClass> satisfy(String what, Predicate<JavaClass> condition) {
    return condition(what, condition, JavaClass::getName);
  }

  private static ArchCondition<JavaField> satisfyField(
      String what, Predicate<JavaField> condition) {
    return condition(what, condition, JavaField::getFullName);
  }

  private static <T> ArchCondition<T> condition(
      String what, Predicate<T> holds, Function<T, String> name) {
    return new ArchCondition<>(what) {
      @Override
      public void check(T item, ConditionEvents events) {
        String message = name.apply(item) + " should " + what;
        events.add(new SimpleConditionEvent(item, holds.test(item), message));
      }
    };
  }
}
