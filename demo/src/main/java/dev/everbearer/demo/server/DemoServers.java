package dev.everbearer.demo.server;

import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;

/**
 * A running authorization server with one registered client, and a running API that accepts its
 * tokens, each on a loopback port of its own.
 *
 * <p>The client is confidential. It authenticates with {@code client_secret_basic} or {@code
 * client_secret_post} and may use the grants {@code client_credentials} and {@code refresh_token}
 * for the scopes {@code read} and {@code write}. Access tokens are opaque: the API refuses them
 * from the moment of their expiry or revocation.
 */
public final class DemoServers implements AutoCloseable {

  private final RegisteredClient client;
  private final String clientSecret;
  private final AuthorizationLedger ledger = new AuthorizationLedger();
  private final FaultValve faults = new FaultValve();
  private final LoopbackServer authorizationServer;
  private final LoopbackServer api;

  private DemoServers(Options options) {
    client = DemoClient.register(options);
    clientSecret = options.clientSecret();
    authorizationServer = startAuthorizationServer();
    try {
      api = startApi();
    } catch (RuntimeException e) {
      authorizationServer.close();
      throw e;
    }
  }

  /** Starts both servers with {@linkplain Options#defaults() fresh defaults}. */
  public static DemoServers start() {
    return start(Options.defaults());
  }

  /** Starts both servers; when this returns, both of them answer. */
  public static DemoServers start(Options options) {
    QuietLog.warningsOnly();
    return new DemoServers(options);
  }

  private LoopbackServer startAuthorizationServer() {
    return LoopbackServer.start(
        AuthorizationServerConfiguration.class,
        beans -> {
          beans.registerBean(RegisteredClient.class, () -> client);
          beans.registerBean(OAuth2AuthorizationService.class, () -> ledger);
        },
        faults);
  }

  private LoopbackServer startApi() {
    return LoopbackServer.start(
        ProtectedApiConfiguration.class,
        beans -> {
          beans.registerBean(URI.class, this::issuer);
          beans.registerBean(OAuth2AuthorizationService.class, () -> ledger);
        });
  }

  /** The issuer, exactly as the server's metadata documents name it. */
  public URI issuer() {
    return authorizationServer.origin();
  }

  /** Where tokens are asked for. */
  public URI tokenEndpoint() {
    return issuer().resolve(AuthorizationServerConfiguration.TOKEN_ENDPOINT);
  }

  /** The origin of the protected API; {@code GET /user} below it needs a good token. */
  public URI api() {
    return api.origin();
  }

  /** The registered client's identifier. */
  public String clientId() {
    return client.getClientId();
  }

  /** The registered client's secret, in the clear. */
  public String clientSecret() {
    return clientSecret;
  }

  /** Begins or ends an outage, in which the token endpoint answers 503 to every request. */
  public void outage(boolean on) {
    fault(on ? TokenFault.STATUS_503 : null);
  }

  /** Has the token endpoint answer every request by a fault from now on; null ends that. */
  public void fault(@Nullable TokenFault fault) {
    faults.set(fault);
  }

  /** How many token requests met a fault so far. */
  public long met(TokenFault fault) {
    return faults.met(fault);
  }

  /**
   * Revokes every access token that is live now; the API refuses them at once. Refresh tokens stay
   * good.
   *
   * @return how many tokens were revoked
   */
  public int revokeTokens() {
    return ledger.revokeAccessTokens();
  }

  /**
   * Revokes the access token that was issued last, and no other.
   *
   * @return whether it was live
   */
  public boolean revokeNewestToken() {
    return ledger.revokeNewestAccessToken();
  }

  /**
   * Issues a refresh token on behalf of a user, as if the user had just authorized the client in a
   * browser. It is good for one use: each refresh answers with the next one.
   */
  public String issueRefreshToken() {
    return DemoUser.issueRefreshToken(client, ledger);
  }

  /** How many access tokens the token endpoint has issued. */
  public long tokensIssued() {
    return ledger.accessTokensIssued();
  }

  /**
   * How many token requests met an {@linkplain #outage(boolean) outage} or another {@linkplain
   * #fault fault}.
   */
  public long tokenRequestsRefused() {
    return faults.met();
  }

  /** Stops both servers. */
  @Override
  public void close() {
    faults.release();
    try {
      api.close();
    } finally {
      authorizationServer.close();
    }
  }

  /**
   * What the servers are started with.
   *
   * @param accessTokenLifetime how long an access token is good for
   * @param clientId the identifier of the one registered client
   * @param clientSecret that client's secret
   */
  public record Options(Duration accessTokenLifetime, String clientId, String clientSecret) {

    private static final SecureRandom RANDOM = new SecureRandom();

    /** Tokens of five seconds, and a client identifier and secret made up by this call. */
    public static Options defaults() {
      return new Options(Duration.ofSeconds(5), "demo-" + random(6), random(32));
    }

    /** The same options with another token lifetime. */
    public Options withAccessTokenLifetime(Duration lifetime) {
      return new Options(lifetime, clientId, clientSecret);
    }

    /** The same options with another client. */
    public Options withClient(String id, String secret) {
      return new Options(accessTokenLifetime, id, secret);
    }

    /** Leaves the secret out. */
    @Override
    public String toString() {
      return "Options[accessTokenLifetime=" + accessTokenLifetime + ", clientId=" + clientId + "]";
    }

    private static String random(int bytes) {
      byte[] value = new byte[bytes];
      RANDOM.nextBytes(value);
      return Base64.getUrlEncoder().withoutPadding().encodeToString(value);
    }
  }
}
