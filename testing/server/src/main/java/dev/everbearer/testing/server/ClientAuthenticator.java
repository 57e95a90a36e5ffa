package dev.everbearer.testing.server;

import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** The one check, for all endpoints, of whether a request comes from a registered client. */
final class ClientAuthenticator {

  /** What a request carries: the method, the id it claims, and the check of the proof. */
  private record Presented(
      ClientAuthMethod method, String clientId, Consumer<RegisteredClient> proof) {}

  private static final String WRONG = "The client is unknown or its secret is wrong";

  private final InstantSource clock;
  private final ClientRegistry clients;
  private final ClientAssertions assertions;
  private final Attestations attestations;
  private volatile Set<ClientAuthMethod> accepted;

  /**
   * Accepts every method.
   *
   * @param tls whether clients can show certificates at all
   */
  ClientAuthenticator(
      InstantSource clock,
      ClientRegistry clients,
      ClientAssertions assertions,
      Attestations attestations,
      boolean tls) {
    this.clock = clock;
    this.clients = clients;
    this.assertions = assertions;
    this.attestations = attestations;
    Set<ClientAuthMethod> methods = EnumSet.allOf(ClientAuthMethod.class);
    if (!tls) {
      methods.removeAll(ClientAuthMethod.BY_TLS);
    }
    this.accepted = methods;
  }

  void acceptOnly(Set<ClientAuthMethod> methods) {
    accepted = EnumSet.copyOf(methods);
  }

  List<String> acceptedNames() {
    return accepted.stream()
        .filter(each -> attestations.isOffered() || !ClientAuthMethod.BY_ATTESTATION.contains(each))
        .map(ClientAuthMethod::metadataName)
        .toList();
  }

  /**
   * The client that a request comes from.
   *
   * @throws OAuthError if that cannot be told or the proof is wrong
   */
  RegisteredClient authenticate(RecordedRequest request, OAuthForm form) {
    // 1. One method in one request (RFC 6749 section 2.3).
    requireOneMethod(request, form);
    Presented presented = presented(request, form);
    // 2. A method that this server takes.
    if (!accepted.contains(presented.method())) {
      throw OAuthError.invalidClient(
          presented.method().metadataName() + " is not accepted here, only " + acceptedNames());
    }
    // 3. A client that is known and registered for this method.
    RegisteredClient client =
        clients.find(presented.clientId()).orElseThrow(() -> OAuthError.invalidClient(WRONG));
    if (!client.methods().contains(presented.method())) {
      throw OAuthError.invalidClient("The client must use another authentication method");
    }
    // 4. The proof, and a secret that is still good.
    if (ClientAuthMethod.WITH_SECRET.contains(presented.method())
        && client.isSecretExpiredAt(clock.instant())) {
      throw OAuthError.invalidClient("The client secret is expired");
    }
    presented.proof().accept(client);
    return client;
  }

  /** Whether a request says anything about who sends it. */
  static boolean isTried(RecordedRequest request, OAuthForm form) {
    return !request.headers("Authorization").isEmpty()
        || form.has("client_id")
        || form.has("client_secret")
        || ClientAssertions.isIn(form)
        || Attestations.isIn(request);
  }

  private static void requireOneMethod(RecordedRequest request, OAuthForm form) {
    int methods =
        request.headers("Authorization").size()
            + (form.has("client_secret") ? 1 : 0)
            + (ClientAssertions.isIn(form) ? 1 : 0)
            + (Attestations.isIn(request) ? 1 : 0);
    if (methods > 1) {
      throw OAuthError.invalidRequest("The request uses more than one client authentication");
    }
  }

  private Presented presented(RecordedRequest request, OAuthForm form) {
    List<String> authorizations = request.headers("Authorization");
    if (!authorizations.isEmpty()) {
      return basic(authorizations.get(0), form.first("client_id"));
    }
    if (ClientAssertions.isIn(form)) {
      return assertion(form);
    }
    if (Attestations.isIn(request)) {
      return attested(request, form);
    }
    String id =
        form.first("client_id")
            .orElseThrow(
                () -> OAuthError.invalidClient("The request carries no client authentication"));
    Optional<String> secret = form.first("client_secret");
    return secret.isPresent()
        ? new Presented(ClientAuthMethod.CLIENT_SECRET_POST, id, secret(secret.get()))
        : byTls(request, id);
  }

  /** A certificate counts for clients that are registered for it (RFC 8705 section 2). */
  private Presented byTls(RecordedRequest request, String id) {
    Optional<ClientAuthMethod> method =
        clients
            .find(id)
            .flatMap(
                client ->
                    client.methods().stream().filter(ClientAuthMethod.BY_TLS::contains).findAny());
    X509Certificate certificate = request.clientCertificate().orElse(null);
    return method.isPresent() && certificate != null
        ? new Presented(method.get(), id, MutualTls.proof(certificate))
        : new Presented(ClientAuthMethod.NONE, id, client -> {});
  }

  private static Presented basic(String authorization, Optional<String> idInForm) {
    BasicCredentials credentials = BasicCredentials.parse(authorization);
    if (!idInForm.orElse(credentials.id()).equals(credentials.id())) {
      throw OAuthError.invalidRequest("The client_id is not that of the Authorization header");
    }
    return new Presented(
        ClientAuthMethod.CLIENT_SECRET_BASIC, credentials.id(), secret(credentials.secret()));
  }

  private Presented assertion(OAuthForm form) {
    ClientAssertion assertion = ClientAssertion.of(form);
    return new Presented(
        assertion.method(), assertion.clientId(), client -> assertions.check(assertion, client));
  }

  private Presented attested(RecordedRequest request, OAuthForm form) {
    Attestation attestation = Attestation.of(request, form.first("client_id"));
    return new Presented(
        attestation.method(),
        attestation.clientId(),
        client -> attestations.check(attestation, request));
  }

  private static Consumer<RegisteredClient> secret(String secret) {
    return client -> {
      if (!secret.equals(client.secret())) {
        throw OAuthError.invalidClient(WRONG);
      }
    };
  }
}
