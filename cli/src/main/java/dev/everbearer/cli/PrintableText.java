package dev.everbearer.cli;

/** Text that may come from a server, made fit for a terminal. */
final class PrintableText {

  private static final int LONGEST_WORDING = 500;

  private PrintableText() {}

  /** One line: without control, format and bidirectional characters, and of bounded length. */
  static String line(String text) {
    StringBuilder kept = new StringBuilder();
    text.chars().filter(c -> isShown((char) c)).forEach(c -> kept.append((char) c));
    return kept.length() <= LONGEST_WORDING
        ? kept.toString()
        : kept.substring(0, LONGEST_WORDING) + "…";
  }

  /** As {@link #line}, of any length, with its line breaks and tabs. */
  static String lines(CharSequence text) {
    StringBuilder kept = new StringBuilder(text.length());
    text.chars()
        .filter(c -> c == '\n' || c == '\t' || isShown((char) c))
        .forEach(c -> kept.append((char) c));
    return kept.toString();
  }

  private static boolean isShown(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
