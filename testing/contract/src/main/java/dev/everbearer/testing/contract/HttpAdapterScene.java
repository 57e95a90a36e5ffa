package dev.everbearer.testing.contract;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.testing.contract.HttpAdapterContract.Sender;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.token.TokenSource;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server, an API that takes its tokens, one that takes none, and the adapter under test. */
abstract class HttpAdapterScene {

  ScriptedAuthorizationServer server;
  ScriptedApi api;
  ScriptedApi foreign;
  OAuthClient client;
  TokenSource source;
  Sender sender;

  /** The adapter under test, with redirects and everything else as it comes. */
  protected abstract Sender open(BearerAuthorizer authorizer);

  @BeforeEach
  void start() {
    server = ScriptedAuthorizationServer.start();
    server.registerClient("id", "secret");
    api = ScriptedApi.protectedBy(server);
    foreign = ScriptedApi.open();
    client = builder().build();
    source = client.tokens(Grant.clientCredentials());
    sender = open(bound().build());
  }

  @AfterEach
  void stop() {
    sender.close();
    client.close();
    foreign.close();
    api.close();
    server.close();
  }

  OAuthClientBuilder builder() {
    return builder(server);
  }

  static OAuthClientBuilder builder(ScriptedAuthorizationServer server) {
    return OAuthClient.builder()
        .tokenEndpoint(server.tokenEndpoint().toString())
        .clientSecretBasic("id", "secret");
  }

  BearerAuthorizer.Builder bound() {
    return BearerAuthorizer.builder().bind(source, api.origin().toString());
  }

  List<String> authorizations() {
    return api.requests().stream()
        .flatMap(request -> request.headers("Authorization").stream())
        .toList();
  }

  static Answer invalidToken(String body) {
    return Answer.text(401, "text/plain", body)
        .header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  }

  /** The authorization server is down, and says that it will be for long: nobody waits for it. */
  static Answer downForLong() {
    return Answer.status(503).header("Retry-After", "3600");
  }
}
