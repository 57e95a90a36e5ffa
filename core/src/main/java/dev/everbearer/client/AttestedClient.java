package dev.everbearer.client;

import dev.everbearer.jose.AttestationJwt;
import dev.everbearer.jose.AttestationProofs;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * By an attestation and a proof of its key, which is one of its own or that of DPoP
 * (draft-ietf-oauth-attestation-based-client-auth-10). It does not count as {@link
 * #usesPrivateKey}: FAPI 2.0 does not know it.
 */
final class AttestedClient extends ClientAuthentication {

  private static final String ALGORITHMS = "client_attestation_signing_alg_values_supported";
  private static final String PROOF_ALGORITHMS =
      "client_attestation_pop_signing_alg_values_supported";

  private static final int MAX_SERVERS = 1000;

  private final ClientAttester attester;
  private final Function<String, SigningKey> instanceKeys;
  private final @Nullable DpopKey dpopKey;

  /** By the name of the server; of each the one for its present key, which can be had again. */
  private final Recent<String, ClientAttestation> attestations = new Recent<>(MAX_SERVERS);

  /**
   * By an attestation.
   *
   * @param instanceKeys gives the key for a server by its issuer identifier
   * @param dpopKey the same, when its proof is that of DPoP; null when the proof is one of its own
   */
  AttestedClient(
      String clientId,
      ClientAttester attester,
      Function<String, SigningKey> instanceKeys,
      @Nullable DpopKey dpopKey) {
    super(clientId);
    this.attester = Objects.requireNonNull(attester, "attester");
    this.instanceKeys = Objects.requireNonNull(instanceKeys, "instanceKeys");
    this.dpopKey = dpopKey;
  }

  @Override
  public String method(Target target) {
    return dpopKey == null ? AttestationProofs.METHOD : AttestationProofs.METHOD_BY_DPOP;
  }

  @Override
  public boolean isConfidential() {
    return true;
  }

  @Override
  public Optional<DpopKey> dpopKey() {
    return Optional.ofNullable(dpopKey);
  }

  @Override
  public Parts parts(Target target) {
    String issuer = issuer(target);
    SigningKey key =
        Objects.requireNonNull(
            instanceKeys.apply(issuer), "The supplier of the instance keys gave null.");
    KeyUses.requireOneServer(key, target, this);
    ClientAttestation attestation = attestation(issuer, key);
    AttestationJwt jwt =
        attestation.jwt(issuer, target.staleAttestation(), target.clock().instant());
    requireListed(jwt, target.server());
    Map<String, String> headers =
        dpopKey == null
            ? Map.of(
                AttestationProofs.ATTESTATION,
                jwt.compact(),
                AttestationProofs.PROOF,
                proof(attestation, issuer, target))
            : Map.of(AttestationProofs.ATTESTATION, jwt.compact());
    return new Parts(headers, Map.of("client_id", clientId()), Secret.of(jwt.compact()));
  }

  /** A proof is for the issuer, and for nobody else (section 5.1). */
  private static String issuer(Target target) {
    AuthorizationServer server = target.server();
    return server
        .issuer()
        .or(target.profile()::assertionAudience)
        .orElseThrow(
            () ->
                ClientAssertion.refusal(
                    server,
                    "Only the token endpoint %s is known, and a proof of the attested key is for"
                            .formatted(server)
                        + " the server's issuer identifier. Configure issuer(...) in place of"
                        + " tokenEndpoint(...), or name it by"
                        + " ProviderProfile.builder().assertionAudience(...)."));
  }

  private ClientAttestation attestation(String issuer, SigningKey key) {
    return attestations.compute(
        issuer,
        known ->
            known != null && known.isOf(key)
                ? known
                : ClientAttestation.of(clientId(), attester, key));
  }

  private static void requireListed(AttestationJwt jwt, AuthorizationServer server) {
    List<String> listed = server.listed(ALGORITHMS).orElse(null);
    if (listed != null && !listed.contains(jwt.algorithm())) {
      throw withoutAlgorithm(server, listed, "client attestations", "the attester's is not one");
    }
  }

  private static String proof(ClientAttestation attestation, String issuer, Target target) {
    List<String> listed = target.server().listed(PROOF_ALGORITHMS).orElse(null);
    SignatureAlgorithm algorithm = attestation.algorithmFor(listed);
    if (algorithm == null) {
      throw withoutAlgorithm(
          target.server(),
          Objects.requireNonNull(listed),
          "proofs of attested keys",
          "the instance key can make none");
    }
    return attestation.proof(algorithm, issuer, target.challenge(), target.clock().instant());
  }

  private static OAuthException withoutAlgorithm(
      AuthorizationServer server, List<String> listed, String what, String which) {
    return ClientAssertion.refusal(
        server,
        "The server %s takes %s signed by %s, and %s of these. Nothing was sent."
            .formatted(server, what, listed, which));
  }
}
