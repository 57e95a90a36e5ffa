package dev.everbearer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The text of the launcher for Windows, which no other system can run. */
class WindowsLauncherTest {

  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final Pattern MODULE = Pattern.compile("<module>\\s*(.+?)\\s*</module>");
  private static final Pattern LIST = Pattern.compile("(?m)^set \"modules=(.*)\"\\r?$");
  private static final Pattern LOOP = Pattern.compile("for %%m in \\((.*)\\) do");

  @Test
  void itCopiesEveryModuleThatMavenLooksFor() throws IOException {
    String launcher = Files.readString(ROOT.resolve("everbearer.cmd"));

    assertThat(groups(LIST, launcher)).hasSize(1);
    String[] listed = groups(LIST, launcher).get(0).replace('\\', '/').split(" ");
    assertThat(listed).containsExactlyInAnyOrderElementsOf(modulesFrom(Path.of(".")));
    assertThat(groups(LOOP, launcher)).hasSize(2).containsOnly("%modules%");
  }

  /** A directory with a pom, and all below it that its pom names. */
  private static List<String> modulesFrom(Path module) throws IOException {
    List<String> all = new ArrayList<>(List.of(module.toString().replace('\\', '/')));
    for (String child : groups(MODULE, Files.readString(ROOT.resolve(module).resolve("pom.xml")))) {
      all.addAll(modulesFrom(module.resolve(child).normalize()));
    }
    return all;
  }

  private static List<String> groups(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(result -> result.group(1)).toList();
  }
}
