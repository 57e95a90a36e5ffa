package dev.everbearer.testing.server;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * What happens at the authorization endpoint, where nobody is asked: each request is granted at
 * once by the same person, unless a test says otherwise here. Thread-safe.
 */
public final class AuthorizationScript {

  record Denial(String error, @Nullable String description) {}

  private final Queue<Denial> denials = new ArrayDeque<>();
  private volatile UnaryOperator<AuthorizationResponse> alteration = UnaryOperator.identity();
  private volatile @Nullable String responseMode;
  private volatile String subject = "alice";
  private volatile @Nullable Instant session;
  private volatile @Nullable String acr;
  private volatile boolean pkceRequired = true;
  private volatile boolean pushingRequired;
  private volatile boolean requestObjectRequired;
  private volatile boolean redirectUriCompared = true;
  private volatile Duration codeLifetime = Duration.ofSeconds(60);
  private volatile Duration requestUriLifetime = Duration.ofSeconds(90);

  AuthorizationScript() {}

  /** Who logs in from now on; {@code alice} at first. */
  public AuthorizationScript subject(String value) {
    subject = value;
    return this;
  }

  /**
   * When the person logged in; null, as at first, for a login at each request. A {@code max_age}
   * that this is too old for and {@code prompt=login} lead to a new login in either case.
   */
  public AuthorizationScript authenticatedAt(@Nullable Instant value) {
    session = value;
    return this;
  }

  /** The {@code acr} of logins; null, as at first, for the first of the {@code acr_values}. */
  public AuthorizationScript acr(@Nullable String value) {
    acr = value;
    return this;
  }

  /**
   * Answers the next request with an error, such as {@code access_denied}.
   *
   * @param description null for none
   */
  public AuthorizationScript denyNext(String error, @Nullable String description) {
    synchronized (denials) {
      denials.add(new Denial(error, description));
    }
    return this;
  }

  /** Changes the parameters of all answers from now on, whatever the way they are sent. */
  public AuthorizationScript alterResponse(UnaryOperator<AuthorizationResponse> change) {
    alteration = change;
    return this;
  }

  /**
   * Sends answers in this response mode, whatever the request wants: {@code query}, {@code
   * fragment}, {@code form_post}, or one of these with {@code .jwt} behind.
   *
   * @param mode null, as at first, for what the request wants
   */
  public AuthorizationScript sendBy(@Nullable String mode) {
    responseMode = mode;
    return this;
  }

  /** Whether a request must have a code challenge (RFC 7636); it must at first. */
  public AuthorizationScript requirePkce(boolean value) {
    pkceRequired = value;
    return this;
  }

  /** Whether requests must be pushed (RFC 9126); the metadata says so too. */
  public AuthorizationScript requirePushedAuthorizationRequests(boolean value) {
    pushingRequired = value;
    return this;
  }

  /** Whether requests must be signed (RFC 9101); the metadata says so too. */
  public AuthorizationScript requireSignedRequestObject(boolean value) {
    requestObjectRequired = value;
    return this;
  }

  /** Whether token requests must repeat the redirect URI, as in OAuth 2.0; they must at first. */
  public AuthorizationScript compareRedirectUri(boolean value) {
    redirectUriCompared = value;
    return this;
  }

  /** How long codes can be redeemed; a minute at first. */
  public AuthorizationScript codeLifetime(Duration value) {
    codeLifetime = value;
    return this;
  }

  /** How long a pushed request can be used; 90 seconds at first. */
  public AuthorizationScript requestUriLifetime(Duration value) {
    requestUriLifetime = value;
    return this;
  }

  @Nullable Denial nextDenial() {
    synchronized (denials) {
      return denials.poll();
    }
  }

  Login login(Instant now, AuthorizationRequest request) {
    Instant authTime = session;
    if (authTime == null
        || request.wantsLogin()
        || now.isAfter(authTime.plus(request.maxAge().orElse(Duration.between(authTime, now))))) {
      authTime = now;
    }
    String given = acr;
    return new Login(subject, authTime, given != null ? given : request.firstAcr().orElse(null));
  }

  /** A login of now that nothing particular is wanted of. */
  Login login(Instant now) {
    return new Login(subject, now, acr);
  }

  UnaryOperator<AuthorizationResponse> alteration() {
    return alteration;
  }

  @Nullable String responseMode() {
    return responseMode;
  }

  boolean isPkceRequired() {
    return pkceRequired;
  }

  boolean isPushingRequired() {
    return pushingRequired;
  }

  boolean isRequestObjectRequired() {
    return requestObjectRequired;
  }

  boolean isRedirectUriCompared() {
    return redirectUriCompared;
  }

  Duration codeLifetime() {
    return codeLifetime;
  }

  Duration requestUriLifetime() {
    return requestUriLifetime;
  }
}
