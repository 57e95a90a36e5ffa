package dev.everbearer.e2e.keycloak;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** What a {@link Login} is for, written out with nothing of the library's: it tests the logins. */
final class FlowsByHand {

  private static final String VERIFIER = "a-code-verifier-of-forty-three-characters-or-more";

  private final Keycloak keycloak;

  FlowsByHand(Keycloak keycloak) {
    this.keycloak = keycloak;
  }

  /** An authorization request with PKCE and state. */
  URI authorizationRequest(RegisteredClient client, URI redirect) {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("response_type", "code");
    query.put("client_id", client.id());
    query.put("redirect_uri", redirect.toString());
    query.put("scope", "openid");
    query.put("state", "some-state");
    query.put("code_challenge", challenge());
    query.put("code_challenge_method", "S256");
    return URI.create(keycloak.endpoint("auth") + "?" + Keycloak.encoded(query));
  }

  /** Receives the code at a loopback listener and changes it into tokens. */
  Map<String, Object> codeFlow(RegisteredClient client, Login login) throws Exception {
    CompletableFuture<URI> received = new CompletableFuture<>();
    HttpServer listener = listener(received);
    try {
      URI redirect = URI.create("http://127.0.0.1:" + listener.getAddress().getPort() + "/back");
      login.open(authorizationRequest(client, redirect));
      Map<String, String> answer = query(received.get(10, TimeUnit.SECONDS));
      return keycloak.post(
          "token",
          Map.of(
              "grant_type", "authorization_code",
              "client_id", client.id(),
              "client_secret", client.secret(),
              "code", answer.get("code"),
              "code_verifier", VERIFIER,
              "redirect_uri", redirect.toString()));
    } finally {
      listener.stop(0);
    }
  }

  /** Has the device's page opened and agreed to, and asks for the tokens once. */
  Map<String, Object> deviceFlow(RegisteredClient client, Login login) {
    Map<String, Object> device =
        keycloak.post("auth/device", Map.of("client_id", client.id(), "scope", "openid"));
    login.open(URI.create((String) device.get("verification_uri_complete")));
    return keycloak.post(
        "token",
        Map.of(
            "grant_type",
            "urn:ietf:params:oauth:grant-type:device_code",
            "client_id",
            client.id(),
            "device_code",
            (String) device.get("device_code")));
  }

  /** Has the person asked at the device, and asks for the tokens once when the answer is there. */
  Map<String, Object> backChannelFlow(RegisteredClient client, Person person) {
    Map<String, Object> asked =
        keycloak.post(
            "ext/ciba/auth",
            Map.of(
                "client_id", client.id(),
                "client_secret", client.secret(),
                "scope", "openid",
                "login_hint", person.username()));
    keycloak.device().awaitAnswer();
    return keycloak.post(
        "token",
        Map.of(
            "grant_type",
            "urn:openid:params:grant-type:ciba",
            "client_id",
            client.id(),
            "client_secret",
            client.secret(),
            "auth_req_id",
            (String) asked.get("auth_req_id")));
  }

  static Map<String, String> query(URI uri) {
    return Arrays.stream(uri.getQuery().split("&"))
        .map(each -> each.split("=", 2))
        .collect(Collectors.toMap(each -> each[0], each -> each[1]));
  }

  private static HttpServer listener(CompletableFuture<URI> received) throws IOException {
    HttpServer listener =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    listener.createContext(
        "/back",
        exchange -> {
          received.complete(exchange.getRequestURI());
          byte[] page = "You are logged in.".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, page.length);
          exchange.getResponseBody().write(page);
          exchange.close();
        });
    listener.start();
    return listener;
  }

  private static String challenge() {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(VERIFIER.getBytes(StandardCharsets.US_ASCII));
      return Base64.getUrlEncoder().withoutPadding().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
