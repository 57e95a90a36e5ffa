package dev.everbearer.testing.server;

/** What the token endpoint does for one {@code grant_type}. */
@FunctionalInterface
interface GrantType {

  /**
   * Grants tokens.
   *
   * @throws OAuthError if there is nothing to grant
   */
  Answer answer(TokenRequest request);
}
