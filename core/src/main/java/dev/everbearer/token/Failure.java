package dev.everbearer.token;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One failed attempt to get a token, as data: what {@link OAuthException#failure()} carries. Holds
 * no secret. Immutable and thread-safe.
 */
public final class Failure {

  private final FailureKind kind;
  private final String message;
  private final @Nullable URI endpoint;
  private final int status;
  private final @Nullable String error;
  private final @Nullable String errorDescription;
  private final @Nullable String errorUri;
  private final @Nullable Duration retryAfter;
  private final @Nullable Throwable cause;
  private final @Nullable Scope requiredScope;
  private final @Nullable Scope grantedScope;
  private final boolean isOfSenderKey;
  private final boolean isOfLogin;
  private final boolean isUnclear;

  private Failure(Builder builder) {
    this.kind = builder.kind;
    this.message = builder.message;
    this.endpoint = builder.endpoint;
    this.status = builder.status;
    this.error = builder.error;
    this.errorDescription = builder.errorDescription;
    this.errorUri = builder.errorUri;
    this.retryAfter = builder.retryAfter;
    this.cause = builder.cause;
    this.requiredScope = builder.requiredScope;
    this.grantedScope = builder.grantedScope;
    this.isOfSenderKey = builder.isOfSenderKey;
    this.isOfLogin = builder.isOfLogin;
    this.isUnclear = builder.isUnclear;
  }

  /** Starts a failure of a kind, with the whole sentence that a person will read. */
  public static Builder builder(FailureKind kind, String message) {
    return new Builder(kind, message);
  }

  /** The kind, which decides what happens next. */
  public FailureKind kind() {
    return kind;
  }

  /** What happened, where, what it means and what to do. */
  public String message() {
    return message;
  }

  /** The endpoint that was called, without a query; empty when none was. */
  public Optional<URI> endpoint() {
    return Optional.ofNullable(endpoint);
  }

  /** The HTTP status; 0 when no answer came. */
  public int status() {
    return status;
  }

  /** The OAuth error code (RFC 6749 section 5.2), if the server gave one. */
  public Optional<String> error() {
    return Optional.ofNullable(error);
  }

  /** The server's description: untrusted, capped in length, without control characters. */
  public Optional<String> errorDescription() {
    return Optional.ofNullable(errorDescription);
  }

  /** The server's {@code error_uri}: untrusted, never fetched. */
  public Optional<String> errorUri() {
    return Optional.ofNullable(errorUri);
  }

  /** How long the server asked us to stay away, counted from its answer. */
  public Optional<Duration> retryAfter() {
    return Optional.ofNullable(retryAfter);
  }

  /** What the platform threw, if anything. */
  public Optional<Throwable> cause() {
    return Optional.ofNullable(cause);
  }

  /** Whether the server may have processed the request although we hold no answer to it. */
  public boolean isUnclear() {
    return isUnclear
        || kind == FailureKind.UNCLEAR
        || (kind == FailureKind.MALFORMED && status < 400);
  }

  /** A fresh exception for this failure; each caller gets its own. */
  public OAuthException toException() {
    if (requiredScope != null && grantedScope != null) {
      return new InsufficientScopeException(this, requiredScope, grantedScope);
    }
    if (isOfLogin) {
      return new LoginFailedException(this);
    }
    if (isOfSenderKey) {
      return new SenderKeyException(this);
    }
    if (error != null) {
      return new OAuthErrorException(this);
    }
    return kind == FailureKind.MALFORMED || isUnwantedSuccess()
        ? new MalformedAnswerException(this)
        : new ServerUnavailableException(this);
  }

  /** A success that cannot be taken, such as a token of a kind that was not asked for. */
  private boolean isUnwantedSuccess() {
    return kind == FailureKind.REFUSED && status == 200;
  }

  @Override
  public String toString() {
    return kind + ": " + message;
  }

  /** Builds a {@link Failure}. Not thread-safe. */
  public static final class Builder {

    private final FailureKind kind;
    private final String message;
    private @Nullable URI endpoint;
    private int status;
    private @Nullable String error;
    private @Nullable String errorDescription;
    private @Nullable String errorUri;
    private @Nullable Duration retryAfter;
    private @Nullable Throwable cause;
    private @Nullable Scope requiredScope;
    private @Nullable Scope grantedScope;
    private boolean isOfSenderKey;
    private boolean isOfLogin;
    private boolean isUnclear;

    private Builder(FailureKind kind, String message) {
      this.kind = Objects.requireNonNull(kind, "kind");
      this.message = Objects.requireNonNull(message, "message");
    }

    /** The endpoint that was called; none by default. */
    public Builder endpoint(URI uri) {
      this.endpoint = uri;
      return this;
    }

    /** The HTTP status; 0 (no answer) by default. */
    public Builder status(int httpStatus) {
      this.status = httpStatus;
      return this;
    }

    /** The OAuth error with what the server added; null where it added nothing. */
    public Builder error(String code, @Nullable String description, @Nullable String uri) {
      this.error = code;
      this.errorDescription = description;
      this.errorUri = uri;
      return this;
    }

    /** How long to stay away; null (the default) when the server did not say. */
    public Builder retryAfter(@Nullable Duration wait) {
      this.retryAfter = wait;
      return this;
    }

    /** What the platform threw; nothing by default. */
    public Builder cause(@Nullable Throwable thrown) {
      this.cause = thrown;
      return this;
    }

    /** Says that less was granted than is required; not so by default. */
    public Builder scopes(Scope required, Scope granted) {
      this.requiredScope = required;
      this.grantedScope = granted;
      return this;
    }

    /** Says that a login came to nothing; not so by default. */
    public Builder ofLogin() {
      this.isOfLogin = true;
      return this;
    }

    /** Says that it is about the key that tokens are bound to; not so by default. */
    public Builder ofSenderKey() {
      this.isOfSenderKey = true;
      return this;
    }

    /**
     * Says that the server may have processed the request, although the kind does not say so; not
     * so by default.
     */
    public Builder unclear() {
      this.isUnclear = true;
      return this;
    }

    /** The failure. */
    public Failure build() {
      return new Failure(this);
    }
  }
}
