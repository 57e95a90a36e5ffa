package dev.everbearer;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.DpopKey;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.Untrusted;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether an API takes tokens as they are bound to a client's key or certificate (RFC 9728 section
 * 2).
 */
final class BoundTokenRules {

  private static final String DPOP_ALGORITHMS = "dpop_signing_alg_values_supported";
  private static final String CERTIFICATE_BOUND = "tls_client_certificate_bound_access_tokens";

  private final ResourceMetadata api;
  private final AuthorizationServer server;

  BoundTokenRules(ResourceMetadata api, AuthorizationServer server) {
    this.api = api;
    this.server = server;
  }

  /** Has a client's key sign by what the API takes, and the server, too. */
  void settleKey(OAuthClientBuilder client) {
    if (client.dpopKey == null) {
      return;
    }
    // 1. A token that is bound to no key is of no use here.
    client.requiresDpop |= api.requiresDpop();
    // 2. Proofs go to both, by one algorithm.
    List<String> taken = api.dpopAlgorithms();
    List<String> offered = server.listed(DPOP_ALGORITHMS).orElse(null);
    boolean isUsed = client.requiresDpop || offered != null;
    if (isUsed && !taken.isEmpty()) {
      DpopKey key = client.dpopKey.get();
      DpopKey narrowed =
          key.forAlgorithms(offered == null ? taken : common(taken, offered))
              .orElseThrow(() -> noAlgorithm(key, taken, offered));
      client.dpopKey = () -> narrowed;
    }
  }

  private static List<String> common(List<String> taken, List<String> offered) {
    return taken.stream().filter(offered::contains).toList();
  }

  private OAuthException noAlgorithm(
      DpopKey key, List<String> taken, @Nullable List<String> offered) {
    if (offered == null || key.forAlgorithms(taken).isEmpty()) {
      return refused(
          "%s takes DPoP proofs signed by %s, and the client's key signs by %s. Give dpop(...) a key that signs by one of them."
              .formatted(api, shown(taken), key.algorithm()));
    }
    String advice =
        common(taken, offered).isEmpty()
            ? "No key signs for both: ask their operators."
            : "Give dpop(...) a key that signs by one of them which both take.";
    return refused(
        "%s takes DPoP proofs signed by %s, its server %s by %s, and the client's key signs by %s. %s"
            .formatted(api, shown(taken), server, shown(offered), key.algorithm(), advice));
  }

  /** Only an API that says so refuses them: most say nothing. */
  void requireCertificates(OAuthClientBuilder client, ClientAuthentication method) {
    boolean hasCertificate = client.certificate != null || method.certificate().isPresent();
    boolean isBound = hasCertificate && client.dpopKey == null && server.says(CERTIFICATE_BOUND);
    if (isBound && Boolean.FALSE.equals(api.metadata().get(CERTIFICATE_BOUND))) {
      throw refused(
          "%s says that it does not take tokens that are bound to a client certificate (%s is false), and %s binds those of this client to its own."
                  .formatted(api, CERTIFICATE_BOUND, server)
              + " Have them bound to a key by dpop(), or register the client without a"
              + " certificate.");
    }
  }

  private static String shown(List<String> algorithms) {
    return Untrusted.printable(String.join(", ", algorithms), 200);
  }

  private static OAuthException refused(String message) {
    return Failure.builder(FailureKind.REFUSED, message).build().toException();
  }
}
