package dev.everbearer.token;

/**
 * Tokens are to be bound to a key (RFC 9449), and are not: the key is not at hand or cannot sign,
 * so that nothing was sent, or the server does not take it.
 */
public final class SenderKeyException extends OAuthException {

  private static final long serialVersionUID = 1L;

  SenderKeyException(Failure failure) {
    super(failure);
  }
}
