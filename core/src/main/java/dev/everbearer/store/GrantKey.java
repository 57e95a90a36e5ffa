package dev.everbearer.store;

import dev.everbearer.grant.Grant;
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

  /** Rejects nulls. */
  public GrantKey {
    Objects.requireNonNull(registration, "registration");
    Objects.requireNonNull(grantType, "grantType");
    Objects.requireNonNull(subject, "subject");
  }

  /** The key of a grant: a refresh token is known by a digest of the one it started with. */
  public static GrantKey of(String registration, Grant grant) {
    return new GrantKey(registration, grant.grantType(), grant.subject());
  }
}
