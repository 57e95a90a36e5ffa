package dev.everbearer.wire;

/** Where an answer sends whoever asks. It is named, and never followed. */
public final class Redirects {

  private static final int MAX_LENGTH = 200;

  private Redirects() {}

  /** Whether the answer is no answer but sends elsewhere. */
  public static boolean isOne(HttpAnswer answer) {
    return answer.status() >= 300 && answer.status() < 400;
  }

  /** Where to, as the server wrote it, without what may be somebody's secret. */
  public static String target(HttpAnswer answer) {
    return Urls.shown(answer.header("location").orElse("nowhere"));
  }

  /** The rest of a sentence that names the status; empty when the answer is no redirect. */
  public static String told(HttpAnswer answer) {
    return isOne(answer)
        ? ", a redirect to %s, which is not followed"
            .formatted(Untrusted.printable(target(answer), MAX_LENGTH))
        : "";
  }
}
