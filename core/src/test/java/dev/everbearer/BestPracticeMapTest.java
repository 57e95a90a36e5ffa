package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What RFC 9700 asks for is held by tests of other rows; each of those is there. */
class BestPracticeMapTest {

  private static final Path ROOT = Path.of("..");
  private static final Pattern MODULE = Pattern.compile("<module>(.*?)</module>");
  private static final Pattern MARKS = Pattern.compile("@Spec\\(([^)]*)\\)");
  private static final Pattern ROW = Pattern.compile("\"([A-Z0-9]+-[0-9]+)\"");

  private static Set<String> marked() throws IOException {
    Set<String> rows = new TreeSet<>();
    Matcher module = MODULE.matcher(Files.readString(ROOT.resolve("pom.xml")));
    while (module.find()) {
      Path tests = ROOT.resolve(module.group(1)).resolve("src/test/java");
      if (Files.isDirectory(tests)) {
        collect(tests, rows);
      }
    }
    return rows;
  }

  private static void collect(Path tests, Set<String> rows) throws IOException {
    try (Stream<Path> files = Files.walk(tests)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".java")).toList()) {
        Matcher marks = MARKS.matcher(Files.readString(file));
        while (marks.find()) {
          ROW.matcher(marks.group(1)).results().forEach(row -> rows.add(row.group(1)));
        }
      }
    }
  }

  @ParameterizedTest(name = "{0}: {1}")
  @Spec("BP-03")
  @CsvSource({
    "mix-up, IS-05",
    "intended servers only, LC-50",
    "refresh tokens, RF-03",
    "refresh tokens, RF-04",
    "refresh tokens, RF-05",
    "refresh tokens, RF-06",
    "refresh tokens, RF-07",
    "refresh tokens, RV-05",
    "request forgery, AC-02",
    "code injection, PK-02",
    "asymmetric client authentication, CA-04",
    "no token in a URL, BR-01",
  })
  void whatTheBestPracticeAsksForHasATest(String unused, String row) throws Exception {
    assertThat(marked()).contains(row);
  }

  @Test
  @Spec("BP-03")
  void aRowWithoutATestIsSeen() throws Exception {
    assertThat(marked()).isNotEmpty().doesNotContain("BP-99");
  }
}
