package dev.everbearer.token;

/** The token source, or the client that owns it, was closed. */
public final class SourceClosedException extends OAuthException {

  private static final long serialVersionUID = 1L;

  /** The error for one caller. */
  public SourceClosedException() {
    super(
        "This OAuthClient, or the token source alone, is closed. Build a new OAuthClient, or ask one"
            + " that is open for tokens.",
        null,
        null);
  }
}
