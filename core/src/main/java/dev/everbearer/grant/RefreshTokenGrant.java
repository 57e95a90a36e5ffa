package dev.everbearer.grant;

import dev.everbearer.token.IdToken;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A refresh token obtained elsewhere (RFC 6749 section 6). */
public final class RefreshTokenGrant extends ScopedGrant<RefreshTokenGrant> {

  private final Secret refreshToken;
  private final Scope grantedScope;
  private final Set<URI> grantedResources;
  private final @Nullable IdToken idToken;

  RefreshTokenGrant(
      Request request,
      Secret refreshToken,
      Scope grantedScope,
      Set<URI> grantedResources,
      @Nullable IdToken idToken) {
    super(request);
    this.idToken = idToken;
    if (refreshToken.reveal().chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "The refresh token holds a control character; a line break at the end of a file is the"
              + " usual reason.");
    }
    this.refreshToken = refreshToken;
    this.grantedScope = grantedScope;
    this.grantedResources = grantedResources;
    if (!grantedScope.isEmpty() && !grantedScope.containsAll(request.scope())) {
      throw new IllegalArgumentException(
          "A refresh cannot widen its grant (RFC 6749 section 6): [%s] was granted and [%s] is asked"
                  .formatted(grantedScope, request.scope())
              + " for. Ask for less, or log in again for more.");
    }
    if (!grantedResources.isEmpty() && !grantedResources.containsAll(request.resources())) {
      throw new IllegalArgumentException(
          "A refresh cannot widen its grant (RFC 8707 section 2.2): the resources %s were granted and"
                  .formatted(grantedResources)
              + " %s are asked for. Ask for less, or log in again for more."
                  .formatted(request.resources()));
    }
  }

  @Override
  RefreshTokenGrant with(Request newRequest) {
    return new RefreshTokenGrant(newRequest, refreshToken, grantedScope, grantedResources, idToken);
  }

  /**
   * Says what the user granted, so that asking for more is refused here rather than by the server.
   * By default it is not known, and only the server checks.
   *
   * @throws IllegalArgumentException if more is asked for already
   */
  public RefreshTokenGrant grantedScope(String... tokens) {
    return new RefreshTokenGrant(
        request(), refreshToken, Scope.of(tokens), grantedResources, idToken);
  }

  /**
   * Says for which resources the user granted it, so that asking for another one is refused here
   * rather than by the server. By default it is not known, and only the server checks.
   *
   * @throws IllegalArgumentException if another one is asked for already, or one is not an absolute
   *     URI
   */
  public RefreshTokenGrant grantedResources(String... resources) {
    Request granted = Request.EMPTY;
    for (String resource : resources) {
      granted = granted.withResource(URI.create(resource));
    }
    return new RefreshTokenGrant(
        request(), refreshToken, grantedScope, granted.resources(), idToken);
  }

  /**
   * Says with which ID token the refresh token came, so that tokens are discarded that come with
   * one of another person or login (OpenID Connect Core section 12.2). By default it is not known,
   * and ID tokens that come with refreshed tokens are not looked at.
   *
   * @param login as {@code TokenSet.validatedIdToken()} gave it
   */
  public RefreshTokenGrant idToken(IdToken login) {
    return new RefreshTokenGrant(
        request(),
        refreshToken,
        grantedScope,
        grantedResources,
        Objects.requireNonNull(login, "login"));
  }

  /** The ID token that the refresh token came with; empty when it is not known. */
  public Optional<IdToken> idToken() {
    return Optional.ofNullable(idToken);
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
        && grantedResources.equals(that.grantedResources)
        && Objects.equals(idToken, that.idToken)
        && request().equals(that.request());
  }

  @Override
  public int hashCode() {
    return Objects.hash(request(), refreshToken);
  }
}
