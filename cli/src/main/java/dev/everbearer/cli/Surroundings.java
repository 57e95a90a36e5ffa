package dev.everbearer.cli;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Map;

/**
 * What a command has around it.
 *
 * @param in standard input
 * @param out standard output, for the result alone
 * @param err standard error, for everything else
 * @param environment the environment variables
 * @param isTerminal whether standard output is a terminal
 */
record Surroundings(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    boolean isTerminal) {

  /** Set by the launcher, which can tell even when standard input is no terminal. */
  private static final String TERMINAL = "everbearer.terminal";

  /** Those of this process. */
  static Surroundings ofProcess() {
    return new Surroundings(System.in, System.out, System.err, System.getenv(), seesTerminal());
  }

  private static boolean seesTerminal() {
    String told = System.getProperty(TERMINAL, "");
    return told.isEmpty() ? hasConsole() : told.equals("true");
  }

  @SuppressWarnings("SystemConsoleNull") // newer JDKs are asked whether it is a terminal
  private static boolean hasConsole() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }

  /** Says something to the person, on standard error. */
  void say(String text) {
    err.println(PrintableText.lines(text));
    err.flush();
  }
}
