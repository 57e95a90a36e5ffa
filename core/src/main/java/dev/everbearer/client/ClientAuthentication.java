package dev.everbearer.client;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.token.Secret;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a client proves who it is to an authorization server (RFC 6749 section 2.3). Exactly one
 * method is used for a request, and it is never changed after a refusal. Immutable and thread-safe;
 * prints no secret.
 */
public abstract sealed class ClientAuthentication
    permits AttestedClient,
        ClientSecretAuthentication,
        ClientSecretJwt,
        FirstSupported,
        PrivateKeyJwt,
        PublicClient,
        TlsClientAuthentication {

  private final String clientId;

  ClientAuthentication(String clientId) {
    this.clientId = requireSendable("client id", clientId);
  }

  /**
   * The secret in a Basic header ({@code client_secret_basic}).
   *
   * @throws IllegalArgumentException if id or secret is empty or holds control characters
   */
  public static ClientAuthentication clientSecretBasic(String clientId, String clientSecret) {
    return clientSecretBasic(clientId, fixed(clientSecret));
  }

  /** As {@link #clientSecretBasic(String, String)}; the supplier is asked for each request. */
  public static ClientAuthentication clientSecretBasic(
      String clientId, Supplier<String> clientSecret) {
    return new ClientSecretAuthentication(clientId, clientSecret, "client_secret_basic");
  }

  /**
   * The secret in the body ({@code client_secret_post}).
   *
   * @throws IllegalArgumentException if id or secret is empty or holds control characters
   */
  public static ClientAuthentication clientSecretPost(String clientId, String clientSecret) {
    return clientSecretPost(clientId, fixed(clientSecret));
  }

  /** As {@link #clientSecretPost(String, String)}; the supplier is asked for each request. */
  public static ClientAuthentication clientSecretPost(
      String clientId, Supplier<String> clientSecret) {
    return new ClientSecretAuthentication(clientId, clientSecret, "client_secret_post");
  }

  /**
   * A secret sent the way that the server's metadata allow: in the body if it lists {@code
   * client_secret_post}, else in a Basic header. Without metadata: Basic. A server that lists
   * neither is sent nothing: asking for a token fails.
   */
  public static ClientAuthentication clientSecret(String clientId, Supplier<String> clientSecret) {
    return new ClientSecretAuthentication(clientId, clientSecret, "");
  }

  /**
   * A JWT with an HMAC under the secret ({@code client_secret_jwt}, OpenID Connect Core section 9):
   * the secret itself is not sent. Its audience is the server's issuer identifier. A new one is
   * made for each request, with a life of a minute, by HS256 or the first of HS256, HS384 and HS512
   * that the server lists.
   *
   * @throws IllegalArgumentException if id or secret is empty or holds control characters, or the
   *     secret is shorter than 32 bytes
   */
  public static ClientAuthentication clientSecretJwt(String clientId, String clientSecret) {
    return new ClientSecretJwt(clientId, fixed(ClientSecretJwt.requireLongEnough(clientSecret)));
  }

  /** As {@link #clientSecretJwt(String, String)}; the supplier is asked for each request. */
  public static ClientAuthentication clientSecretJwt(
      String clientId, Supplier<String> clientSecret) {
    return new ClientSecretJwt(clientId, clientSecret);
  }

  /**
   * A JWT signed by the client's private key ({@code private_key_jwt}, RFC 7523): nothing secret is
   * sent, and the server knows only the public key. Its audience is the server's issuer identifier.
   * A new one is made for each request, with a life of a minute.
   *
   * @throws IllegalArgumentException if the id is empty or holds control characters
   */
  public static ClientAuthentication privateKeyJwt(String clientId, SigningKey key) {
    return new PrivateKeyJwt(clientId, Objects.requireNonNull(key, "key"));
  }

  /**
   * As {@link #privateKeyJwt(String, SigningKey)}; the supplier is asked for each request, so that
   * keys can rotate.
   */
  public static ClientAuthentication privateKeyJwt(String clientId, Supplier<SigningKey> keys) {
    return new PrivateKeyJwt(clientId, keys);
  }

  /**
   * The first of several methods that a server lists in its metadata; a server that lists none
   * counts as one that takes {@code client_secret_basic} alone. RFC 9700 section 2.5 wants those by
   * asymmetric keys first. A server that lists none of them is sent nothing: asking for a token
   * fails.
   *
   * @throws IllegalArgumentException if no method is given, or they are of several clients
   */
  public static ClientAuthentication firstSupported(ClientAuthentication... methods) {
    return new FirstSupported(List.of(methods));
  }

  /**
   * A certificate of an authority that the server trusts ({@code tls_client_auth}, RFC 8705 section
   * 2.1).
   */
  public static ClientAuthentication tlsClientAuth(String clientId, ClientCertificate certificate) {
    return new TlsClientAuthentication(
        clientId, "tls_client_auth", Objects.requireNonNull(certificate, "certificate"));
  }

  /**
   * As {@link #tlsClientAuth(String, ClientCertificate)}, with a certificate that the HTTP client
   * or TLS context you give to the {@code OAuthClient} shows by itself.
   */
  public static ClientAuthentication tlsClientAuth(String clientId) {
    return new TlsClientAuthentication(clientId, "tls_client_auth", null);
  }

  /**
   * A certificate that is registered with the server itself ({@code self_signed_tls_client_auth},
   * RFC 8705 section 2.2).
   */
  public static ClientAuthentication selfSignedTlsClientAuth(
      String clientId, ClientCertificate certificate) {
    return new TlsClientAuthentication(
        clientId,
        "self_signed_tls_client_auth",
        Objects.requireNonNull(certificate, "certificate"));
  }

  /**
   * An attestation of this installation of the client, with a proof of the key that it is bound to
   * ({@code attest_jwt_client_auth}, draft-ietf-oauth-attestation-based-client-auth-10). The
   * server's challenges are fetched and answered. This follows a draft, and may change with it.
   *
   * @param attester asked when there is no attestation yet, when it ends, and when the server wants
   *     a fresher one
   * @param instanceKey of this installation and for this server alone: at another server it is
   *     refused, and nothing is sent. Refresh tokens are bound to it: keep it as long as them.
   * @throws IllegalArgumentException if the public half of the key is not known, or the id is empty
   *     or holds control characters
   */
  public static ClientAuthentication attestation(
      String clientId, ClientAttester attester, SigningKey instanceKey) {
    ClientAttestation.requirePublicKey(instanceKey);
    return attestation(clientId, attester, issuer -> instanceKey);
  }

  /**
   * As {@link #attestation(String, ClientAttester, SigningKey)}, for several servers.
   *
   * @param instanceKeys gives the key for an issuer identifier; asked for each request. No two
   *     servers may get the same key: they could tell that they see the same installation
   */
  public static ClientAuthentication attestation(
      String clientId, ClientAttester attester, Function<String, SigningKey> instanceKeys) {
    return new AttestedClient(clientId, attester, instanceKeys, null);
  }

  /**
   * As {@link #attestation(String, ClientAttester, SigningKey)}, where the instance key is the
   * client's DPoP key and the DPoP proof stands for both ({@code attest_jwt_client_auth_dpop},
   * section 5.2). Every request to the server then carries one; authorization requests do not name
   * the key ({@code dpop_jkt}).
   *
   * @param key the one that {@code dpop(key)} of the client is given, too
   * @throws IllegalArgumentException if the id is empty or holds control characters
   */
  public static ClientAuthentication attestationByDpop(
      String clientId, ClientAttester attester, DpopKey key) {
    SigningKey instanceKey = key.signingKey();
    return new AttestedClient(clientId, attester, issuer -> instanceKey, key);
  }

  /** A public client: it names itself and proves nothing ({@code none}). */
  public static ClientAuthentication none(String clientId) {
    return new PublicClient(clientId);
  }

  private static Supplier<String> fixed(String clientSecret) {
    requireSendable("client secret", clientSecret);
    return () -> clientSecret;
  }

  static String requireSendable(String what, String value) {
    if (Objects.requireNonNull(value, what).isEmpty()) {
      throw new IllegalArgumentException("The " + what + " is empty.");
    }
    if (value.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "The "
              + what
              + " holds a control character; a line break at the end of a file is the usual"
              + " reason.");
    }
    return value;
  }

  /** The client id. */
  public final String clientId() {
    return clientId;
  }

  /**
   * The method's name at an endpoint, such as {@code client_secret_basic}.
   *
   * @param target whose server's metadata decides when the method was left open
   */
  public abstract String method(Target target);

  /** Whether the server lists a method by which this can be done. */
  boolean isSupportedAt(Target target) {
    return target.server().authMethods(target.endpoint()).contains(method(target));
  }

  /** Whether the client holds anything to prove itself with. */
  public abstract boolean isConfidential();

  /**
   * Whether the client proves itself by a private key, of a JWT or of a certificate, and no secret
   * is shared with the server.
   */
  public boolean usesPrivateKey() {
    return usesCertificate();
  }

  /** The certificate that is to be shown inside TLS; empty when there is none of ours. */
  public Optional<ClientCertificate> certificate() {
    return Optional.empty();
  }

  /**
   * The secret that client and server share, asked for anew each time; empty when there is none.
   */
  public Optional<Supplier<String>> clientSecret() {
    return Optional.empty();
  }

  /** The DPoP key whose proofs stand for the client, too; empty when none do. */
  public Optional<DpopKey> dpopKey() {
    return Optional.empty();
  }

  /** Whether a certificate is shown inside TLS, ours or the given transport's. */
  public boolean usesCertificate() {
    return certificate().isPresent();
  }

  /**
   * Takes note, before any request, of the server that a client is configured for, where the key is
   * known by then.
   *
   * @param target of which the server's name and the profile count
   * @throws dev.everbearer.token.OAuthException if the key is used at another server already, and
   *     must not be because of the audience of its assertions
   */
  public void configuredFor(Target target) {}

  /** What to add to one request. Asks the supplier of the secret or key anew each time. */
  public abstract Parts parts(Target target);

  /**
   * The request that is to be authenticated.
   *
   * @param server who gets it
   * @param endpoint which of its endpoints
   * @param profile what the server does beyond the specifications
   * @param clock stamps what is signed
   * @param challenge what the server wants to see again in the proof of an attested key; null when
   *     it gave none
   * @param staleAttestation the attestation that the server wants a fresher one of; null when it
   *     took it, or has seen none
   */
  public record Target(
      AuthorizationServer server,
      Endpoint endpoint,
      ProviderProfile profile,
      InstantSource clock,
      @Nullable String challenge,
      @Nullable Secret staleAttestation) {

    /** A request to a server that has said nothing of attestations. */
    public Target(
        AuthorizationServer server,
        Endpoint endpoint,
        ProviderProfile profile,
        InstantSource clock) {
      this(server, endpoint, profile, clock, null, null);
    }

    /** The same by another clock. */
    public Target withClock(InstantSource other) {
      return new Target(server, endpoint, profile, other, challenge, staleAttestation);
    }

    /** The same with another challenge, or null without one. */
    public Target withChallenge(@Nullable String other) {
      return new Target(server, endpoint, profile, clock, other, staleAttestation);
    }

    /** The same after the server has called an attestation stale. */
    public Target withStaleAttestation(Secret attestation) {
      return new Target(server, endpoint, profile, clock, challenge, attestation);
    }
  }

  /**
   * What authentication adds to one request.
   *
   * @param headers header fields
   * @param parameters body parameters
   * @param credential the secret or key behind it; equal ones mean that nothing changed since
   */
  public record Parts(
      Map<String, String> headers, Map<String, String> parameters, Object credential) {

    /** Names only. */
    @Override
    public String toString() {
      return "Parts[headers=" + headers.keySet() + ", parameters=" + parameters.keySet() + "]";
    }
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + clientId + "]";
  }
}
