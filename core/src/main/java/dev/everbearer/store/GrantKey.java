package dev.everbearer.store;

import dev.everbearer.grant.Grant;
import dev.everbearer.jose.Sha256;
import java.util.Comparator;
import java.util.Objects;

/**
 * What is locked and stored: one grant of one client registration. No endpoint is in it, so that a
 * changed configuration loses no grant, and of tokens only digests. Names of people are in it as
 * they were given.
 *
 * @param registration the name of the client registration
 * @param grantType the {@code grant_type}
 * @param subject whose grant it is: what {@code subject(...)} said, for CIBA else the login hint,
 *     which may be an address or a telephone number, or a digest of a token; empty when it is the
 *     client's own
 */
public record GrantKey(String registration, String grantType, String subject) {

  /** By registration, subject and grant type, each by its UTF-16 code units. */
  public static final Comparator<GrantKey> BY_SUBJECT =
      Comparator.comparing(GrantKey::registration)
          .thenComparing(GrantKey::subject)
          .thenComparing(GrantKey::grantType);

  /** Rejects nulls. */
  public GrantKey {
    Objects.requireNonNull(registration, "registration");
    Objects.requireNonNull(grantType, "grantType");
    Objects.requireNonNull(subject, "subject");
  }

  /** What names it where nothing shall be read from a name: SHA-256, base64url. */
  public String digest() {
    return Sha256.base64Url(
        "%d:%s%d:%s%s"
            .formatted(
                registration.length(), registration, grantType.length(), grantType, subject));
  }

  /** The key of a grant: a refresh token is known by a digest of the one it started with. */
  public static GrantKey of(String registration, Grant grant) {
    return new GrantKey(registration, grant.grantType(), grant.subject());
  }
}
