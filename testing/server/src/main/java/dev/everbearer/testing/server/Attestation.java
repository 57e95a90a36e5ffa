package dev.everbearer.testing.server;

import java.util.List;
import java.util.Optional;

/** An attestation by which a client wants to authenticate, read but not checked yet. */
record Attestation(ReceivedJwt jwt, String clientId, ClientAuthMethod method) {

  static Attestation of(RecordedRequest request, Optional<String> idInForm) {
    try {
      ReceivedJwt jwt = ReceivedJwt.parse(only(request, Attestations.ATTESTATION));
      String subject = jwt.requiredText("sub");
      if (!idInForm.orElse(subject).equals(subject)) {
        throw OAuthError.invalidClient("The client_id is not the sub of the attestation");
      }
      return new Attestation(jwt, subject, method(request));
    } catch (BadJwt e) {
      throw OAuthError.invalidClient("The attestation is refused. " + e.description());
    }
  }

  /** Which proof comes with it tells the method (section 7). */
  private static ClientAuthMethod method(RecordedRequest request) {
    return request.headers(Attestations.PROOF).isEmpty()
        ? ClientAuthMethod.ATTEST_JWT_CLIENT_AUTH_DPOP
        : ClientAuthMethod.ATTEST_JWT_CLIENT_AUTH;
  }

  static String only(RecordedRequest request, String name) {
    List<String> fields = request.headers(name);
    if (fields.size() != 1) {
      throw new BadJwt("There must be one " + name + " header field, not " + fields.size());
    }
    return fields.get(0);
  }
}
