package dev.everbearer.store.jdbc;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The Java of the page about the store compiles as it stands, and its tables are those of the jar.
 */
class JdbcPageTest {

  private static final Path PAGE = Path.of("../../docs/jdbc-store.md");
  private static final Pattern BLOCK = Pattern.compile("(?s)```java jdbc\\n(.*?)```");

  private static final String IMPORTS =
      """
      import dev.everbearer.store.*;
      import dev.everbearer.store.jdbc.*;
      import java.time.Duration;
      import javax.sql.DataSource;
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

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void theTablesAreThoseOfTheJar(Dialect dialect) throws IOException {
    String page = Files.readString(PAGE);
    assertThat(Schema.statements(dialect, new Tables(Tables.PREFIX)))
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(statement -> assertThat(page).contains(statement + ";"));
  }

  /** A whole program as it is; statements in a method around them. */
  private Path file(String block, String name) throws IOException {
    Matcher program = Pattern.compile("public class (\\w+)").matcher(block);
    if (program.find()) {
      return Files.writeString(directory.resolve(program.group(1) + ".java"), block);
    }
    String around = "class %s { void run(DataSource pool, StoreKeys keys) {\n%s\n} }";
    return Files.writeString(
        directory.resolve(name + ".java"), IMPORTS + around.formatted(name, block));
  }
}
