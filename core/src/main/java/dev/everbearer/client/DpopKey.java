package dev.everbearer.client;

import dev.everbearer.jose.DpopProofs;
import dev.everbearer.jose.KeyKind;
import dev.everbearer.jose.PublicJwk;
import dev.everbearer.jose.SignatureAlgorithm;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The key that a client's tokens are bound to (RFC 9449): whoever steals such a token cannot use it
 * without the key. Use one key for one authorization server, and no key that signs anything else.
 * Immutable and thread-safe; only its public half ever shows.
 *
 * <p>A generated key lives as long as the process. That suits clients that can prove who they are:
 * after a restart they get new tokens for a new key. The refresh token of a public client is bound
 * to the key, so a public client that keeps its refresh token must keep the key, too: load it from
 * a key store with {@link SigningKey} and hand it over by {@link #of(SigningKey)}.
 */
public final class DpopKey {

  private static final int RSA_BITS = 3072;

  private final SigningKey key;
  private final Map<String, Object> publicJwk;
  private final String thumbprint;

  private DpopKey(SigningKey key, PublicKey publicKey) {
    this.key = key;
    this.publicJwk = Collections.unmodifiableMap(PublicJwk.members(publicKey));
    this.thumbprint = PublicJwk.thumbprint(publicKey);
  }

  /** A new key for {@code ES256}, which every server of RFC 9449 knows. */
  public static DpopKey generate() {
    return generate("ES256");
  }

  /**
   * A new key, in memory only. Nothing in this class lets it out.
   *
   * @param algorithm such as {@code ES256}, {@code EdDSA} or {@code PS256}
   * @throws IllegalArgumentException if the algorithm is not one for asymmetric keys that we know
   */
  public static DpopKey generate(String algorithm) {
    SignatureAlgorithm known = SignatureAlgorithm.named(Objects.requireNonNull(algorithm));
    if (known == null || known.isSymmetric()) {
      throw new IllegalArgumentException(
          "'%s' is no algorithm that a DPoP key signs by; take ES256, EdDSA or PS256."
              .formatted(algorithm));
    }
    try {
      KeyPair pair = pair(known);
      return of(SigningKey.of(pair.getPrivate(), pair.getPublic()).withAlgorithm(algorithm));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This platform makes no keys for " + algorithm + ".", e);
    }
  }

  private static KeyPair pair(SignatureAlgorithm algorithm) throws GeneralSecurityException {
    KeyPairGenerator generator;
    if (algorithm.fits(KeyKind.RSA)) {
      generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(RSA_BITS);
    } else if (algorithm.fits(KeyKind.ED25519)) {
      generator = KeyPairGenerator.getInstance("Ed25519");
    } else {
      generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec(curve(algorithm)));
    }
    return generator.generateKeyPair();
  }

  private static String curve(SignatureAlgorithm algorithm) {
    return algorithm.fits(KeyKind.P_256)
        ? "secp256r1"
        : algorithm.fits(KeyKind.P_384) ? "secp384r1" : "secp521r1";
  }

  /**
   * A key of yours: from a key store, or one that signs elsewhere. Signing is asked for on the
   * threads that send requests, once for each sending.
   *
   * @throws IllegalArgumentException if its public half is not known
   */
  public static DpopKey of(SigningKey key) {
    return new DpopKey(
        key,
        key.publicKey()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "A proof shows the public key, and this key comes without one. Give both"
                            + " halves.")));
  }

  /**
   * A key pair of the platform. The private key may be one that its provider never lets out.
   *
   * @throws IllegalArgumentException if the keys are of no kind that is taken here, or not a pair
   */
  public static DpopKey of(PrivateKey privateKey, PublicKey publicKey) {
    return of(SigningKey.of(privateKey, publicKey));
  }

  /**
   * The same key, signing by the first algorithm that it can make of those that a server lists;
   * empty when it can make none of them.
   *
   * @param listed such as a server's {@code dpop_signing_alg_values_supported}
   */
  public Optional<DpopKey> forAlgorithms(Collection<String> listed) {
    SignatureAlgorithm algorithm = key.algorithmFor(listed);
    return algorithm == null
        ? Optional.empty()
        : Optional.of(of(key.withAlgorithm(algorithm.wireName())));
  }

  /** The algorithm that it signs by where no server lists any, such as {@code ES256}. */
  public String algorithm() {
    return usual().wireName();
  }

  private SignatureAlgorithm usual() {
    return Objects.requireNonNull(key.algorithmFor(null));
  }

  /** The key behind it. */
  SigningKey signingKey() {
    return key;
  }

  /** The SHA-256 thumbprint (RFC 7638), by which servers know it ({@code jkt}). */
  public String thumbprint() {
    return thumbprint;
  }

  /** The members of the public key (RFC 7517), and nothing of the private one. */
  public Map<String, Object> publicJwk() {
    return publicJwk;
  }

  /**
   * A proof for one sending of one request (RFC 9449 section 4.2). Clients make their own; this is
   * for requests that are sent by hand.
   *
   * @param method the HTTP method as it is sent
   * @param uri the URI as it is sent; query and fragment do not get into the proof
   * @param accessToken the token that is sent beside it; null when there is none
   * @param nonce the newest that the server gave; null when it gave none
   * @param issuedAt now, by the wall clock
   * @throws IllegalArgumentException if the URI has no host
   * @throws RuntimeException whatever a signer of yours throws
   */
  public String proof(
      String method,
      URI uri,
      @Nullable String accessToken,
      @Nullable String nonce,
      Instant issuedAt) {
    SignatureAlgorithm algorithm = usual();
    return DpopProofs.compact(
        algorithm,
        publicJwk,
        new DpopProofs.Claim(method, uri, accessToken, nonce, issuedAt),
        input -> key.sign(algorithm, input));
  }

  /** The thumbprint. */
  @Override
  public String toString() {
    return "DpopKey[" + thumbprint + "]";
  }
}
