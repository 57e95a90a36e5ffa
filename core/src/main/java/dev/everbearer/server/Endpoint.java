package dev.everbearer.server;

/** The endpoints of an authorization server that a client calls, by their metadata members. */
public enum Endpoint {
  /** RFC 6749 section 3.1. A browser is sent there; the library never calls it. */
  AUTHORIZATION("authorization_endpoint", "authorization endpoint"),
  /** RFC 6749 section 3.2. */
  TOKEN("token_endpoint", "token endpoint"),
  /** RFC 9126 section 2. */
  PUSHED_AUTHORIZATION_REQUEST(
      "pushed_authorization_request_endpoint", "pushed authorization request endpoint"),
  /** RFC 8628 section 3.1. */
  DEVICE_AUTHORIZATION("device_authorization_endpoint", "device authorization endpoint"),
  /** CIBA Core 1.0 section 7. */
  BACKCHANNEL_AUTHENTICATION(
      "backchannel_authentication_endpoint", "backchannel authentication endpoint"),
  /** RFC 7009 section 2. */
  REVOCATION("revocation_endpoint", "revocation endpoint"),
  /** RFC 7662 section 2. */
  INTROSPECTION("introspection_endpoint", "introspection endpoint"),
  /** RFC 7591 section 3. */
  REGISTRATION("registration_endpoint", "registration endpoint"),
  /** OpenID Connect Core section 5.3. */
  USERINFO("userinfo_endpoint", "UserInfo endpoint"),
  /** OpenID Connect RP-Initiated Logout section 2. A browser is sent there. */
  END_SESSION("end_session_endpoint", "end session endpoint"),
  /** A draft: draft-ietf-oauth-attestation-based-client-auth-10 section 6.1. */
  CHALLENGE("challenge_endpoint", "challenge endpoint");

  private final String member;
  private final String title;

  Endpoint(String member, String title) {
    this.member = member;
    this.title = title;
  }

  /** Its name in the metadata document (RFC 8414 section 2). */
  public String member() {
    return member;
  }

  /** Its name for people, such as {@code token endpoint}. */
  @Override
  public String toString() {
    return title;
  }
}
