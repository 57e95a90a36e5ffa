package dev.everbearer.demo;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.ProcessBuilder.Redirect;

/**
 * Tells whether standard error is a terminal. The JDK's {@code System.console()} does not: it looks
 * at the other two streams, and from 22 on it is there without any terminal.
 */
final class Terminal {

  private Terminal() {}

  /** Whether a stream is the process's standard error, on a terminal that can move its cursor. */
  @SuppressWarnings("SystemConsoleNull") // Only where `test` is missing, as on Windows.
  static boolean isBehind(PrintStream stream) {
    if (stream != System.err || "dumb".equals(System.getenv("TERM"))) {
      return false;
    }
    try {
      return new ProcessBuilder("test", "-t", "2").redirectError(Redirect.INHERIT).start().waitFor()
          == 0;
    } catch (IOException e) {
      return System.console() != null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
