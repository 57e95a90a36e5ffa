package dev.everbearer.login.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** RFC 8252 section 6: the person's own browser, and no shell before it. */
class SystemBrowserTest {

  @TempDir Path folder;

  @Spec("NA-01")
  @Test
  void eachSystemHasItsProgram() {
    assertThat(SystemBrowser.program("Linux", name -> null)).containsExactly("xdg-open");
    assertThat(SystemBrowser.program("Mac OS X", name -> null)).containsExactly("/usr/bin/open");
    assertThat(SystemBrowser.program("Windows 11", Map.of("SystemRoot", "D:\\Win")::get))
        .containsExactly("D:\\Win\\System32\\rundll32.exe", "url.dll,FileProtocolHandler");
    assertThat(SystemBrowser.program("Windows 11", name -> null))
        .containsExactly("C:\\Windows\\System32\\rundll32.exe", "url.dll,FileProtocolHandler");
  }

  @Spec("NA-01")
  @DisabledOnOs(OS.WINDOWS)
  @Test
  void theUrlArrivesAsOneArgumentWhateverIsInIt() throws Exception {
    Path seen = folder.resolve("arguments");
    Path touched = folder.resolve("touched");
    // A program that writes down each of its arguments on a line of its own.
    List<String> program =
        List.of("/bin/sh", "-c", "printf '%s\\n' \"$@\" > '" + seen + "'", "program");
    URI url =
        URI.create(
            "https://id.example.com/a;touch$IFS"
                + touched
                + "?x=$(touch+"
                + touched
                + ")&y='a'&z=%60id%60&q=%22&!=*");

    new SystemBrowser(program).open(url);

    assertThat(Files.readAllLines(seen)).containsExactly(url.toString());
    assertThat(touched).doesNotExist();
  }

  @Spec("NA-01")
  @DisabledOnOs(OS.WINDOWS)
  @Test
  void aProgramThatFailsOrIsMissingIsTold() {
    URI url = URI.create("https://id.example.com/?state=hidden");
    assertThatThrownBy(() -> new SystemBrowser(List.of("/bin/sh", "-c", "exit 3")).open(url))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("ended with 3")
        .hasMessageNotContaining("hidden");
    assertThatThrownBy(() -> new SystemBrowser(List.of("/nowhere/browser")).open(url))
        .isInstanceOf(IOException.class)
        .hasMessageNotContaining("hidden");
  }
}
