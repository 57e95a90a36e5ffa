package dev.everbearer.login.internal;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Opens the person's own browser (RFC 8252 section 6). The URL is one argument of a program; no
 * shell sees it. Thread-safe.
 */
final class SystemBrowser {

  /** What does not work ends with an error soon; what works may stay. */
  private static final long PATIENCE_SECONDS = 3;

  private final List<String> program;

  /** Opens URLs by a program that takes one as its last argument. */
  SystemBrowser(List<String> program) {
    this.program = List.copyOf(program);
  }

  /** The browser of this machine. */
  static SystemBrowser ofThisMachine() {
    return new SystemBrowser(
        program(System.getProperty("os.name", ""), name -> System.getenv(name)));
  }

  /**
   * The program that opens URLs on an operating system.
   *
   * @param environment gives the value of a variable, or null
   */
  static List<String> program(String system, UnaryOperator<String> environment) {
    String name = system.toLowerCase(Locale.ROOT);
    if (name.startsWith("windows")) {
      String root = environment.apply("SystemRoot");
      String folder = root == null ? "C:\\Windows" : root;
      return List.of(folder + "\\System32\\rundll32.exe", "url.dll,FileProtocolHandler");
    }
    return List.of(name.startsWith("mac") ? "/usr/bin/open" : "xdg-open");
  }

  /**
   * Opens a URL.
   *
   * @param url of http or https; checked before
   * @throws IOException if there is no browser, or none that can be opened
   * @throws InterruptedException when interrupted
   */
  void open(URI url) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(program);
    command.add(url.toASCIIString());
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    process.getOutputStream().close();
    if (process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) && process.exitValue() != 0) {
      throw new IOException(program.get(0) + " ended with " + process.exitValue());
    }
  }
}
