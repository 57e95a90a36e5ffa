package dev.everbearer.jose;

/** Knows the public keys of one server. */
public interface KeySource {

  /**
   * The keys as far as they are known; may block to ask for them.
   *
   * @throws dev.everbearer.token.OAuthException when they cannot be had
   * @throws InterruptedException when interrupted
   */
  Jwks current() throws InterruptedException;

  /**
   * The keys after asking once more, for a JWT that the given ones cannot verify; the given ones
   * themselves when it is too early to ask again, or nobody answers.
   *
   * @throws InterruptedException when interrupted
   */
  Jwks newerThan(Jwks known) throws InterruptedException;
}
