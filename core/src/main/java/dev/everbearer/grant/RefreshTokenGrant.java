package dev.everbearer.grant;

import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A refresh token obtained elsewhere (RFC 6749 section 6). */
public final class RefreshTokenGrant extends ScopedGrant<RefreshTokenGrant> {

  private final Secret refreshToken;
  private final Scope grantedScope;

  RefreshTokenGrant(Request request, Secret refreshToken, Scope grantedScope) {
    super(request);
    if (refreshToken.reveal().chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "The refresh token holds a control character; a line break at the end of a file is the"
              + " usual reason.");
    }
    this.refreshToken = refreshToken;
    this.grantedScope = grantedScope;
    if (!grantedScope.isEmpty() && !grantedScope.containsAll(request.scope())) {
      throw new IllegalArgumentException(
          "A refresh cannot widen its grant (RFC 6749 section 6): [%s] was granted and [%s] is asked"
                  .formatted(grantedScope, request.scope())
              + " for. Ask for less, or log in again for more.");
    }
  }

  @Override
  RefreshTokenGrant with(Request newRequest) {
    return new RefreshTokenGrant(newRequest, refreshToken, grantedScope);
  }

  /**
   * Says what the user granted, so that asking for more is refused here rather than by the server.
   * By default it is not known, and only the server checks.
   *
   * @throws IllegalArgumentException if more is asked for already
   */
  public RefreshTokenGrant grantedScope(String... tokens) {
    return new RefreshTokenGrant(request(), refreshToken, Scope.of(tokens));
  }

  /** The refresh token to start with; a server that rotates will replace it. */
  @Override
  public Optional<Secret> initialRefreshToken() {
    return Optional.of(refreshToken);
  }

  /** A digest of the refresh token that it started with. */
  @Override
  public String subject() {
    return Digests.sha256(refreshToken);
  }

  @Override
  public String grantType() {
    return "refresh_token";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RefreshTokenGrant that
        && refreshToken.equals(that.refreshToken)
        && grantedScope.equals(that.grantedScope)
        && request().equals(that.request());
  }

  @Override
  public int hashCode() {
    return Objects.hash(request(), refreshToken);
  }
}
