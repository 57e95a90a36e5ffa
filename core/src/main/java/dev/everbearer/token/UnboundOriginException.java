package dev.everbearer.token;

/** A request was about to go to an origin that no grant is bound to; nothing was sent. */
public final class UnboundOriginException extends OAuthException {

  private static final long serialVersionUID = 1L;

  /** With a message that names the origin and the call that would bind it. */
  public UnboundOriginException(String message) {
    super(message, null, null);
  }
}
