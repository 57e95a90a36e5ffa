package dev.everbearer.protocol;

import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.token.OAuthErrorException;

/**
 * Why a request of an attested client is sent again, once for each reason
 * (draft-ietf-oauth-attestation-based-client-auth-10 section 7.4). Not thread-safe.
 */
final class AttestationRetries {

  private boolean wasChallenged;
  private boolean wasStale;

  /** Whether the server wants to see the challenge that its answer brought; counts it. */
  boolean isChallengeDue(OAuthErrorException refusal, Exchange exchange) {
    boolean isDue =
        !wasChallenged
            && exchange.gaveChallenge()
            && refusal.error().equals(ErrorReader.USE_ATTESTATION_CHALLENGE);
    wasChallenged |= isDue;
    return isDue;
  }

  /** Whether the server wants to see a fresher attestation; counts it. */
  boolean isFreshAttestationDue(OAuthErrorException refusal) {
    boolean isDue = !wasStale && refusal.error().equals(ErrorReader.USE_FRESH_ATTESTATION);
    wasStale |= isDue;
    return isDue;
  }
}
