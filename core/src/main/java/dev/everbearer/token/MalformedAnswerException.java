package dev.everbearer.token;

/**
 * An answer came that is not a valid answer of an authorization server, or not one to what was
 * asked.
 */
public final class MalformedAnswerException extends OAuthException {

  private static final long serialVersionUID = 1L;

  /** For a failure of kind {@link FailureKind#MALFORMED}, or a success that cannot be taken. */
  public MalformedAnswerException(Failure failure) {
    super(failure);
  }
}
