package dev.everbearer.login.internal;

import java.nio.charset.StandardCharsets;

/**
 * What the browser is shown at the end of a login: text, and nothing that came with the request. It
 * loads nothing, is not kept, and tells no other page where it was (RFC 9700 section 4.2).
 */
final class LoopbackPage {

  private static final String HEADERS =
      """
      Content-Type: text/html; charset=utf-8
      Cache-Control: no-store
      Pragma: no-cache
      Referrer-Policy: no-referrer
      X-Content-Type-Options: nosniff
      Content-Security-Policy: default-src 'none'; base-uri 'none'; form-action 'none'; \
      frame-ancestors 'none'
      Connection: close
      """;

  private LoopbackPage() {}

  /** A whole HTTP answer. */
  static byte[] of(String status, String text) {
    byte[] page =
        ("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Login</title></head>"
                + "<body><p>"
                + escaped(text)
                + "</p></body></html>\n")
            .getBytes(StandardCharsets.UTF_8);
    String head =
        ("HTTP/1.1 " + status + "\n" + HEADERS + "Content-Length: " + page.length + "\n\n")
            .replace("\n", "\r\n");
    byte[] headBytes = head.getBytes(StandardCharsets.US_ASCII);
    byte[] answer = new byte[headBytes.length + page.length];
    System.arraycopy(headBytes, 0, answer, 0, headBytes.length);
    System.arraycopy(page, 0, answer, headBytes.length, page.length);
    return answer;
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
