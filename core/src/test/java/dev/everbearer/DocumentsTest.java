package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Java in the documents compiles: a block that begins with its imports as it stands, any other
 * as the statements of a method. What can be chosen has a page with such a program.
 */
class DocumentsTest {

  private static final Pattern JAVA_BLOCK = Pattern.compile("(?s)```java\\n(.*?)```");
  private static final Pattern PROGRAM = Pattern.compile("(?s)```java\\n(import .*?)```");
  private static final Pattern CLASS = Pattern.compile("(?m)^class (\\w+) ");

  private static final Pattern CORE =
      Pattern.compile("core/target/classes$|/jackson-core-[^/]*jar$|/nimbus-jose-jwt-[^/]*jar$");
  private static final String TESTING = "import dev.everbearer.testing.server.*;\n";

  private static final String IMPORTS =
      """
      import dev.everbearer.*;
      import dev.everbearer.challenge.*;
      import dev.everbearer.client.*;
      import dev.everbearer.grant.*;
      import dev.everbearer.http.*;
      import dev.everbearer.login.*;
      import dev.everbearer.login.AuthorizationResponse;
      import dev.everbearer.server.*;
      import dev.everbearer.store.*;
      import dev.everbearer.testing.server.*;
      import dev.everbearer.token.*;
      import java.net.URI;
      import java.net.http.*;
      import java.net.http.HttpResponse.BodyHandlers;
      import java.nio.file.*;
      import java.time.Duration;
      import java.util.concurrent.CompletionStage;
      """;

  @TempDir Path classes;

  /** The core and what it needs at run time, as a program's class path has it. */
  private static String coreOnly() {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> CORE.matcher(entry).find())
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void everyJavaBlockOfTheDocumentsCompiles() throws IOException {
    Map<String, String> sources = sources(Documents.pages());
    assertThat(sources).hasSizeGreaterThanOrEqualTo(3);
    compile(sources, System.getProperty("java.class.path"));
  }

  @Test
  void theReadmeNeedsNothingButTheCoreAndItsTwoJars() throws IOException {
    assertThat(coreOnly().split(File.pathSeparator)).hasSize(3);
    Map<String, String> sources = sources(List.of(Documents.ROOT.resolve("README.md")));
    sources.replaceAll((name, text) -> text.replace(TESTING, ""));
    compile(sources, coreOnly());
  }

  private static Map<String, String> sources(List<Path> documents) throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (Path document : documents) {
      Matcher blocks = JAVA_BLOCK.matcher(Files.readString(document));
      while (blocks.find()) {
        String block = blocks.group(1);
        Matcher declared = CLASS.matcher(block);
        boolean isProgram = block.startsWith("import ") && declared.find();
        String name = isProgram ? declared.group(1) : "Block" + sources.size();
        String twin = sources.put(name, isProgram ? block : source(name, block));
        assertThat(twin).as("another program named %s", name).isNull();
      }
    }
    return sources;
  }

  @Test
  void theTestOfTheTestingPagePasses() throws Exception {
    Matcher program = PROGRAM.matcher(Files.readString(Documents.ROOT.resolve("docs/testing.md")));
    assertThat(program.find()).as("the page has a program").isTrue();
    Matcher name = CLASS.matcher(program.group(1));
    assertThat(name.find()).isTrue();
    compile(Map.of(name.group(1), program.group(1)), System.getProperty("java.class.path"));
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes.toUri().toURL()})) {
      Class<?> test = loader.loadClass(name.group(1));
      Constructor<?> constructor = test.getDeclaredConstructor();
      constructor.setAccessible(true);
      List<Method> methods =
          Stream.of(test.getDeclaredMethods())
              .filter(method -> method.isAnnotationPresent(Test.class))
              .toList();
      assertThat(methods).isNotEmpty();
      for (Method method : methods) {
        method.setAccessible(true);
        method.invoke(constructor.newInstance());
      }
    }
  }

  static Stream<Method> grants() {
    return factories(Grant.class);
  }

  @ParameterizedTest
  @MethodSource("grants")
  void everyGrantHasAPageWithAProgram(Method factory) throws IOException {
    assertProgram("docs/grants/", factory, "Grant." + factory.getName() + "(");
  }

  /** All but those that choose among others. */
  static Stream<Method> methods() {
    return factories(ClientAuthentication.class)
        .filter(factory -> !Set.of("clientSecret", "firstSupported").contains(factory.getName()));
  }

  @ParameterizedTest
  @MethodSource("methods")
  void everyClientAuthenticationMethodHasAPageWithAProgram(Method factory) throws IOException {
    assertProgram("docs/client-authentication/", factory, "." + factory.getName() + "(");
  }

  private static Stream<Method> factories(Class<?> type) {
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> Modifier.isStatic(method.getModifiers()))
        .filter(method -> Modifier.isPublic(method.getModifiers()))
        .filter(method -> type.isAssignableFrom(method.getReturnType()));
  }

  private static void assertProgram(String folder, Method factory, String call) throws IOException {
    String page = factory.getName().replaceAll("[A-Z]", "-$0").toLowerCase(Locale.ROOT) + ".md";
    Path file = Documents.ROOT.resolve(folder + page);
    assertThat(file).exists();
    assertThat(Files.readString(file.resolveSibling("README.md"))).contains("](" + page + ")");
    Matcher program = PROGRAM.matcher(Files.readString(file));
    assertThat(program.find()).as("%s begins with a program", page).isTrue();
    assertThat(program.group(1)).contains(call);
  }

  @Test
  void theReadmeOpensWithAProgramOfTheThreeStatements() throws IOException {
    Matcher blocks = JAVA_BLOCK.matcher(Files.readString(Documents.ROOT.resolve("README.md")));
    assertThat(blocks.find()).isTrue();
    assertThat(blocks.group(1)).startsWith("import ");
    String[] parts = blocks.group(1).replaceAll("\\s//[^\\n]*", "").split("(?m)^class .*");
    assertThat(parts).hasSize(2);
    String first = parts[1];
    assertThat(first.chars().filter(c -> c == ';').count()).isEqualTo(3);
    assertThat(first)
        .contains(".tokenEndpoint(", ".clientSecretPost(", "httpClientFor(", "api.send(");
  }

  private static String source(String name, String block) {
    boolean declaresClient = block.contains("OAuthClient client =");
    return IMPORTS
        + "class %s { void run(%s) throws Exception {\n%s\n} }"
            .formatted(name, declaresClient ? "" : "OAuthClient client", block);
  }

  private void compile(Map<String, String> sources, String classPath) {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter complaints = new StringWriter();
    List<JavaFileObject> units = new ArrayList<>();
    sources.forEach((name, text) -> units.add(new Source(name, text)));
    boolean compiles =
        compiler
            .getTask(
                complaints,
                compiler.getStandardFileManager(null, Locale.ROOT, null),
                null,
                List.of("-proc:none", "-d", classes.toString(), "-cp", classPath),
                null,
                units)
            .call();
    assertThat(compiles).as(complaints.toString()).isTrue();
  }

  private static final class Source extends SimpleJavaFileObject {

    private final String text;

    Source(String name, String text) {
      super(URI.create("string:///" + name + ".java"), Kind.SOURCE);
      this.text = text;
    }

    @Override
    public CharSequence getCharContent(boolean ignoreEncodingErrors) {
      return text;
    }
  }
}
