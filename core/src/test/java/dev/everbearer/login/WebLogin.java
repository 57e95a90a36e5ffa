package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.UserAgent;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.TokenSet;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A web application with a person in front of it. */
final class WebLogin implements AutoCloseable {

  static final String CALLBACK = "https://app.example.com/callback";
  static final String ID = "web";
  static final String SECRET = "web secret";

  final ScriptedAuthorizationServer server;
  final OAuthClient client;
  final AuthorizationCodeFlow flow;
  private final UserAgent browser = new UserAgent();

  WebLogin(ScriptedAuthorizationServer server) {
    this(server, builder -> builder);
  }

  WebLogin(ScriptedAuthorizationServer server, UnaryOperator<OAuthClientBuilder> options) {
    this(server, Grant.authorizationCode().scope("read"), options);
  }

  WebLogin(
      ScriptedAuthorizationServer server,
      AuthorizationCodeGrant grant,
      UnaryOperator<OAuthClientBuilder> options) {
    this.server = server;
    server.registerClient(ID, SECRET);
    server.registerRedirectUris(ID, CALLBACK);
    this.client =
        options
            .apply(
                OAuthClient.builder()
                    .issuer(server.issuer().toString())
                    .clientSecretBasic(ID, SECRET))
            .build();
    this.flow = client.authorizationCodeFlow(grant, CALLBACK);
  }

  /** The same server, to which requests go in the URL. */
  static ScriptedAuthorizationServer withoutPushing(ScriptedAuthorizationServer server) {
    server.withoutMetadata("pushed_authorization_request_endpoint");
    return server;
  }

  /** Where the server sends the browser. */
  String callback(AuthorizationRedirect redirect) throws IOException {
    return browser.redirectOf(redirect.url()).toString();
  }

  TokenSet login() throws IOException {
    return login(answer -> answer);
  }

  /** A login whose answer is changed on its way. */
  TokenSet login(UnaryOperator<String> change) throws IOException {
    AuthorizationRedirect redirect = flow.start();
    String callback = change.apply(callback(redirect));
    return flow.finish(redirect.pending(), AuthorizationResponse.ofUrl(callback));
  }

  /** A login whose answer is changed on its way is refused, and no code is sent. */
  LoginFailedException refuses(UnaryOperator<String> change) {
    int before = server.tokenRequests().size();
    LoginFailedException refusal = refusal(() -> login(change));
    assertThat(server.tokenRequests()).hasSize(before);
    return refusal;
  }

  /** What can go wrong with an exception. */
  interface Step {
    void run() throws Exception;
  }

  static LoginFailedException refusal(Step step) {
    LoginFailedException thrown = catchThrowableOfType(LoginFailedException.class, step::run);
    assertThat(thrown).as("a login that fails").isNotNull();
    assertThat(thrown.failure().orElseThrow().kind()).isEqualTo(FailureKind.REFUSED);
    return thrown;
  }

  /** The one token request. */
  Map<String, List<String>> tokenRequest() {
    List<RecordedRequest> requests = server.tokenRequests();
    assertThat(requests).hasSize(1);
    return requests.get(0).form();
  }

  /** The parameters of a URL, decoded. */
  static Map<String, List<String>> parameters(URI url) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : url.getRawQuery().split("&")) {
      String[] parts = pair.split("=", 2);
      parameters
          .computeIfAbsent(decoded(parts[0]), unused -> new ArrayList<>())
          .add(decoded(parts[1]));
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    client.close();
  }
}
