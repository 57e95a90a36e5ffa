package dev.everbearer.token;

/** An answer came that is not a valid answer of an authorization server. */
public final class MalformedAnswerException extends OAuthException {

  private static final long serialVersionUID = 1L;

  /** For a failure of kind {@link FailureKind#MALFORMED}. */
  public MalformedAnswerException(Failure failure) {
    super(failure);
  }
}
