package dev.everbearer.benchmarks.calls;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;

/** A loopback API that answers three bytes to everything, and a client with a token for it. */
final class CalledApi {

  static final Grant GRANT = Grant.clientCredentials();

  private final ScriptedAuthorizationServer authorizationServer;
  private final Server api;
  private final OAuthClient client;
  private final String origin;

  private CalledApi(
      ScriptedAuthorizationServer authorizationServer,
      Server api,
      OAuthClient client,
      String origin) {
    this.authorizationServer = authorizationServer;
    this.api = api;
    this.client = client;
    this.origin = origin;
  }

  static CalledApi start() throws Exception {
    ScriptedAuthorizationServer authorizationServer =
        ScriptedAuthorizationServer.builder().recording(false).start();
    authorizationServer.registerClient("id", "secret");
    authorizationServer.accessTokenLifetime(Duration.ofHours(10));
    Server api = new Server();
    ServerConnector connector = new ServerConnector(api);
    connector.setHost("127.0.0.1");
    api.addConnector(connector);
    api.setHandler(new Ok());
    api.start();
    OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(authorizationServer.tokenEndpoint().toString())
            .clientSecretBasic("id", "secret")
            .build();
    String origin = "http://127.0.0.1:" + connector.getLocalPort();
    return new CalledApi(authorizationServer, api, client, origin);
  }

  OAuthClient client() {
    return client;
  }

  String origin() {
    return origin;
  }

  String url() {
    return origin + "/user";
  }

  String authorization() {
    return client.tokens(GRANT).token().authorization();
  }

  void close() throws Exception {
    client.close();
    api.stop();
    authorizationServer.close();
  }

  private static final class Ok extends Handler.Abstract {

    @Override
    public boolean handle(Request request, Response response, Callback callback) {
      response.write(true, ByteBuffer.wrap("ok\n".getBytes(StandardCharsets.UTF_8)), callback);
      return true;
    }
  }
}
