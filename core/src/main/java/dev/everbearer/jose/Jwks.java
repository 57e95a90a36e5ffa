package dev.everbearer.jose;

import dev.everbearer.jose.VerificationKey.UnusableKeyException;
import dev.everbearer.wire.Untrusted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A server's set of public keys (RFC 7517 section 5). What cannot be used, or should not be there,
 * is left out. Immutable.
 */
public final class Jwks {

  private static final int MAX_KEYS = 100;
  private static final int MAX_SHOWN = 100;

  private final List<VerificationKey> keys;
  private final List<String> leftOut;

  private Jwks(List<VerificationKey> keys, List<String> leftOut) {
    this.keys = List.copyOf(keys);
    this.leftOut = List.copyOf(leftOut);
  }

  /** A document is no key set; the message is the rest of a sentence on it. */
  public static final class UnusableKeySetException extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableKeySetException(String message) {
      super(message);
    }
  }

  /**
   * Reads a key set.
   *
   * @throws UnusableKeySetException if it is none, or has more than 100 keys
   */
  public static Jwks parse(Map<String, Object> document) throws UnusableKeySetException {
    if (!(document.get("keys") instanceof List<?> entries)) {
      throw new UnusableKeySetException("it has no list of keys");
    }
    if (entries.size() > MAX_KEYS) {
      throw new UnusableKeySetException("it has more than " + MAX_KEYS + " keys");
    }
    List<VerificationKey> keys = new ArrayList<>();
    List<String> leftOut = new ArrayList<>();
    for (Object entry : entries) {
      Map<String, Object> jwk = members(entry);
      try {
        keys.add(VerificationKey.parse(jwk));
      } catch (UnusableKeyException e) {
        leftOut.add(shown(jwk.get("kid")) + ": " + e.getMessage());
      }
    }
    return new Jwks(keys, leftOut);
  }

  private static Map<String, Object> members(Object entry) throws UnusableKeySetException {
    if (!(entry instanceof Map<?, ?> members)) {
      throw new UnusableKeySetException("one of its keys is not an object");
    }
    Map<String, Object> jwk = new LinkedHashMap<>();
    members.forEach((name, value) -> jwk.put(String.valueOf(name), value));
    return jwk;
  }

  /**
   * The one key that a JWT must be signed with: by {@code kid}, then by {@code alg}, {@code kty},
   * {@code use} and {@code crv}.
   *
   * @throws InvalidJwtException if no key fits, or several do
   */
  VerificationKey choose(@Nullable String keyId, SignatureAlgorithm algorithm)
      throws InvalidJwtException {
    List<VerificationKey> fitting =
        distinct(
            keys.stream()
                .filter(key -> keyId == null || keyId.equals(key.keyId()))
                .filter(key -> key.fits(algorithm))
                .toList());
    if (fitting.size() == 1) {
      return fitting.get(0);
    }
    throw new InvalidJwtException(
        fitting.isEmpty() ? noneFits(keyId, algorithm) : severalFit(keyId, algorithm));
  }

  /** The same key may stand in the set twice, with a certificate and without. */
  private static List<VerificationKey> distinct(List<VerificationKey> fitting) {
    List<VerificationKey> distinct = new ArrayList<>();
    for (VerificationKey key : fitting) {
      if (distinct.stream().noneMatch(each -> each.publicKey().equals(key.publicKey()))) {
        distinct.add(key);
      }
    }
    return distinct;
  }

  private String noneFits(@Nullable String keyId, SignatureAlgorithm algorithm) {
    return "its server's key set has no key %sfor %s (%s%s)"
        .formatted(
            keyId == null ? "" : shown(keyId) + " ",
            algorithm,
            keys.isEmpty() ? "it has none at all" : "it has " + described(),
            leftOut.isEmpty() ? "" : "; left out: " + String.join(", ", leftOut));
  }

  private String described() {
    return keys.stream()
        .map(key -> shown(key.keyId()) + " of type " + key.kind().keyType())
        .toList()
        .toString();
  }

  private static String severalFit(@Nullable String keyId, SignatureAlgorithm algorithm) {
    return keyId == null
        ? "it has no kid, and several keys of its server's set fit " + algorithm
        : "several keys of its server's set have the kid " + shown(keyId) + " and fit " + algorithm;
  }

  private static String shown(@Nullable Object keyId) {
    return keyId == null
        ? "(no kid)"
        : "'" + Untrusted.printable(String.valueOf(keyId), MAX_SHOWN) + "'";
  }

  @Override
  public String toString() {
    return "Jwks[" + keys.size() + " keys, " + leftOut.size() + " left out]";
  }
}
