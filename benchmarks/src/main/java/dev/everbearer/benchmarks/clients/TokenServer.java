package dev.everbearer.benchmarks.clients;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.net.URI;
import java.time.Duration;

/** The authorization server of one measurement, with one client that it knows. */
public final class TokenServer implements AutoCloseable {

  /** The one client that it knows. */
  public static final String CLIENT_ID = "id";

  static final String CLIENT_SECRET = "secret";

  /** As long as a measurement at most. */
  public static final Duration LONG_LIFE = Duration.ofHours(10);

  private final ScriptedAuthorizationServer server;

  private TokenServer(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  /** Starts a server whose access tokens live so long. */
  public static TokenServer start(Duration life) {
    ScriptedAuthorizationServer server =
        ScriptedAuthorizationServer.builder().recording(false).start();
    server.registerClient(CLIENT_ID, CLIENT_SECRET);
    server.refreshPolicy(RefreshPolicy.NO_ROTATION);
    server.accessTokenLifetime(life);
    return new TokenServer(server);
  }

  /** The server itself, to script its answers. */
  public ScriptedAuthorizationServer scripted() {
    return server;
  }

  /** How many requests there were so far; all of them want tokens. */
  public int requests() {
    return server.requestCount();
  }

  /** A client of this server with the default settings. */
  public OAuthClient everbearer() {
    return EverbearerClient.builder(this).build();
  }

  /** Starts a client of this server, with its credentials. */
  public OAuthClientBuilder clientBuilder() {
    return EverbearerClient.builder(this);
  }

  /** Where tokens are had. */
  public URI tokenEndpoint() {
    return server.tokenEndpoint();
  }

  /** A new refresh token for that client. */
  public String refreshToken() {
    return server.issueRefreshToken(CLIENT_ID);
  }

  @Override
  public void close() {
    server.close();
  }
}
