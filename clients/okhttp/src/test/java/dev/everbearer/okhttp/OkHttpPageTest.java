package dev.everbearer.okhttp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the page about OkHttp compiles as it stands. */
class OkHttpPageTest {

  private static final Path PAGE = Path.of("../../docs/okhttp.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```java okhttp\\n(.*?)```");

  private static final String IMPORTS =
      """
      import dev.everbearer.*;
      import dev.everbearer.grant.*;
      import dev.everbearer.http.*;
      import dev.everbearer.okhttp.*;
      import java.time.Duration;
      import okhttp3.OkHttpClient;
      """;

  @TempDir Path directory;

  @Test
  void everyBlockCompiles() throws IOException {
    List<Path> files = new ArrayList<>();
    Matcher blocks = BLOCK.matcher(Files.readString(PAGE));
    while (blocks.find()) {
      files.add(file(blocks.group(1), "Block" + files.size()));
    }
    assertThat(files).hasSize(2);
    StringWriter complaints = new StringWriter();
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager manager =
        compiler.getStandardFileManager(null, Locale.ROOT, null)) {
      List<String> options =
          List.of(
              "-proc:none",
              "-d",
              directory.toString(),
              "-cp",
              System.getProperty("java.class.path"));
      var units = manager.getJavaFileObjectsFromPaths(files);
      boolean compiles = compiler.getTask(complaints, manager, null, options, null, units).call();
      assertThat(compiles).as(complaints.toString()).isTrue();
    }
  }

  /** A whole program as it is; statements in a method around them. */
  private Path file(String block, String name) throws IOException {
    Matcher program = Pattern.compile("public class (\\w+)").matcher(block);
    if (program.find()) {
      return Files.writeString(directory.resolve(program.group(1) + ".java"), block);
    }
    String around = "class %s { void run(OAuthClient client, OkHttpClient mine) {\n%s\n} }";
    return Files.writeString(
        directory.resolve(name + ".java"), IMPORTS + around.formatted(name, block));
  }
}
