package dev.everbearer.jose;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which algorithms a JWT may be signed by (RFC 8725 section 3.1). It is fixed before the JWT is
 * looked at. HMAC is never among several: it must have been registered for this client, so that
 * nobody can turn a public key into a shared secret. Immutable.
 */
public final class AlgorithmRule {

  private static final String DEFAULT = "RS256";

  private final Set<SignatureAlgorithm> allowed;

  private AlgorithmRule(Set<SignatureAlgorithm> allowed) {
    this.allowed = allowed;
  }

  /**
   * The one algorithm that the client has registered.
   *
   * @throws IllegalArgumentException if it is not known; {@code none} is not
   */
  public static AlgorithmRule registered(String algorithm) {
    SignatureAlgorithm known = SignatureAlgorithm.named(algorithm);
    if (known == null) {
      throw new IllegalArgumentException(
          "'%s' is no signature algorithm for JWTs that is accepted here: register one of %s."
              .formatted(algorithm, EnumSet.allOf(SignatureAlgorithm.class)));
    }
    return new AlgorithmRule(EnumSet.of(known));
  }

  /**
   * The asymmetric algorithms of a list in a server's metadata; RS256 when there is no list.
   *
   * @param listed null when the metadata has no such list
   */
  public static AlgorithmRule listed(@Nullable Collection<String> listed) {
    if (listed == null) {
      return registered(DEFAULT);
    }
    Set<SignatureAlgorithm> allowed = EnumSet.noneOf(SignatureAlgorithm.class);
    for (String each : listed) {
      SignatureAlgorithm known = SignatureAlgorithm.named(each);
      if (known != null && !known.isSymmetric()) {
        allowed.add(known);
      }
    }
    return new AlgorithmRule(allowed);
  }

  /** Whether the one algorithm needs the client secret. */
  public boolean isSymmetric() {
    return allowed.stream().anyMatch(SignatureAlgorithm::isSymmetric);
  }

  /**
   * The algorithm of a JWT.
   *
   * @throws InvalidJwtException if it is not allowed
   */
  SignatureAlgorithm check(CompactJws jwt) throws InvalidJwtException {
    SignatureAlgorithm algorithm = jwt.algorithm();
    if (algorithm == null || allowed.stream().noneMatch(algorithm::isSameAs)) {
      throw new InvalidJwtException(
          "it is signed by %s, and expected is %s"
              .formatted(algorithm == null ? "an algorithm that is not known" : algorithm, this));
    }
    return algorithm;
  }

  @Override
  public String toString() {
    return allowed.size() == 1 ? allowed.iterator().next().toString() : "one of " + allowed;
  }
}
