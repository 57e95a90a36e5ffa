package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.AuthorizationCodeFlow;
import dev.everbearer.login.AuthorizationRedirect;
import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.token.TokenSet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A web application that has the browser post the answer to it. */
@WithBrowser
class FormPostLoginTest {

  private final CompletableFuture<AuthorizationResponse> posted = new CompletableFuture<>();

  @Test
  void theBrowserPostsTheAnswer(Keycloak keycloak, Chromium chromium) throws Exception {
    HttpServer application =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    application.createContext("/callback", this::receive);
    application.start();
    String callback = "http://127.0.0.1:" + application.getAddress().getPort() + "/callback";
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(keycloak.issuer())
            .clientSecretBasic(RegisteredClient.WEB.id(), RegisteredClient.WEB.secret())
            .build()) {
      AuthorizationCodeFlow flow =
          client
              .authorizationCodeFlow(Grant.authorizationCode().scope("openid"), callback)
              .byFormPost();
      AuthorizationRedirect redirect = flow.start();
      chromium.as(Person.ALICE).open(redirect.url());
      TokenSet tokens = flow.finish(redirect.pending(), posted.get(10, TimeUnit.SECONDS));
      assertThat(keycloak.introspect(tokens.accessToken().value()))
          .containsEntry("username", "alice");
    } finally {
      application.stop(0);
    }
  }

  private void receive(HttpExchange exchange) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    posted.complete(
        AuthorizationResponse.ofFormPost(
            exchange.getRequestMethod(),
            exchange.getRequestHeaders().getFirst("Content-Type"),
            body));
    // A page, for a browser that is sent to none may wait for one.
    byte[] page = "You are logged in.".getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, page.length);
    exchange.getResponseBody().write(page);
    exchange.close();
  }
}
