package dev.everbearer.testing.server;

import java.net.URI;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An OAuth 2.0 authorization server for tests: healthy, strict and small, until a test scripts its
 * answers.
 *
 * <p>It grants tokens at {@link #tokenEndpoint()} by all usual grant types, has the endpoints of
 * OAuth and OpenID Connect that its metadata names ({@link #endpoint}), and asks nobody anything:
 * what a person would do is up to the test ({@link #authorization()}, {@link #device()}, {@link
 * #ciba()}). It forgives a client nothing that an RFC forbids: a second client authentication in
 * one request, a parameter that is repeated or has no value, a query that is not part of the
 * endpoint and a wrong content type are {@code invalid_request}.
 *
 * <pre>{@code
 * try (var server = ScriptedAuthorizationServer.start()) {
 *   server.registerClient("my-client", "my-secret");
 *   server.accessTokenLifetime(Duration.ofSeconds(30));
 *   server.answerNext(Answer.status(503).header("Retry-After", "1"));
 *   // ... let the client under test ask server.tokenEndpoint() ...
 * }
 * }</pre>
 *
 * <p>{@link #answerNext}, {@link #answerAlways} and {@link #answerHealthy()} script the token
 * endpoint; {@link #script(String)} scripts any path. Thread-safe.
 */
public final class ScriptedAuthorizationServer extends ScriptedServer {

  private final AnswerScript unscripted = new AnswerScript();
  private final ServerParts parts;
  private final @Nullable TlsOptions tls;

  ScriptedAuthorizationServer(AuthorizationServerBuilder options) {
    super(options.clock(), options.isRecording(), options.tlsOptions());
    tls = options.tlsOptions();
    parts =
        new ServerParts(options, tls != null && tls.isIssuerOverTls() ? this::tlsUri : this::uri);
    if (tls != null && !tls.isIssuerOverTls()) {
      parts.mutualTls.aliases(this::tlsUri);
    }
  }

  @Nullable TlsOptions tlsOptions() {
    return tls;
  }

  /** Starts a server with the default options. */
  public static ScriptedAuthorizationServer start() {
    return builder().start();
  }

  /** The options to start a server with. */
  public static AuthorizationServerBuilder builder() {
    return new AuthorizationServerBuilder();
  }

  /** The issuer identifier: the origin and the issuer's path. */
  public URI issuer() {
    return URI.create(parts.endpoints.issuer());
  }

  /** Where tokens are granted, the published query included. */
  public URI tokenEndpoint() {
    return endpoint("token_endpoint");
  }

  /** Where tokens are revoked (RFC 7009). */
  public URI revocationEndpoint() {
    return endpoint("revocation_endpoint");
  }

  /** Where tokens are introspected (RFC 7662); every registered client may. */
  public URI introspectionEndpoint() {
    return endpoint("introspection_endpoint");
  }

  /**
   * The published URI of an endpoint.
   *
   * @param name its name in the metadata document, such as {@code jwks_uri}
   */
  public URI endpoint(String name) {
    return parts.endpoints.uri(name);
  }

  /** Registers a client with a secret, or gives it another one. */
  public void registerClient(String id, String secret) {
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("A client without a secret is a public one");
    }
    parts.clients.register(id, secret);
  }

  /** Registers a client without a secret; it can refresh, but gets no client credentials. */
  public void registerPublicClient(String id) {
    parts.clients.register(id, null);
  }

  /**
   * Registers a client by a public key, or gives it one more. It authenticates by {@code
   * private_key_jwt} and signs its request objects with that key.
   *
   * @param publicJwkJson the public key as JWK, in JSON
   */
  public void registerClientKey(String id, String publicJwkJson) {
    parts.clients.registerKey(id, publicJwkJson);
  }

  /**
   * Registers a client by a self-signed certificate; it authenticates by {@code
   * self_signed_tls_client_auth} (RFC 8705 section 2.2) and in no other way. For {@code
   * tls_client_auth}, use {@link #clientMetadata} with {@code tls_client_auth_subject_dn}.
   */
  public void registerClientCertificate(String id, X509Certificate certificate) {
    parts.clients.registerCertificate(id, certificate);
  }

  /**
   * Adds to what is registered about a client, in place of entries of the same names; a client that
   * is unknown so far is registered without a secret.
   *
   * @param entries in the words of RFC 7591 and its kin, such as {@code redirect_uris}, {@code
   *     token_endpoint_auth_method} and {@code id_token_signed_response_alg}
   */
  public void clientMetadata(String id, Map<String, ?> entries) {
    parts.clients.metadata(id, entries);
  }

  /**
   * Registers the redirect URIs of a client, in place of those before. They are compared character
   * by character, except that {@code http://127.0.0.1} and {@code http://[::1]} go with every port.
   */
  public void registerRedirectUris(String id, String... uris) {
    clientMetadata(id, Map.of("redirect_uris", List.of(uris)));
  }

  /** Accepts only these client authentication methods from now on; all of them at first. */
  public void acceptOnly(ClientAuthMethod first, ClientAuthMethod... more) {
    parts.authenticator.acceptOnly(EnumSet.of(first, more));
  }

  /** What is wanted of the JWTs by which clients authenticate (RFC 7523). */
  public ClientAssertionRules clientAssertions() {
    return parts.clientAssertions;
  }

  /**
   * What is wanted of attested clients; they are registered by {@link #clientMetadata} with their
   * {@code token_endpoint_auth_method}.
   */
  public AttestationRules attestations() {
    return parts.attestationRules;
  }

  /** The keys that the server signs with and publishes. */
  public ServerKeys keys() {
    return parts.keys;
  }

  /** How long access tokens live that are issued from now on; five minutes at first. */
  public void accessTokenLifetime(Duration lifetime) {
    parts.vault.accessTokenLifetime(lifetime);
  }

  /** Whether client credentials, too, are answered with a refresh token; not so at first. */
  public void refreshTokensForClientCredentials(boolean wanted) {
    parts.clientCredentials.refreshTokens(wanted);
  }

  /** Which logins are answered with a refresh token; at first, every one. */
  public void refreshTokensFor(RefreshTokensFor which) {
    parts.issuer.refreshTokensFor(which);
  }

  /** What happens at the authorization endpoint. */
  public AuthorizationScript authorization() {
    return parts.authorization;
  }

  /** What is wanted of DPoP proofs at the token endpoint and where requests are pushed. */
  public DpopRules dpop() {
    return parts.dpop;
  }

  /**
   * Whether tokens are bound to the certificate of every client that shows one; at first only those
   * of clients with {@code tls_client_certificate_bound_access_tokens} in their metadata.
   */
  public void certificateBoundAccessTokens(boolean value) {
    parts.mutualTls.bindAll(value);
  }

  /** What is granted of what is asked for: scope, resources, authorization details. */
  public GrantRules grants() {
    return parts.grants;
  }

  /** What happens to logins by the device flow (RFC 8628). */
  public DeviceScript device() {
    return parts.device;
  }

  /** What happens to logins by backchannel authentication (CIBA). */
  public CibaScript ciba() {
    return parts.ciba;
  }

  /** What happens when clients register themselves (RFC 7591, RFC 7592). */
  public RegistrationScript registration() {
    return parts.registration;
  }

  /** What the UserInfo endpoint says beside, or in place of, the true {@code sub}. */
  public void userInfo(Map<String, ?> claims) {
    parts.userInfo.claims(claims);
  }

  /** What is wanted of DPoP proofs at the UserInfo endpoint. */
  public DpopRules userInfoDpop() {
    return parts.userInfoDpop;
  }

  /**
   * Publishes a client ID metadata document, as if the client did so at its URL, and supports such
   * documents from now on.
   *
   * @param url where the document is, and so the client id
   * @throws IllegalArgumentException if a server must not take the document
   */
  public void clientIdMetadataDocument(String url, String json) {
    parts.clients.put(ClientIdMetadataDocuments.client(url, json));
    supportClientIdMetadataDocuments(true);
  }

  /** Whether the metadata says that client ID metadata documents are supported; not at first. */
  public void supportClientIdMetadataDocuments(boolean value) {
    parts.clientIdMetadataDocuments = value;
  }

  /** Which tokens are exchanged (RFC 8693). */
  public TokenExchangeScript tokenExchange() {
    return parts.tokenExchange;
  }

  /** What is wanted of assertions that stand for a grant (RFC 7523, RFC 7522). */
  public AssertionGrantRules assertionGrants() {
    return parts.assertionGrants;
  }

  /**
   * Changes the JSON object in every successful answer of an endpoint from now on.
   *
   * @param name the name of the endpoint in the metadata document
   * @param alteration is given a map that it may change; the identity, to leave it alone again
   */
  public void alterAnswers(String name, UnaryOperator<Map<String, Object>> alteration) {
    parts.endpoints.alter(name, alteration);
  }

  /**
   * Changes every JWT of a kind from now on, after it was made well.
   *
   * @param alteration the identity, to leave them alone again
   */
  public void alterJwts(JwtKind kind, UnaryOperator<Jwt> alteration) {
    parts.jwts.alter(kind, alteration);
  }

  /** What happens to used refresh tokens from now on; {@link RefreshPolicy#STRICT} at first. */
  public void refreshPolicy(RefreshPolicy policy) {
    parts.vault.refreshPolicy(policy);
  }

  /** Adds entries to the metadata document, in place of those of the same names. */
  public void metadata(Map<String, ?> entries) {
    parts.metadata.override(entries);
  }

  /** Leaves entries out of the metadata document. */
  public void withoutMetadata(String... names) {
    parts.metadata.remove(Arrays.asList(names));
  }

  /** Issues a refresh token as if somebody had just logged in. */
  public String issueRefreshToken(String clientId, String... scope) {
    Login login = parts.authorization.login(clock().instant());
    return parts.issuer.refreshToken(grant(login, clientId, scope));
  }

  /** Issues an access token, without a refresh token. */
  public String issueAccessToken(String clientId, String... scope) {
    return issue(grant(null, clientId, scope), Confirmation.NONE);
  }

  /**
   * Issues an access token that is bound to a DPoP key (RFC 9449).
   *
   * @param jkt the SHA-256 thumbprint of the key in base64url
   */
  public String issueDpopBoundAccessToken(String clientId, String jkt, String... scope) {
    return issue(grant(null, clientId, scope), new Confirmation(jkt, null));
  }

  /**
   * Issues an access token that is bound to a certificate (RFC 8705 section 3).
   *
   * @param thumbprint the SHA-256 thumbprint of the certificate in base64url
   */
  public String issueCertificateBoundAccessToken(
      String clientId, String thumbprint, String... scope) {
    return issue(grant(null, clientId, scope), new Confirmation(null, thumbprint));
  }

  private String issue(Grant grant, Confirmation confirmation) {
    return parts.vault.issueAccessToken(grant, confirmation, null).value();
  }

  private static Grant grant(@Nullable Login login, String clientId, String... scope) {
    return new Grant(clientId, List.of(scope), List.of(), login, List.of());
  }

  /** Revokes one access token. */
  public void revokeAccessToken(String token) {
    parts.vault.revokeAccessToken(token);
  }

  /** Revokes all access tokens issued so far. */
  public void revokeAllAccessTokens() {
    parts.vault.revokeAllAccessTokens();
  }

  /** Ends refreshing for the login that a refresh token came from; its access tokens live on. */
  public void revokeRefreshToken(String token) {
    parts.vault.revokeRefreshToken(token);
  }

  /** Revokes all refresh and access tokens that came from the same login as a refresh token. */
  public void revokeFamily(String refreshToken) {
    parts.vault.revokeFamily(refreshToken);
  }

  /** Whether an access or a refresh token would be accepted now. */
  public boolean isActive(String token) {
    return parts.vault.activeAccessToken(token).isPresent()
        || parts.vault.activeRefreshToken(token).isPresent();
  }

  /** How many access tokens were issued. */
  public int accessTokensIssued() {
    return parts.vault.accessTokensIssued();
  }

  /** How many codes were issued. */
  public int codesIssued() {
    return parts.codes.issued();
  }

  /** How many times a code was refused because it had been used before. */
  public int codesReused() {
    return parts.codes.reused();
  }

  /** How many refresh tokens were issued in exchange for another one. */
  public int rotations() {
    return parts.vault.rotations();
  }

  /** How many times a refresh token was refused because it had been used before. */
  public int reuseDetected() {
    return parts.vault.reuseDetected();
  }

  /** How many logins were revoked with all of their tokens. */
  public int familiesRevoked() {
    return parts.vault.familiesRevoked();
  }

  /** Those of {@link #requests()} that went to the token endpoint. */
  public List<RecordedRequest> tokenRequests() {
    return requestsTo("token_endpoint");
  }

  /**
   * Those of {@link #requests()} that went to an endpoint.
   *
   * @param name its name in the metadata document
   */
  public List<RecordedRequest> requestsTo(String name) {
    String path = parts.endpoints.path(name);
    return requests().stream().filter(each -> each.path().equals(path)).toList();
  }

  private String tokenPath() {
    return parts.endpoints.path("token_endpoint");
  }

  Optional<AccessToken> activeAccessToken(String token) {
    return parts.vault.activeAccessToken(token);
  }

  @Override
  AnswerScript fallbackScript() {
    return unscripted;
  }

  @Override
  AnswerScript mainScript() {
    return script(tokenPath());
  }

  @Override
  Answer healthyAnswer(RecordedRequest request) {
    return parts.answer(request);
  }
}
