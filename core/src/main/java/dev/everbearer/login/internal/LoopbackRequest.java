package dev.everbearer.login.internal;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request to the loopback port.
 *
 * @param method such as {@code GET}
 * @param target path and query, as they were sent
 * @param headers the values of each field, names in lower case
 */
record LoopbackRequest(String method, String target, Map<String, List<String>> headers) {

  private static final int MAX_HEAD = 64 * 1024;
  private static final String END = "\r\n\r\n";

  /** Reads a head; null when none comes that could be one. */
  static @Nullable LoopbackRequest read(InputStream connection) throws IOException {
    String head = head(new BufferedInputStream(connection));
    if (head == null) {
      return null;
    }
    String[] lines = head.split("\r\n");
    String[] start = lines[0].split(" ", -1);
    if (start.length != 3 || !start[2].startsWith("HTTP/1.")) {
      return null;
    }
    Map<String, List<String>> headers = new HashMap<>();
    for (String line : List.of(lines).subList(1, lines.length)) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        return null;
      }
      headers
          .computeIfAbsent(
              line.substring(0, colon).toLowerCase(Locale.ROOT), unused -> new ArrayList<>())
          .add(line.substring(colon + 1).trim());
    }
    return new LoopbackRequest(start[0], start[1], headers);
  }

  private static @Nullable String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    for (int c = in.read(); c >= 0 && head.length() < MAX_HEAD; c = in.read()) {
      head.append((char) c);
      if (c == '\n' && head.length() >= END.length() && endsHead(head)) {
        return head.substring(0, head.length() - END.length());
      }
    }
    return null;
  }

  private static boolean endsHead(StringBuilder head) {
    return head.indexOf(END, head.length() - END.length()) >= 0;
  }

  /** The query as it was sent; null without one. */
  @Nullable String query() {
    int mark = target.indexOf('?');
    return mark < 0 ? null : target.substring(mark + 1);
  }

  /**
   * Whether a browser goes to our address: GET on exactly our path, under exactly our name. A name
   * that somebody else has made to stand for this machine is not ours, and a script of a page that
   * calls us is not somebody who goes to us.
   *
   * @param authority host and port, as they stand in our URL
   */
  boolean isVisitTo(String authority, String path) {
    int mark = target.indexOf('?');
    String targetPath = mark < 0 ? target : target.substring(0, mark);
    return method.equals("GET")
        && targetPath.equals(path)
        && isHost(authority)
        && isAll("origin", "null")
        && isAll("sec-fetch-mode", "navigate");
  }

  private boolean isHost(String authority) {
    List<String> hosts = headers.getOrDefault("host", List.of());
    return hosts.size() == 1 && hosts.get(0).equalsIgnoreCase(authority);
  }

  private boolean isAll(String name, String value) {
    return headers.getOrDefault(name, List.of()).stream().allMatch(value::equals);
  }

  /** The method: all else may hold a code. */
  @Override
  public String toString() {
    return "LoopbackRequest " + (method.equals("GET") ? method : "of another method");
  }
}
