package dev.everbearer.wire;

import java.net.URI;

/** URLs made fit to be shown: user information, query and fragment may be somebody's secrets. */
public final class Urls {

  private Urls() {}

  /** The text of a URL with nothing in it but scheme, host, port and path. */
  public static String shown(String url) {
    int end = firstOf(url, "?#", 0);
    int authority = url.indexOf("//") + 2;
    String kept = url.substring(0, end);
    int at = authority < 2 ? -1 : kept.lastIndexOf('@', firstOf(kept, "/", authority) - 1);
    return at < authority ? kept : kept.substring(0, authority) + kept.substring(at + 1);
  }

  /** As {@link #shown(String)}. */
  public static String shown(URI url) {
    return shown(url.toString());
  }

  /**
   * Reads a URL.
   *
   * @param what its name in the message, such as {@code token endpoint}
   * @throws IllegalArgumentException if it is none; the message does not repeat its query
   */
  public static URI parse(String what, String url) {
    try {
      return URI.create(url);
    } catch (IllegalArgumentException e) {
      // The platform's own message is dropped on purpose: it repeats the whole input.
      throw new IllegalArgumentException("The " + what + " is not a URL: " + shown(url));
    }
  }

  static URI withoutQuery(URI uri) {
    String text = uri.toString();
    int query = text.indexOf('?');
    return query < 0 ? uri : URI.create(text.substring(0, query));
  }

  private static int firstOf(String text, String characters, int from) {
    int at = Math.max(0, from);
    while (at < text.length() && characters.indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }
}
