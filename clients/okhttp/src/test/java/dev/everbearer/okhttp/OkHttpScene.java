package dev.everbearer.okhttp;

import dev.everbearer.AuthorizerBuilder;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.io.IOException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What the tests of the interceptor have in common. */
@Timeout(30)
abstract class OkHttpScene {

  static final Grant GRANT = Grant.clientCredentials();

  final ScriptedAuthorizationServer server = ScriptedAuthorizationServer.start();
  final ScriptedApi api = ScriptedApi.protectedBy(server);
  final ScriptedApi foreign = ScriptedApi.open();
  final OkHttpClient plain = new OkHttpClient();
  OAuthClient client;
  OkHttpClient http;

  @BeforeEach
  void open() {
    client = builder().build();
    http = over(plain);
  }

  @AfterEach
  void close() {
    plain.dispatcher().executorService().shutdown();
    plain.connectionPool().evictAll();
    client.close();
    foreign.close();
    api.close();
    server.close();
  }

  OAuthClientBuilder builder() {
    server.registerClient("id", "secret");
    return OAuthClient.builder()
        .tokenEndpoint(server.tokenEndpoint().toString())
        .clientSecretBasic("id", "secret");
  }

  AuthorizerBuilder bound() {
    return client.authorizer().bind(GRANT, api.origin().toString());
  }

  OkHttpClient over(OkHttpClient other) {
    return OAuthInterceptor.of(bound().build()).over(other);
  }

  Request.Builder request(String path) {
    return request(api, path);
  }

  static Request.Builder request(ScriptedApi where, String path) {
    return new Request.Builder().url(where.uri(path).toString());
  }

  static int status(OkHttpClient http, Request.Builder request) throws IOException {
    try (Response response = http.newCall(request.build()).execute()) {
      return response.code();
    }
  }

  static Answer invalidToken() {
    return Answer.status(401).header("WWW-Authenticate", "Bearer error=\"invalid_token\"");
  }
}
