package dev.everbearer.jose;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The words of draft-ietf-oauth-attestation-based-client-auth-10, and the Client Attestation PoP
 * JWTs of its section 5.1.
 */
public final class AttestationProofs {

  /** The header field of the attestation (section 4). */
  public static final String ATTESTATION = "OAuth-Client-Attestation";

  /** The header field of the proof of possession (section 5.1). */
  public static final String PROOF = "OAuth-Client-Attestation-PoP";

  /** The header field of an answer that brings a challenge (section 6.2). */
  public static final String CHALLENGE = "OAuth-Client-Attestation-Challenge";

  /** The authentication method with a proof of its own (section 8). */
  public static final String METHOD = "attest_jwt_client_auth";

  /** The authentication method whose proof is that of DPoP (sections 5.2 and 8). */
  public static final String METHOD_BY_DPOP = "attest_jwt_client_auth_dpop";

  private static final String TYPE = "oauth-client-attestation-pop+jwt";

  private AttestationProofs() {}

  /** Whether an authentication method shows an attestation. */
  public static boolean isMethod(String method) {
    return method.equals(METHOD) || method.equals(METHOD_BY_DPOP);
  }

  /**
   * Whom a proof is for.
   *
   * @param audience the issuer identifier of an authorization server, or the resource identifier of
   *     an API
   * @param challenge what it wants to see again; null when it gave none
   * @param issuedAt now, by the wall clock
   */
  public record Claim(String audience, @Nullable String challenge, Instant issuedAt) {}

  /**
   * Writes a proof, with a new {@code jti} of 128 random bits. It has no {@code iss}.
   *
   * @param signature gives the signature, in JWS form, of what it is handed
   */
  public static String compact(
      SignatureAlgorithm algorithm, Claim claim, UnaryOperator<byte[]> signature) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("aud", claim.audience());
    claims.put("jti", DpopProofs.newId());
    claims.put("iat", claim.issuedAt().getEpochSecond());
    if (claim.challenge() != null) {
      claims.put("challenge", claim.challenge());
    }
    return JwtSigner.compact(TYPE, algorithm, null, claims, signature);
  }
}
