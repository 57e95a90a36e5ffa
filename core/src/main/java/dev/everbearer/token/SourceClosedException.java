package dev.everbearer.token;

/** The token source, or the client that owns it, was closed. */
public final class SourceClosedException extends OAuthException {

  private static final long serialVersionUID = 1L;

  /** The error for one caller. */
  public SourceClosedException() {
    super(
        "This token source is closed; ask its OAuthClient, or a new one, for tokens.", null, null);
  }
}
