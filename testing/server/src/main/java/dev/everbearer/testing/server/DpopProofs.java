package dev.everbearer.testing.server;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyType;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.text.ParseException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Checks DPoP proofs (RFC 9449 section 4.3). */
final class DpopProofs {

  private final InstantSource clock;
  private final DpopRules rules;
  private final ReplayMemory seen;

  DpopProofs(InstantSource clock, DpopRules rules) {
    this.clock = clock;
    this.rules = rules;
    this.seen = new ReplayMemory(clock);
  }

  static boolean isIn(RecordedRequest request) {
    return !request.headers("DPoP").isEmpty();
  }

  /**
   * Checks the proof of a request.
   *
   * @param accessToken the token that it comes with; null at the authorization server
   * @return the thumbprint of the key
   * @throws OAuthError {@code invalid_dpop_proof} or {@code use_dpop_nonce}
   */
  String check(RecordedRequest request, @Nullable String accessToken) {
    try {
      // 1. One header field, 2. with one well-formed JWT.
      ReceivedJwt proof = ReceivedJwt.parse(only(request.headers("DPoP")));
      JWK key = checkHeader(proof);
      checkClaims(proof, request, accessToken);
      // 10. The nonce, if one is wanted.
      requireNonce(proof);
      return key.computeThumbprint().toString();
    } catch (BadJwt e) {
      throw OAuthError.of("invalid_dpop_proof", "The DPoP proof is refused. " + e.description());
    } catch (JOSEException e) {
      throw OAuthError.of("invalid_dpop_proof", "The key has no thumbprint");
    }
  }

  private static String only(List<String> fields) {
    if (fields.size() != 1) {
      throw new BadJwt("There must be one DPoP header field, not " + fields.size());
    }
    return fields.get(0);
  }

  private JWK checkHeader(ReceivedJwt proof) {
    // 4. The type, 5. the algorithm, 7. no private key in it, 6. the signature by that key.
    proof.requireTyp(List.of("dpop+jwt"));
    proof.requireAlgorithm(rules.algorithms());
    if (!(proof.header().get("jwk") instanceof Map<?, ?> members)) {
      throw new BadJwt("The header parameter is missing: jwk");
    }
    JWK key = parsed(members);
    if (key.isPrivate() || key.getKeyType().equals(KeyType.OCT)) {
      throw new BadJwt("The jwk must be a public key");
    }
    proof.requireSignatureBy(new JWKSet(key));
    return key;
  }

  private static JWK parsed(Map<?, ?> members) {
    try {
      return JWK.parse(Json.write(members));
    } catch (ParseException e) {
      throw new BadJwt("The jwk is no key");
    }
  }

  private void checkClaims(
      ReceivedJwt proof, RecordedRequest request, @Nullable String accessToken) {
    // 8. The method, 9. the URI without query and fragment.
    proof.require("htm", request.method());
    proof.require("htu", targetUri(request));
    // 11. The time.
    Instant now = clock.instant();
    proof.requireNotAhead("iat", now);
    if (proof.instant("iat").isBefore(now.minus(rules.proofLifetime()))) {
      throw new BadJwt("The iat lies too far back");
    }
    // 12. The access token.
    if (accessToken != null) {
      proof.require("ath", hash(accessToken));
    }
    // A proof is used once (section 11.1).
    seen.requireFirstUse(
        proof.requiredText("jti"), now.plus(rules.proofLifetime()).plusSeconds(60));
  }

  private void requireNonce(ReceivedJwt proof) {
    String wanted = rules.requiredNonce();
    if (wanted != null && !wanted.equals(proof.text("nonce").orElse(""))) {
      throw OAuthError.of("use_dpop_nonce", "The DPoP proof must carry the present nonce");
    }
  }

  /** The URI that the request was sent to, as RFC 3986 normalises it. */
  private static String targetUri(RecordedRequest request) {
    String scheme = request.isSecure() ? "https://" : "http://";
    return scheme + request.header("Host").orElse("") + request.path();
  }

  static String hash(String accessToken) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(accessToken.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
