package dev.everbearer.token;

/** Fewer scopes were granted than the grant marks as required; the token was not kept. */
public final class InsufficientScopeException extends OAuthException {

  private static final long serialVersionUID = 1L;

  private final transient Scope required;
  private final transient Scope granted;

  InsufficientScopeException(Failure failure, Scope required, Scope granted) {
    super(failure);
    this.required = required;
    this.granted = granted;
  }

  /** What the grant requires. */
  public Scope required() {
    return required;
  }

  /** What the server granted. */
  public Scope granted() {
    return granted;
  }
}
