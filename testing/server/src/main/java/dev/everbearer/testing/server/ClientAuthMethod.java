package dev.everbearer.testing.server;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/** How a client proves who it is to the authorization server. */
public enum ClientAuthMethod {
  /** Id and secret, form-encoded, in an {@code Authorization: Basic} header field. */
  CLIENT_SECRET_BASIC("client_secret_basic"),
  /** The parameters {@code client_id} and {@code client_secret} in the body. */
  CLIENT_SECRET_POST("client_secret_post"),
  /** A JWT authenticated by HMAC with the secret, in {@code client_assertion} (RFC 7523). */
  CLIENT_SECRET_JWT("client_secret_jwt"),
  /** A JWT signed by the client's key, in {@code client_assertion} (RFC 7523). */
  PRIVATE_KEY_JWT("private_key_jwt"),
  /** A certificate of a registered subject, in the TLS handshake (RFC 8705 section 2.1). */
  TLS_CLIENT_AUTH("tls_client_auth"),
  /** A certificate that is registered itself, in the TLS handshake (RFC 8705 section 2.2). */
  SELF_SIGNED_TLS_CLIENT_AUTH("self_signed_tls_client_auth"),
  /**
   * An attestation and a proof of its key, each in a header field
   * (draft-ietf-oauth-attestation-based-client-auth-10).
   */
  ATTEST_JWT_CLIENT_AUTH("attest_jwt_client_auth"),
  /** An attestation whose key a DPoP proof is proven by (section 5.2 of the same draft). */
  ATTEST_JWT_CLIENT_AUTH_DPOP("attest_jwt_client_auth_dpop"),
  /** The parameter {@code client_id} alone, for clients that have no secret. */
  NONE("none");

  static final Set<ClientAuthMethod> WITH_SECRET =
      EnumSet.of(CLIENT_SECRET_BASIC, CLIENT_SECRET_POST, CLIENT_SECRET_JWT);

  static final Set<ClientAuthMethod> BY_TLS =
      EnumSet.of(TLS_CLIENT_AUTH, SELF_SIGNED_TLS_CLIENT_AUTH);

  static final Set<ClientAuthMethod> BY_ATTESTATION =
      EnumSet.of(ATTEST_JWT_CLIENT_AUTH, ATTEST_JWT_CLIENT_AUTH_DPOP);

  private final String metadataName;

  ClientAuthMethod(String metadataName) {
    this.metadataName = metadataName;
  }

  /** The name in the metadata document, such as {@code client_secret_basic}. */
  public String metadataName() {
    return metadataName;
  }

  static Optional<ClientAuthMethod> named(String metadataName) {
    return Arrays.stream(values()).filter(each -> each.metadataName.equals(metadataName)).findAny();
  }
}
