package dev.everbearer.token;

import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The root of everything that can go wrong on the way to a token or to an API. Its message says
 * what happened, where, what it means and what to do next, and holds no secret.
 */
public abstract sealed class OAuthException extends RuntimeException
    permits InsufficientScopeException,
        LoginFailedException,
        LoginRequiredException,
        MalformedAnswerException,
        OAuthErrorException,
        SenderKeyException,
        ServerUnavailableException,
        SourceClosedException,
        StepUpRequiredException,
        TokenTimeoutException,
        UnboundOriginException {

  private static final long serialVersionUID = 1L;

  private final transient @Nullable Failure failure;

  OAuthException(String message, @Nullable Failure failure, @Nullable Throwable cause) {
    super(message, cause);
    this.failure = failure;
  }

  OAuthException(Failure failure) {
    this(failure.message(), Objects.requireNonNull(failure), failure.cause().orElse(null));
  }

  /** The failed attempt behind this, with endpoint, status and codes; empty when there was none. */
  public Optional<Failure> failure() {
    return Optional.ofNullable(failure);
  }
}
