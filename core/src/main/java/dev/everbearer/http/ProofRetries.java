package dev.everbearer.http;

import dev.everbearer.challenge.Challenge;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.Urls;
import java.net.URI;
import java.util.List;
import java.util.Set;

/**
 * The proofs that go with one request (RFC 9449 section 7), how often it may be sent again with
 * another one, and when (sections 7.1 and 9). Not thread-safe.
 */
final class ProofRetries {

  private static final String USE_NONCE = "use_dpop_nonce";
  private static final String INVALID_PROOF = "invalid_dpop_proof";
  private static final int MAX_NONCE_RETRIES = 2;
  private static final Set<String> SAFE_TO_REPEAT = Set.of("GET", "HEAD");

  private final OutgoingRequest request;
  private int nonceRetries;
  private boolean isProvenAfresh;

  ProofRetries(OutgoingRequest request) {
    this.request = request;
  }

  /**
   * A new proof for one sending of a token.
   *
   * @throws dev.everbearer.token.SenderKeyException when the token's key is not at hand, or cannot
   *     sign
   */
  static String proof(OutgoingRequest request, URI uri, AccessToken token) {
    return token
        .senderKey()
        .orElseThrow(() -> keyIsGone(uri, token))
        .proof(request.method(), uri, token);
  }

  private static OAuthException keyIsGone(URI uri, AccessToken token) {
    return Failure.builder(
            FailureKind.REFUSED,
            "Nothing was sent to %s: the token is bound to the key %s, which is not at hand."
                .formatted(Urls.shown(uri), token.keyThumbprint().orElse("")))
        .ofSenderKey()
        .build()
        .toException();
  }

  /**
   * Whether the request is to be sent again with another proof; counts it. A nonce alone is no
   * reason, nor is a challenge without one. A refused proof is replaced only where the HTTP client
   * may have sent it twice, and where a request that was carried out already does no harm: any
   * other method may have been, and the refused proof has kept it from being so again.
   *
   * @param gaveNonce whether the answer brought a nonce
   */
  boolean isDue(List<Challenge> challenges, boolean gaveNonce) {
    if (!request.isReplayable()) {
      return false;
    }
    if (hasError(challenges, USE_NONCE) && gaveNonce && nonceRetries < MAX_NONCE_RETRIES) {
      nonceRetries++;
      return true;
    }
    if (hasError(challenges, INVALID_PROOF) && mayHaveBeenSentTwice() && !isProvenAfresh) {
      isProvenAfresh = true;
      return true;
    }
    return false;
  }

  private boolean mayHaveBeenSentTwice() {
    return request.mayRepeatItself() && SAFE_TO_REPEAT.contains(request.method());
  }

  static boolean isProofRefused(List<Challenge> challenges) {
    return hasError(challenges, INVALID_PROOF);
  }

  private static boolean hasError(List<Challenge> challenges, String error) {
    return challenges.stream()
        .filter(challenge -> challenge.isScheme("DPoP"))
        .anyMatch(challenge -> challenge.error().filter(error::equals).isPresent());
  }
}
