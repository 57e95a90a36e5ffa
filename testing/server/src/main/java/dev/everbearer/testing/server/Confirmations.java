package dev.everbearer.testing.server;

/** Finds the keys that a token request wants its tokens bound to. */
final class Confirmations {

  private final DpopRules dpop;
  private final DpopProofs proofs;
  private final MutualTls mutualTls;

  Confirmations(DpopRules dpop, DpopProofs proofs, MutualTls mutualTls) {
    this.dpop = dpop;
    this.proofs = proofs;
    this.mutualTls = mutualTls;
  }

  /**
   * The keys that the request proves to have.
   *
   * @throws OAuthError if a proof is no good, or missing where one is required
   */
  Confirmation of(RecordedRequest request, RegisteredClient client) {
    boolean required = dpop.isRequired() || client.is("dpop_bound_access_tokens");
    String jkt = required || DpopProofs.isIn(request) ? proofs.check(request, null) : null;
    return new Confirmation(jkt, mutualTls.thumbprint(request, client));
  }
}
