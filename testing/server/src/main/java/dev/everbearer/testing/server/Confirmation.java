package dev.everbearer.testing.server;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The key that a token is bound to (RFC 7800).
 *
 * @param jkt the thumbprint of a DPoP key (RFC 9449 section 6); null without one
 */
record Confirmation(@Nullable String jkt) {

  static final Confirmation NONE = new Confirmation(null);

  boolean isBinding() {
    return jkt != null;
  }

  String tokenType() {
    return jkt != null ? "DPoP" : "Bearer";
  }

  /** The {@code cnf} claim. */
  Map<String, String> claim() {
    return jkt == null ? Map.of() : Map.of("jkt", jkt);
  }
}
