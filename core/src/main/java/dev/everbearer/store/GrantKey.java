package dev.everbearer.store;

import dev.everbearer.grant.Grant;
import dev.everbearer.grant.RefreshTokenGrant;
import dev.everbearer.token.Secret;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Objects;

/**
 * What is locked and stored: one grant of one client registration. No endpoint is in it, so that a
 * changed configuration loses no grant, and no token, only digests.
 *
 * @param registration the name of the client registration
 * @param grantType the {@code grant_type}
 * @param subject whose grant it is; empty when it is the client's own
 */
public record GrantKey(String registration, String grantType, String subject) {

  /** Rejects nulls. */
  public GrantKey {
    Objects.requireNonNull(registration, "registration");
    Objects.requireNonNull(grantType, "grantType");
    Objects.requireNonNull(subject, "subject");
  }

  /** The key of a grant: a refresh token is known by a digest of the one it started with. */
  public static GrantKey of(String registration, Grant grant) {
    String subject =
        grant instanceof RefreshTokenGrant refresh ? digest(refresh.initialRefreshToken()) : "";
    return new GrantKey(registration, grant.grantType(), subject);
  }

  private static String digest(Secret secret) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(secret.reveal().getBytes(StandardCharsets.UTF_8));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256.", e);
    }
  }
}
