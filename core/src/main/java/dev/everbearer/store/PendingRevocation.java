package dev.everbearer.store;

import dev.everbearer.token.Secret;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A token that is out of use here, and that its server must still be told of.
 *
 * @param token the token; never used again but to be revoked
 * @param typeHint its {@code token_type_hint} (RFC 7009 section 2.1)
 * @param givenBy the server that gave it, which alone is told; null when it is not known
 */
public record PendingRevocation(Secret token, String typeHint, @Nullable ServerIdentity givenBy) {

  /** The hint of an access token. */
  public static final String ACCESS_TOKEN = "access_token";

  /** The hint of a refresh token. */
  public static final String REFRESH_TOKEN = "refresh_token";

  /** Rejects nulls. */
  public PendingRevocation {
    Objects.requireNonNull(token, "token");
    Objects.requireNonNull(typeHint, "typeHint");
  }
}
