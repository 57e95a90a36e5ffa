package dev.everbearer.testing.server;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The keys that a token is bound to (RFC 7800).
 *
 * @param jkt the thumbprint of a DPoP key (RFC 9449 section 6); null without one
 * @param certificate the thumbprint of a certificate (RFC 8705 section 3.1); null without one
 */
record Confirmation(@Nullable String jkt, @Nullable String certificate) {

  static final Confirmation NONE = new Confirmation(null, null);

  boolean isBinding() {
    return !equals(NONE);
  }

  String tokenType() {
    return jkt != null ? "DPoP" : "Bearer";
  }

  /** The {@code cnf} claim. */
  Map<String, String> claim() {
    Map<String, String> members = new LinkedHashMap<>();
    if (jkt != null) {
      members.put("jkt", jkt);
    }
    if (certificate != null) {
      members.put("x5t#S256", certificate);
    }
    return members;
  }
}
