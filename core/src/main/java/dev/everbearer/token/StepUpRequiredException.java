package dev.everbearer.token;

import dev.everbearer.challenge.StepUp;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * An API took the token, and wants more than it stands for: a login of another kind or a newer one
 * (RFC 9470), or more scopes. No renewal brings that, only a person does: a grant that is stepped
 * up by {@link #wanted()}. Thrown in place of the API's answer, where that was asked for.
 */
public final class StepUpRequiredException extends OAuthException {

  private static final long serialVersionUID = 1L;

  private final transient StepUp wanted;

  /**
   * The error for one request.
   *
   * @param cause why a login that was made for it brought nothing; null when none was made
   */
  public StepUpRequiredException(String message, StepUp wanted, @Nullable Throwable cause) {
    super(message, null, cause);
    this.wanted = Objects.requireNonNull(wanted, "wanted");
  }

  /** What the API wants: {@code acr_values}, {@code max_age} and scope. */
  public StepUp wanted() {
    return wanted;
  }
}
