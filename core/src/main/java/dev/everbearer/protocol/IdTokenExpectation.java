package dev.everbearer.protocol;

import dev.everbearer.token.AccessToken;
import dev.everbearer.token.IdToken;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an ID token must fit to: the login that was asked for, or the one that is refreshed. */
public final class IdTokenExpectation {

  private final boolean isRefresh;
  private final @Nullable String nonce;
  private final @Nullable IdToken original;
  private final @Nullable Instant authenticatedSince;
  private final boolean needsAuthTime;
  private final Set<String> acceptedAcrs;
  private final @Nullable AccessToken accessToken;

  private IdTokenExpectation(
      boolean isRefresh,
      @Nullable String nonce,
      @Nullable IdToken original,
      @Nullable Instant authenticatedSince,
      boolean needsAuthTime,
      Set<String> acceptedAcrs,
      @Nullable AccessToken accessToken) {
    this.isRefresh = isRefresh;
    this.nonce = nonce;
    this.original = original;
    this.authenticatedSince = authenticatedSince;
    this.needsAuthTime = needsAuthTime;
    this.acceptedAcrs = acceptedAcrs;
    this.accessToken = accessToken;
  }

  /**
   * For the answer to a login.
   *
   * @param nonce what was sent with it; null when none was, and then none may come back
   */
  public static IdTokenExpectation ofLogin(@Nullable String nonce) {
    return new IdTokenExpectation(false, nonce, null, null, false, Set.of(), null);
  }

  /**
   * For the answer to a refresh (OpenID Connect Core section 12.2).
   *
   * @param original the ID token of the login; null when it is not known
   */
  public static IdTokenExpectation ofRefresh(@Nullable IdToken original) {
    return new IdTokenExpectation(true, null, original, null, false, Set.of(), null);
  }

  /**
   * Wants a login of at most this age.
   *
   * @param maxAge the {@code max_age} that was sent; zero wants a new one
   * @param requestedAt when it was sent, by our clock: the age counts up to there
   */
  public IdTokenExpectation maxAge(Duration maxAge, Instant requestedAt) {
    return new IdTokenExpectation(
        isRefresh, nonce, original, requestedAt.minus(maxAge), true, acceptedAcrs, accessToken);
  }

  /** Wants an {@code auth_time}, of whatever age. */
  public IdTokenExpectation authTime() {
    return new IdTokenExpectation(
        isRefresh, nonce, original, authenticatedSince, true, acceptedAcrs, accessToken);
  }

  /** Wants one of these values of {@code acr}, which were asked for as essential. */
  public IdTokenExpectation acr(Set<String> accepted) {
    return new IdTokenExpectation(
        isRefresh,
        nonce,
        original,
        authenticatedSince,
        needsAuthTime,
        Set.copyOf(accepted),
        accessToken);
  }

  /** Wants an {@code at_hash}, if there is one, to be that of the access token beside it. */
  public IdTokenExpectation accessToken(AccessToken token) {
    return new IdTokenExpectation(
        isRefresh, nonce, original, authenticatedSince, needsAuthTime, acceptedAcrs, token);
  }

  boolean isRefresh() {
    return isRefresh;
  }

  @Nullable String nonce() {
    return nonce;
  }

  @Nullable IdToken original() {
    return original;
  }

  /** The earliest moment of a login that is young enough; null when any is. */
  @Nullable Instant authenticatedSince() {
    return authenticatedSince;
  }

  boolean needsAuthTime() {
    return needsAuthTime;
  }

  Set<String> acceptedAcrs() {
    return acceptedAcrs;
  }

  @Nullable AccessToken accessToken() {
    return accessToken;
  }

  /** Of what it is; no value. */
  @Override
  public String toString() {
    return "IdTokenExpectation[" + (isRefresh ? "refresh" : "login") + "]";
  }
}
