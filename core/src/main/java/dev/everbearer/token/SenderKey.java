package dev.everbearer.token;

import java.net.URI;
import java.util.List;

/**
 * The key that access tokens are bound to, as far as sending them needs it (RFC 9449): it makes a
 * proof for each sending, and keeps the nonces that APIs want to see in them. The key itself never
 * shows. Thread-safe.
 */
public interface SenderKey {

  /** The key's SHA-256 thumbprint (RFC 7638), by which servers know it ({@code jkt}). */
  String thumbprint();

  /**
   * The value of the {@code DPoP} header field for one sending of a token to an API (RFC 9449
   * section 7). Each is good once: a request that is sent again, or to another place, gets a new
   * one. It holds the newest nonce that the API gave. May block if the key signs elsewhere.
   *
   * @param method the HTTP method as it is sent
   * @param uri the URI as it is sent; query and fragment do not get into the proof
   * @param token the token that is sent beside it
   * @throws SenderKeyException when the key cannot sign; the request must then not be sent
   */
  String proof(String method, URI uri, AccessToken token);

  /**
   * Takes note of the nonce in an answer of an API, whatever its status (RFC 9449 section 9). The
   * newest one stands in all further proofs for that origin.
   *
   * @param uri what was called
   * @param nonces the values of all {@code DPoP-Nonce} lines; unless there is exactly one, and it
   *     is well-formed, they are ignored
   * @return whether there was a nonce to take note of
   */
  boolean noteNonce(URI uri, List<String> nonces);
}
