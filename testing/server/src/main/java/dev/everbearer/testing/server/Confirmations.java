package dev.everbearer.testing.server;

/** Finds the key that a token request wants its tokens bound to. */
final class Confirmations {

  private final DpopRules dpop;
  private final DpopProofs proofs;

  Confirmations(DpopRules dpop, DpopProofs proofs) {
    this.dpop = dpop;
    this.proofs = proofs;
  }

  /**
   * The key that the request proves to have.
   *
   * @throws OAuthError if the proof is no good, or missing where one is required
   */
  Confirmation of(RecordedRequest request, RegisteredClient client) {
    boolean required = dpop.isRequired() || client.is("dpop_bound_access_tokens");
    return required || DpopProofs.isIn(request)
        ? new Confirmation(proofs.check(request, null))
        : Confirmation.NONE;
  }
}
