package dev.everbearer.testing.server;

/** Which logins are answered with a refresh token, as far as the client may refresh at all. */
public enum RefreshTokensFor {
  /** Every login. */
  EVERY_LOGIN,
  /** Logins with {@code offline_access} in the granted scope. */
  OFFLINE_ACCESS,
  /** No login. */
  NO_LOGIN
}
