package dev.everbearer.token;

/** Where a {@link TokenSource} stands. */
public enum TokenState {
  /** No token was obtained so far. Callers wait for the first. */
  EMPTY,
  /** The token is good and need not be renewed. */
  FRESH,
  /** The soft margin is passed: the token is served and renewed in the background. */
  RENEWABLE,
  /** The hard margin is passed: callers wait a moment for the renewal, then get the token. */
  DUE,
  /** The token is over. Callers wait for the next one. */
  EXPIRED,
  /** The grant is over, and only a new login brings the next token. */
  LOGIN_REQUIRED
}
