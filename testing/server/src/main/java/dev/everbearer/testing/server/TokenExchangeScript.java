package dev.everbearer.testing.server;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which tokens are exchanged (RFC 8693): those that this server issued and that are still good, and
 * those of elsewhere that a test names here. Thread-safe.
 */
public final class TokenExchangeScript {

  private record Foreign(String token, String type) {}

  private final Map<Foreign, String> subjects = new ConcurrentHashMap<>();

  TokenExchangeScript() {}

  /**
   * Trusts a token of elsewhere, as {@code subject_token} and as {@code actor_token}.
   *
   * @param type its token type identifier, such as {@code urn:ietf:params:oauth:token-type:saml2}
   * @param subject whom it stands for
   */
  public TokenExchangeScript trust(String token, String type, String subject) {
    TokenTypes.requireKnown(type);
    subjects.put(new Foreign(token, type), subject);
    return this;
  }

  /** Trusts a token of elsewhere no longer. */
  public TokenExchangeScript distrust(String token, String type) {
    subjects.remove(new Foreign(token, type));
    return this;
  }

  Optional<String> subjectOf(String token, String type) {
    return Optional.ofNullable(subjects.get(new Foreign(token, type)));
  }
}
