package dev.everbearer.renewal.internal;

import dev.everbearer.grant.ConnectedGrant;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.StoredToken;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSet;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Puts what a login brought into a user's record, over whatever stands there. */
public final class GrantConnector {

  private final ConnectedGrant grant;
  private final GrantContext context;
  private final GrantBook book;

  /** The connector of a user. */
  public GrantConnector(ConnectedGrant grant, GrantContext context) {
    this.grant = grant;
    this.context = context;
    this.book = new GrantBook(grant, context);
  }

  /**
   * Begins a new generation with these tokens.
   *
   * @param isConfidential whether the client proves who it is, so that its refresh tokens are bound
   *     to no key
   * @throws OAuthException when the store fails, or the server cannot be found out about
   * @throws InterruptedException when interrupted
   */
  public void connect(TokenSet login, boolean isConfidential) throws InterruptedException {
    ServerIdentity server = ServerIdentity.of(context.endpoint().server());
    String key = isConfidential ? null : boundKey(login.accessToken());
    try {
      GrantRecord unused = book.change(current -> begun(current, login, server, key));
    } catch (OAuthException e) {
      throw e;
    } catch (RuntimeException e) {
      throw Failure.builder(
              FailureKind.SERVER_TROUBLE,
              "The token store failed (%s) while the login of %s was to be kept. Check the store, and"
                      .formatted(e.getClass().getName(), grant)
                  + " connect it again with the same tokens.")
          .build()
          .toException();
    }
  }

  private GrantRecord begun(
      Snapshot current, TokenSet login, ServerIdentity server, @Nullable String key) {
    GrantRecord.Builder next =
        current
            .record()
            .next()
            .newGeneration()
            .refreshToken(login.refreshToken().orElse(null), server, key)
            .refreshTokenLife(RefreshTokenLives.of(login, current.now()));
    Duration life = login.expiresIn().orElse(null);
    if (!Duration.ZERO.equals(life)) {
      next.token(book.variant(), new StoredToken(login.accessToken(), current.now(), life));
    }
    return next.build();
  }

  /** A public client's refresh token is bound to the key that was proven (RFC 9449 section 5). */
  private @Nullable String boundKey(AccessToken token) {
    boolean isProven =
        context.keys().sender() != null
            && (token.needsProof() || context.keys().sender().isRequired());
    return isProven ? context.keys().thumbprint() : null;
  }
}
