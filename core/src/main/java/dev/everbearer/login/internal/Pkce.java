package dev.everbearer.login.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/** Proof Key for Code Exchange (RFC 7636), by {@code S256} and nothing else. */
final class Pkce {

  static final String METHOD = "S256";

  private static final String SUPPORTED = "code_challenge_methods_supported";

  private Pkce() {}

  /** RFC 7636 section 4.1: 43 characters from 32 random bytes, anew for each request. */
  static Secret verifier() {
    return Secret.of(Unguessable.text());
  }

  /** RFC 7636 section 4.2. */
  static String challenge(Secret verifier) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256")
              .digest(verifier.reveal().getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256.", e);
    }
  }

  /**
   * Goes on unless the metadata lists other methods only. A document without the list says nothing
   * (RFC 8414 section 2 reads it as no support, and many servers that have PKCE leave it out): a
   * strict profile refuses it.
   */
  static void requireSupport(AuthorizationServer server, ProviderProfile profile) {
    List<String> methods = server.listed(SUPPORTED).orElse(null);
    if (methods != null && !methods.contains(METHOD)) {
      throw unsupported(server, "lists other methods only");
    }
    boolean isDiscovered = server.issuer().isPresent();
    if (methods == null && isDiscovered && profile.isStrict()) {
      throw unsupported(server, "has no such list, which the strict profile asks for");
    }
  }

  private static OAuthException unsupported(AuthorizationServer server, String why) {
    return LoginFailures.of(
        server,
        "it does not offer PKCE with %s: %s in its metadata %s. Nobody is sent to it without, for"
                .formatted(METHOD, SUPPORTED, why)
            + " a stolen code would be of use. Ask its operator.");
  }
}
