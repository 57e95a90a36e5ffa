package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;

/** The public API as a text that is reviewed with each change, and what it costs to depend on. */
class PublicApiTest {

  private static final Path APPROVED = Path.of("src/test/resources/public-api.txt");
  private static final int MAX_BYTES = 2_750_000;

  @Test
  void thePublicApiIsTheApprovedOne() throws Exception {
    String actual = api();
    if (Boolean.getBoolean("api.update")) {
      Files.writeString(APPROVED, actual);
    }
    assertThat(actual)
        .as(
            "The public API differs from %s. If that is meant, write it anew with"
                + " mvn test -pl core -am -Dtest=PublicApiTest -Dapi.update=true"
                + " -Dsurefire.failIfNoSpecifiedTests=false, review the difference, and commit it.",
            APPROVED)
        .isEqualTo(Files.readString(APPROVED).replace("\r\n", "\n"));
  }

  @Test
  void coreAndItsTwoJarsAreSmall() throws Exception {
    long jackson = Files.size(jarOf(tools.jackson.core.JsonParser.class));
    long nimbus = Files.size(jarOf(com.nimbusds.jose.JOSEObject.class));

    assertThat(packed(classes()) + jackson + nimbus).isLessThan(MAX_BYTES);
  }

  private static Path jarOf(Class<?> type) throws URISyntaxException {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static Path classes() throws URISyntaxException {
    return jarOf(OAuthClient.class);
  }

  /** The size of the classes in a jar. */
  private static int packed(Path folder) throws IOException {
    ByteArrayOutputStream jar = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(jar);
        Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString()));
        Files.copy(file, zip);
      }
    }
    return jar.size();
  }

  // ---- the text

  private static String api() throws Exception {
    List<String> blocks = new ArrayList<>();
    for (String exported : exportedPackages()) {
      for (Class<?> type : typesOf(exported)) {
        if (isVisible(type)) {
          blocks.add(describe(type));
        }
      }
    }
    return String.join("\n", blocks);
  }

  private static Set<String> exportedPackages() throws Exception {
    try (InputStream module = Files.newInputStream(classes().resolve("module-info.class"))) {
      return ModuleDescriptor.read(module).exports().stream()
          .map(ModuleDescriptor.Exports::source)
          .collect(Collectors.toCollection(TreeSet::new));
    }
  }

  private static List<Class<?>> typesOf(String packageName) throws Exception {
    List<Class<?>> types = new ArrayList<>();
    try (Stream<Path> files = Files.list(classes().resolve(packageName.replace('.', '/')))) {
      for (Path file : files.sorted().toList()) {
        String name = file.getFileName().toString();
        if (name.endsWith(".class") && !name.equals("package-info.class")) {
          types.add(Class.forName(packageName + "." + name.replace(".class", "")));
        }
      }
    }
    return types;
  }

  private static boolean isVisible(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return !type.isAnonymousClass()
        && isShown(type.getModifiers())
        && (outer == null || isVisible(outer));
  }

  private static boolean isShown(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static String describe(Class<?> type) {
    StringBuilder text = new StringBuilder(type.isSealed() ? "sealed " : "");
    // Newer JDKs say it themselves, elsewhere.
    text.append(type.toGenericString().replaceAll("\\b(non-)?sealed ", ""));
    if (type.getGenericSuperclass() != null && type.getSuperclass() != Object.class) {
      text.append(" extends ").append(type.getGenericSuperclass().getTypeName());
    }
    for (var each : type.getGenericInterfaces()) {
      text.append(" implements ").append(each.getTypeName());
    }
    text.append('\n');
    members(type).forEach(member -> text.append("  ").append(member).append('\n'));
    return text.toString();
  }

  private static Set<String> members(Class<?> type) {
    Set<String> members = new TreeSet<>();
    Stream.of(type.getDeclaredFields(), type.getDeclaredConstructors(), type.getDeclaredMethods())
        .flatMap(Arrays::stream)
        .filter(member -> isShown(member.getModifiers()) && !member.isSynthetic())
        .forEach(member -> members.add(describe(member, type)));
    return members;
  }

  private static String describe(Member member, Class<?> type) {
    String text =
        member instanceof Method method
            ? method.toGenericString()
            : member instanceof Constructor<?> constructor
                ? constructor.toGenericString()
                : ((Field) member).toGenericString();
    return text.replace(type.getTypeName() + ".", "") + nullable((AnnotatedElement) member);
  }

  /** Which values may be null, for that is a promise like any other. */
  private static String nullable(AnnotatedElement member) {
    List<String> places = new ArrayList<>();
    if (member instanceof Executable executable) {
      if (executable.getAnnotatedReturnType().getAnnotations().length > 0) {
        places.add("result");
      }
      for (int i = 0; i < executable.getAnnotatedParameterTypes().length; i++) {
        if (executable.getAnnotatedParameterTypes()[i].getAnnotations().length > 0) {
          places.add("parameter " + (i + 1));
        }
      }
    }
    return places.isEmpty() ? "" : " // may be null: " + String.join(", ", places);
  }
}
