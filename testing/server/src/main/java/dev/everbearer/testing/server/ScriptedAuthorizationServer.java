package dev.everbearer.testing.server;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;

/**
 * An OAuth 2.0 authorization server for tests: healthy, strict and small, until a test scripts its
 * answers.
 *
 * <p>It grants {@code client_credentials} and {@code refresh_token} at {@link #tokenEndpoint()},
 * revokes, introspects, and publishes its metadata. It forgives a client nothing that RFC 6749
 * forbids: a second client authentication in one request, a parameter that is repeated or has no
 * value, a query that is not part of the endpoint and a wrong content type are {@code
 * invalid_request}.
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
  private final ClientRegistry clients = new ClientRegistry();
  private final TokenVault vault;
  private final TokenEndpoint tokens;
  private final TokenStatusEndpoints statuses;
  private final Metadata metadata;
  private final String issuerPath;
  private final String tokenQuery;
  private final boolean strict;

  ScriptedAuthorizationServer(AuthorizationServerBuilder options) {
    super(options.clock(), options.isRecording());
    vault = new TokenVault(options.clock());
    tokens = new TokenEndpoint(clients, vault);
    statuses = new TokenStatusEndpoints(clients, vault);
    metadata = new Metadata(clients, options.issuerPath());
    issuerPath = options.issuerPath();
    tokenQuery = options.tokenEndpointQuery();
    strict = options.isStrict();
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
    return uri(issuerPath);
  }

  /** Where tokens are granted, the published query included. */
  public URI tokenEndpoint() {
    return uri(tokenPath() + (tokenQuery.isEmpty() ? "" : "?" + tokenQuery));
  }

  /** Where tokens are revoked (RFC 7009). */
  public URI revocationEndpoint() {
    return uri(issuerPath + "/revoke");
  }

  /** Where tokens are introspected (RFC 7662); every registered client may. */
  public URI introspectionEndpoint() {
    return uri(issuerPath + "/introspect");
  }

  /** Registers a client with a secret, or gives it another one. */
  public void registerClient(String id, String secret) {
    if (secret.isEmpty()) {
      throw new IllegalArgumentException("A client without a secret is a public one");
    }
    clients.register(id, secret);
  }

  /** Registers a client without a secret; it can refresh, but gets no client credentials. */
  public void registerPublicClient(String id) {
    clients.registerPublic(id);
  }

  /** Accepts only these client authentication methods from now on; all of them at first. */
  public void acceptOnly(ClientAuthMethod first, ClientAuthMethod... more) {
    clients.acceptOnly(EnumSet.of(first, more));
  }

  /** How long access tokens live that are issued from now on; five minutes at first. */
  public void accessTokenLifetime(Duration lifetime) {
    vault.accessTokenLifetime(lifetime);
  }

  /** Whether client credentials, too, are answered with a refresh token; not so at first. */
  public void refreshTokensForClientCredentials(boolean wanted) {
    tokens.refreshTokensForClientCredentials(wanted);
  }

  /** What happens to used refresh tokens from now on; {@link RefreshPolicy#STRICT} at first. */
  public void refreshPolicy(RefreshPolicy policy) {
    vault.refreshPolicy(policy);
  }

  /** Adds entries to the metadata document, in place of those of the same names. */
  public void metadata(Map<String, ?> entries) {
    metadata.override(entries);
  }

  /** Leaves entries out of the metadata document. */
  public void withoutMetadata(String... names) {
    metadata.remove(Arrays.asList(names));
  }

  /** Issues a refresh token as if somebody had just logged in. */
  public String issueRefreshToken(String clientId, String... scope) {
    return vault.issueRefreshToken(new TokenFamily(grant(clientId, scope))).value();
  }

  /** Issues an access token, without a refresh token. */
  public String issueAccessToken(String clientId, String... scope) {
    return vault.issueAccessToken(grant(clientId, scope), null).value();
  }

  private static Grant grant(String clientId, String... scope) {
    return new Grant(clientId, List.of(scope), List.of());
  }

  /** Revokes one access token. */
  public void revokeAccessToken(String token) {
    vault.revokeAccessToken(token);
  }

  /** Revokes all access tokens issued so far. */
  public void revokeAllAccessTokens() {
    vault.revokeAllAccessTokens();
  }

  /** Ends refreshing for the login that a refresh token came from; its access tokens live on. */
  public void revokeRefreshToken(String token) {
    vault.revokeRefreshToken(token);
  }

  /** Revokes all refresh and access tokens that came from the same login as a refresh token. */
  public void revokeFamily(String refreshToken) {
    vault.revokeFamily(refreshToken);
  }

  /** Whether an access or a refresh token would be accepted now. */
  public boolean isActive(String token) {
    return vault.activeAccessToken(token).isPresent()
        || vault.activeRefreshToken(token).isPresent();
  }

  /** How many access tokens were issued. */
  public int accessTokensIssued() {
    return vault.accessTokensIssued();
  }

  /** How many refresh tokens were issued in exchange for another one. */
  public int rotations() {
    return vault.rotations();
  }

  /** How many times a refresh token was refused because it had been used before. */
  public int reuseDetected() {
    return vault.reuseDetected();
  }

  /** How many logins were revoked with all of their tokens. */
  public int familiesRevoked() {
    return vault.familiesRevoked();
  }

  /** Those of {@link #requests()} that went to the token endpoint. */
  public List<RecordedRequest> tokenRequests() {
    return requests().stream().filter(each -> each.path().equals(tokenPath())).toList();
  }

  private String tokenPath() {
    return issuerPath + "/token";
  }

  boolean hasActiveAccessToken(String token) {
    return vault.activeAccessToken(token).isPresent();
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
    String path = request.path();
    if (metadata.isAt(path)) {
      boolean reads = request.method().equals("GET") || request.method().equals("HEAD");
      return reads ? metadata.answer(this) : Answers.onlyAllowed("GET");
    }
    if (path.equals(tokenPath())) {
      return answerForm(request, tokenQuery, tokens::answer);
    }
    if (path.equals(issuerPath + "/revoke")) {
      return answerForm(request, "", statuses::revoke);
    }
    if (path.equals(issuerPath + "/introspect")) {
      return answerForm(request, "", statuses::introspect);
    }
    return Answers.notFound();
  }

  /** What an endpoint does with the form of a request. */
  @FunctionalInterface
  private interface Endpoint {
    Answer answer(RecordedRequest request, OAuthForm form);
  }

  private Answer answerForm(RecordedRequest request, String query, Endpoint endpoint) {
    if (!request.method().equals("POST")) {
      return Answers.onlyAllowed("POST");
    }
    try {
      if (strict && !request.query().orElse("").equals(query)) {
        throw OAuthError.invalidRequest("The query is not that of the published endpoint");
      }
      return endpoint.answer(request, OAuthForm.of(request, strict));
    } catch (OAuthError e) {
      return e.toAnswer();
    }
  }
}
