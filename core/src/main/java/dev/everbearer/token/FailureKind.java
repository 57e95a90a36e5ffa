package dev.everbearer.token;

/**
 * What kind of trouble it was to get a token. The kind alone decides what happens next: whether to
 * try again, when, and what those who wait are told.
 */
public enum FailureKind {
  /** {@code invalid_grant}: what entitled us to tokens is over. */
  INVALID_GRANT,
  /** {@code invalid_client}: the server does not accept who we say we are. */
  INVALID_CLIENT,
  /** Any other OAuth error: this request will never be granted as it is. */
  REFUSED,
  /**
   * The server, or something before it, has trouble: 5xx, 408, {@code server_error}; or what the
   * request is made of, such as an assertion, cannot be had now.
   */
  SERVER_TROUBLE,
  /** The server asked us to come back later: 429, or 503 with {@code Retry-After}. */
  THROTTLED,
  /** No connection was made, so the request was not sent. */
  NOT_CONNECTED,
  /** The server's certificate or host name is not valid. */
  UNTRUSTED_SERVER,
  /** The request was sent and no answer came: whether it was processed is not known. */
  UNCLEAR,
  /** An answer came that is not an OAuth answer, or is a redirect. */
  MALFORMED;

  /** Whether trying the same again can help without anybody changing anything. */
  public boolean isTransient() {
    return switch (this) {
      case SERVER_TROUBLE, THROTTLED, NOT_CONNECTED, UNCLEAR, MALFORMED -> true;
      case INVALID_GRANT, INVALID_CLIENT, REFUSED, UNTRUSTED_SERVER -> false;
    };
  }
}
