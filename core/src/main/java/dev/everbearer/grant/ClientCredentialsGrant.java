package dev.everbearer.grant;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The client's own rights (RFC 6749 section 4.4). */
public final class ClientCredentialsGrant extends ScopedGrant<ClientCredentialsGrant> {

  private final boolean usesRefreshToken;

  ClientCredentialsGrant(Request request, boolean usesRefreshToken) {
    super(request);
    this.usesRefreshToken = usesRefreshToken;
  }

  @Override
  ClientCredentialsGrant with(Request newRequest) {
    return new ClientCredentialsGrant(newRequest, usesRefreshToken);
  }

  /**
   * Uses a refresh token if the server answers one, and falls back to the client's own rights in
   * the same attempt when it is refused. RFC 6749 section 4.4.3 says that servers should not send
   * one; by default it is ignored.
   */
  public ClientCredentialsGrant useRefreshToken() {
    return new ClientCredentialsGrant(request(), true);
  }

  /** Whether a refresh token that the server answers is used. */
  public boolean usesRefreshToken() {
    return usesRefreshToken;
  }

  @Override
  public String grantType() {
    return "client_credentials";
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClientCredentialsGrant that
        && usesRefreshToken == that.usesRefreshToken
        && request().equals(that.request());
  }

  @Override
  public int hashCode() {
    return Objects.hash(request(), usesRefreshToken);
  }
}
