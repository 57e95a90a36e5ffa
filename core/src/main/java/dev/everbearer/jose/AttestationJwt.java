package dev.everbearer.jose;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A Client Attestation JWT (draft-ietf-oauth-attestation-based-client-auth-10 section 4) that may
 * be shown with a proof of its key. Whether its signature is good is for the server to say.
 *
 * @param compact as it is sent
 * @param algorithm its {@code alg}, which may be that of a MAC; null when it names none
 * @param expiresAt its {@code exp}
 */
public record AttestationJwt(String compact, @Nullable String algorithm, Instant expiresAt) {

  private static final String TYPE = "oauth-client-attestation+jwt";

  /**
   * Reads one.
   *
   * @param clientId whom it must be of
   * @param thumbprint of the key that it must be bound to (RFC 7638)
   * @throws InvalidJwtException if the server would refuse it, or could not tell who shows it
   */
  public static AttestationJwt read(String compact, String clientId, String thumbprint, Instant now)
      throws InvalidJwtException {
    // 1. A signed JWT of its own type.
    CompactJws jwt = CompactJws.parse(compact);
    if (!TYPE.equalsIgnoreCase(jwt.headerText("typ"))) {
      throw new InvalidJwtException("its typ is not " + TYPE);
    }
    // 2. Of this client.
    if (!jwt.claims().requiredText("sub").equals(clientId)) {
      throw new InvalidJwtException("its sub is not the client id " + clientId);
    }
    // 3. Not over yet.
    Instant end = jwt.claims().requiredInstant("exp");
    if (!now.isBefore(end)) {
      throw new InvalidJwtException("it ended at " + end);
    }
    // 4. Bound to the key that the proof is signed by.
    if (!boundTo(jwt.claims()).equals(thumbprint)) {
      throw new InvalidJwtException(
          "its cnf names another key than the instance key " + thumbprint);
    }
    return new AttestationJwt(compact, jwt.headerText("alg"), end);
  }

  private static String boundTo(Claims claims) throws InvalidJwtException {
    if (!(claims.members().get("cnf") instanceof Map<?, ?> confirmation)
        || !(confirmation.get("jwk") instanceof Map<?, ?> jwk)) {
      throw new InvalidJwtException("it has no cnf with a jwk");
    }
    Map<String, Object> members = new HashMap<>();
    jwk.forEach((name, value) -> members.put(String.valueOf(name), value));
    return VerificationKey.thumbprint(members);
  }

  /** When it ends; nothing of what it says. */
  @Override
  public String toString() {
    return "AttestationJwt[until " + expiresAt + "]";
  }
}
