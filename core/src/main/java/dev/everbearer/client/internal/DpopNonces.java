package dev.everbearer.client.internal;

import dev.everbearer.jose.DpopProofs;
import java.net.URI;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The newest nonce of each server of one role, for one key (RFC 9449 sections 8 and 9).
 * Thread-safe.
 */
final class DpopNonces {

  private static final int MAX_ORIGINS = 1000;

  /** RFC 9449 section 8.1, and a bound. */
  private static final Pattern SYNTAX = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,2048}");

  private final Map<String, String> newest = new ConcurrentHashMap<>();

  /** The nonce that the next proof for a server holds; null when it gave none. */
  @Nullable String of(URI uri) {
    return newest.isEmpty() ? null : newest.get(DpopProofs.origin(uri));
  }

  /**
   * Keeps the nonce of an answer.
   *
   * @param fields the values of all {@code DPoP-Nonce} lines
   * @return whether there was exactly one, and well-formed
   */
  boolean note(URI uri, List<String> fields) {
    if (fields.size() != 1 || !SYNTAX.matcher(fields.get(0)).matches()) {
      return false;
    }
    String origin = DpopProofs.origin(uri);
    if (!fields.get(0).equals(newest.put(origin, fields.get(0)))) {
      makeRoomBeside(origin);
    }
    return true;
  }

  /** A server whose nonce is forgotten gives another one when it is called again. */
  private void makeRoomBeside(String origin) {
    Iterator<String> others = newest.keySet().iterator();
    while (newest.size() > MAX_ORIGINS && others.hasNext()) {
      if (!others.next().equals(origin)) {
        others.remove();
      }
    }
  }

  @Override
  public String toString() {
    return "DpopNonces of " + newest.keySet();
  }
}
