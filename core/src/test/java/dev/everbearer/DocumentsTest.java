package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java in the documents compiles as it stands, and their links lead somewhere. */
class DocumentsTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern JAVA_BLOCK = Pattern.compile("(?s)```java\\n(.*?)```");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)");

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

  private static List<Path> documents() throws IOException {
    List<Path> documents = new ArrayList<>(List.of(ROOT.resolve("README.md")));
    try (Stream<Path> pages = Files.walk(ROOT.resolve("docs"))) {
      pages.filter(page -> page.toString().endsWith(".md")).sorted().forEach(documents::add);
    }
    return documents;
  }

  @Test
  void everyJavaBlockOfTheDocumentsCompiles() throws IOException {
    Map<String, String> sources = new LinkedHashMap<>();
    for (Path document : documents()) {
      Matcher blocks = JAVA_BLOCK.matcher(Files.readString(document));
      while (blocks.find()) {
        String name = "Block" + sources.size();
        sources.put(name, source(name, blocks.group(1)));
      }
    }
    assertThat(sources).hasSizeGreaterThanOrEqualTo(3);
    compile(sources);
  }

  @Test
  void theReadmeOpensWithTheThreeStatements() throws IOException {
    Matcher blocks = JAVA_BLOCK.matcher(Files.readString(ROOT.resolve("README.md")));
    assertThat(blocks.find()).isTrue();
    String first = blocks.group(1).replaceAll("\\s//[^\\n]*", "");
    assertThat(first.chars().filter(c -> c == ';').count()).isEqualTo(3);
    assertThat(first)
        .contains(".tokenEndpoint(", ".clientSecretPost(", "httpClientFor(", "api.send(");
  }

  @Test
  void everyLinkLeadsToAFile() throws IOException {
    for (Path document : documents()) {
      Matcher links = LINK.matcher(Files.readString(document));
      while (links.find()) {
        assertThat(document.resolveSibling(links.group(1)))
            .as("a link of %s", ROOT.relativize(document))
            .exists();
      }
    }
  }

  private static String source(String name, String block) {
    boolean declaresClient = block.contains("OAuthClient client =");
    return IMPORTS
        + "class %s { void run(%s) throws Exception {\n%s\n} }"
            .formatted(name, declaresClient ? "" : "OAuthClient client", block);
  }

  private void compile(Map<String, String> sources) {
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
                List.of(
                    "-proc:none",
                    "-d",
                    classes.toString(),
                    "-cp",
                    System.getProperty("java.class.path")),
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
