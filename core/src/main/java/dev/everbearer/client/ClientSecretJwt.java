package dev.everbearer.client;

import dev.everbearer.jose.JwtSigner;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.jose.Signatures;
import dev.everbearer.token.Secret;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A JWT with an HMAC under the client secret ({@code client_secret_jwt}). */
final class ClientSecretJwt extends ClientAuthentication {

  private static final String METHOD = "client_secret_jwt";
  private static final List<SignatureAlgorithm> ALGORITHMS =
      Stream.of(SignatureAlgorithm.values()).filter(SignatureAlgorithm::isSymmetric).toList();

  private final Supplier<String> clientSecret;

  ClientSecretJwt(String clientId, Supplier<String> clientSecret) {
    super(clientId);
    this.clientSecret = Objects.requireNonNull(clientSecret, "clientSecret");
  }

  /** Throws {@code IllegalArgumentException} if a secret is too short for any algorithm. */
  static String requireLongEnough(String clientSecret) {
    Signatures.mac(ALGORITHMS.get(0), clientSecret, new byte[0]);
    return clientSecret;
  }

  @Override
  public String method(Target target) {
    return METHOD;
  }

  @Override
  public boolean isConfidential() {
    return true;
  }

  @Override
  public Optional<Supplier<String>> clientSecret() {
    return Optional.of(clientSecret);
  }

  @Override
  public Parts parts(Target target) {
    String secret = requireSendable("client secret", clientSecret.get());
    SignatureAlgorithm algorithm = algorithm(target);
    String assertion =
        JwtSigner.compact(
            target.profile().assertionType().orElse(null),
            algorithm,
            null,
            ClientAssertion.claims(clientId(), target),
            input -> Signatures.mac(algorithm, secret, input));
    return ClientAssertion.parts(clientId(), assertion, Secret.of(secret));
  }

  private static SignatureAlgorithm algorithm(Target target) {
    List<String> listed = ClientAssertion.algorithms(target);
    return ALGORITHMS.stream()
        .filter(each -> listed == null || listed.contains(each.wireName()))
        .findFirst()
        .orElseThrow(() -> ClientAssertion.withoutAlgorithm(target, "a client secret"));
  }
}
