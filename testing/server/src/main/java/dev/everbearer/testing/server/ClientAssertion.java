package dev.everbearer.testing.server;

import java.util.Optional;

/** A JWT by which a client wants to authenticate, read but not checked yet. */
record ClientAssertion(ReceivedJwt jwt, String clientId) {

  static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

  /** Reads the parameters of RFC 7521 section 4.2. */
  static ClientAssertion of(OAuthForm form) {
    if (!form.required("client_assertion_type").equals(TYPE)) {
      throw OAuthError.invalidClient("The client_assertion_type must be " + TYPE);
    }
    try {
      ReceivedJwt jwt = ReceivedJwt.parse(form.required("client_assertion"));
      String subject = jwt.requiredText("sub");
      Optional<String> idInForm = form.first("client_id");
      if (!idInForm.orElse(subject).equals(subject)) {
        throw OAuthError.invalidClient("The client_id is not the sub of the assertion");
      }
      return new ClientAssertion(jwt, subject);
    } catch (BadJwt e) {
      throw OAuthError.invalidClient("The client assertion is refused. " + e.description());
    }
  }

  /** The method, as the algorithm tells it. */
  ClientAuthMethod method() {
    return jwt.algorithm().startsWith("HS")
        ? ClientAuthMethod.CLIENT_SECRET_JWT
        : ClientAuthMethod.PRIVATE_KEY_JWT;
  }
}
