package dev.everbearer.client;

import dev.everbearer.jose.AttestationJwt;
import dev.everbearer.jose.AttestationProofs;
import dev.everbearer.jose.InvalidJwtException;
import dev.everbearer.jose.PublicJwk;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.security.PublicKey;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The attestation of one installation of a client, with the key that it is bound to
 * (draft-ietf-oauth-attestation-based-client-auth-10). A client authenticates by it with {@link
 * ClientAuthentication#attestation(String, ClientAttester, SigningKey)}; this class is for requests
 * that are sent by hand, such as to an API that wants to see it. Thread-safe; prints neither the
 * attestation nor the key.
 *
 * <p>This follows a draft, and may change with it.
 */
public final class ClientAttestation {

  /** What is shown in the last seconds may arrive too late. */
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final String clientId;
  private final ClientAttester attester;
  private final SigningKey key;
  private final Map<String, Object> publicJwk;
  private final String thumbprint;

  /** The newest one; null before the first. */
  private volatile @Nullable AttestationJwt kept;

  private ClientAttestation(String clientId, ClientAttester attester, SigningKey key) {
    PublicKey publicKey = requirePublicKey(key);
    this.clientId = ClientAuthentication.requireSendable("client id", clientId);
    this.attester = Objects.requireNonNull(attester, "attester");
    this.key = key;
    this.publicJwk = Collections.unmodifiableMap(PublicJwk.members(publicKey));
    this.thumbprint = PublicJwk.thumbprint(publicKey);
  }

  /**
   * An attestation, asked for when it is first needed.
   *
   * @param instanceKey of this installation alone, and for one server or API alone
   * @throws IllegalArgumentException if the public half of the key is not known, or the id is empty
   *     or holds control characters
   */
  public static ClientAttestation of(
      String clientId, ClientAttester attester, SigningKey instanceKey) {
    return new ClientAttestation(clientId, attester, instanceKey);
  }

  static PublicKey requirePublicKey(SigningKey key) {
    return key.publicKey()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "An attestation names the public key, and this key comes without one. Give"
                        + " both halves."));
  }

  /**
   * The two header fields for one sending of one request (sections 4 and 5.1): the attestation and
   * a new proof of possession.
   *
   * @param audience the resource identifier of an API (RFC 9728), or the issuer identifier of an
   *     authorization server
   * @param challenge the newest that it gave; null when it gave none
   * @param issuedAt now, by the wall clock
   * @throws OAuthException if there is no attestation, it is not of this client and key, or the key
   *     cannot sign
   */
  public Map<String, String> headers(
      String audience, @Nullable String challenge, Instant issuedAt) {
    SignatureAlgorithm usual = Objects.requireNonNull(key.algorithmFor(null));
    return Map.of(
        AttestationProofs.ATTESTATION,
        jwt(audience, null, issuedAt).compact(),
        AttestationProofs.PROOF,
        proof(usual, audience, challenge, issuedAt));
  }

  /** Whether it is the attestation of a key. */
  boolean isOf(SigningKey other) {
    return key.credential().equals(other.credential());
  }

  /** The attestation, kept or asked for; never the given one, which a server called stale. */
  AttestationJwt jwt(String audience, @Nullable Secret stale, Instant now) {
    AttestationJwt known = kept;
    return known != null && !isOver(known, now) && !Secret.of(known.compact()).equals(stale)
        ? known
        : renewed(audience, now);
  }

  private static boolean isOver(AttestationJwt known, Instant now) {
    return !now.plus(MARGIN).isBefore(known.expiresAt());
  }

  private AttestationJwt renewed(String audience, Instant now) {
    String compact = attested(audience);
    try {
      AttestationJwt next = AttestationJwt.read(compact, clientId, thumbprint, now);
      kept = next;
      return next;
    } catch (InvalidJwtException e) {
      throw failure(
          FailureKind.REFUSED,
          "Nothing was sent to %s: the client attestation is not good, for %s. Ask the attester's"
                  .formatted(audience, e.getMessage())
              + " operator to make it as section 4 of"
              + " draft-ietf-oauth-attestation-based-client-auth-10 says.");
    }
  }

  /** What an attester of the user's throws may quote anything, so it goes no further. */
  private String attested(String audience) {
    try {
      return Objects.requireNonNull(attester.attest(publicJwk), "The attester gave null.");
    } catch (RuntimeException e) {
      throw failure(
          FailureKind.SERVER_TROUBLE,
          "Nothing was sent to %s: the client's attester gave no attestation (%s). Check it."
              .formatted(audience, e.getClass().getName()));
    }
  }

  /** The algorithm of a proof, of those listed; null when it can make none of them. */
  @Nullable SignatureAlgorithm algorithmFor(@Nullable List<String> listed) {
    return key.algorithmFor(listed);
  }

  String proof(
      SignatureAlgorithm algorithm, String audience, @Nullable String challenge, Instant now) {
    try {
      return AttestationProofs.compact(
          algorithm,
          new AttestationProofs.Claim(audience, challenge, now),
          input -> key.sign(algorithm, input));
    } catch (RuntimeException e) {
      throw failure(
          FailureKind.SERVER_TROUBLE,
          "Nothing was sent to %s: the instance key could not sign (%s). Check the key, or the"
                  .formatted(audience, e.getClass().getName())
              + " service that signs with it.");
    }
  }

  private static OAuthException failure(FailureKind kind, String message) {
    return Failure.builder(kind, message).build().toException();
  }

  /** Whose it is, and the thumbprint of the key. */
  @Override
  public String toString() {
    return "ClientAttestation[" + clientId + ", " + thumbprint + "]";
  }
}
