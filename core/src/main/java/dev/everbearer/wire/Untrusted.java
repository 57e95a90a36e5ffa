package dev.everbearer.wire;

/** Text that a server wrote, made fit to be shown. */
public final class Untrusted {

  private Untrusted() {}

  /**
   * The text without control, format and bidirectional characters, cut to a length.
   *
   * @param maxLength in characters, the mark of the cut not counted
   */
  public static String printable(String text, int maxLength) {
    StringBuilder kept = new StringBuilder();
    for (int i = 0; i < text.length() && kept.length() < maxLength; i++) {
      char c = text.charAt(i);
      if (isShown(c)) {
        kept.append(c);
      }
    }
    return kept.length() == maxLength && text.length() > maxLength ? kept + "…" : kept.toString();
  }

  private static boolean isShown(char c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
