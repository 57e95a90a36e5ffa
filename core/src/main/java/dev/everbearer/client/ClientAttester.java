package dev.everbearer.client;

import java.util.Map;

/**
 * Who vouches for this installation of a client, usually a backend of its maker: the Client
 * Attester of draft-ietf-oauth-attestation-based-client-auth-10. It is not told at which server the
 * attestation will be shown. Must be thread-safe.
 *
 * <p>This follows a draft, and may change with it.
 */
@FunctionalInterface
public interface ClientAttester {

  /**
   * A new Client Attestation JWT (section 4). It is kept and shown again until it ends or a server
   * wants a fresher one. Called on a thread that sends, which waits; what it throws is reported by
   * its class alone.
   *
   * @param instanceKey the members of the public key (RFC 7517) that the JWT must name in its
   *     {@code cnf}
   * @return in compact form
   */
  String attest(Map<String, Object> instanceKey);
}
