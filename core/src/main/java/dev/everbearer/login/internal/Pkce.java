package dev.everbearer.login.internal;

import dev.everbearer.jose.Sha256;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
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
    return Sha256.base64Url(verifier.reveal());
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
