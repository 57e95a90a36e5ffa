package dev.everbearer.jose;

/** Why a JWT is refused, as the rest of a sentence on it; repeats nothing of its claims. */
public final class InvalidJwtException extends Exception {

  private static final long serialVersionUID = 1L;

  /** With a message that begins with "it". */
  public InvalidJwtException(String message) {
    super(message);
  }

  /** The message, which is never null. */
  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }
}
