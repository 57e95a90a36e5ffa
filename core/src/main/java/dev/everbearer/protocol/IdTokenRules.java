package dev.everbearer.protocol;

import dev.everbearer.jose.AlgorithmRule;
import dev.everbearer.jose.JweReader;
import dev.everbearer.server.AuthorizationServer;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a client has registered about its ID tokens.
 *
 * @param clientId its own id, which they must be for
 * @param trustedAudiences who else they may be for
 * @param algorithm the registered {@code id_token_signed_response_alg}; null leaves it to the
 *     server's list, without which it is RS256
 * @param clientSecret the key of a registered HMAC; null when the client has none
 * @param decryption opens them, if encryption was registered; null when it was not
 */
public record IdTokenRules(
    String clientId,
    Set<String> trustedAudiences,
    @Nullable String algorithm,
    @Nullable Supplier<String> clientSecret,
    @Nullable JweReader decryption) {

  /**
   * Rules with these values.
   *
   * @throws IllegalArgumentException if the algorithm is not known, or wants a secret that is
   *     missing
   */
  public IdTokenRules {
    Objects.requireNonNull(clientId, "clientId");
    trustedAudiences = Set.copyOf(trustedAudiences);
    if (algorithm != null
        && AlgorithmRule.registered(algorithm).isSymmetric()
        && clientSecret == null) {
      throw new IllegalArgumentException(
          "ID tokens signed by %s are checked with the client secret, and this client has none."
              .formatted(algorithm));
    }
  }

  /** A client that has registered nothing. */
  public static IdTokenRules of(String clientId) {
    return new IdTokenRules(clientId, Set.of(), null, null, null);
  }

  AlgorithmRule algorithmAt(AuthorizationServer server) {
    if (algorithm != null) {
      return AlgorithmRule.registered(algorithm);
    }
    return AlgorithmRule.listed(
        server.metadata().get("id_token_signing_alg_values_supported") instanceof List<?> list
            ? list.stream().map(String::valueOf).toList()
            : null);
  }

  /** The client id and the algorithm. */
  @Override
  public String toString() {
    return "IdTokenRules[" + clientId + ", " + algorithm + "]";
  }
}
