package dev.everbearer.e2e.keycloak;

import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.util.JSONObjectUtils;
import dev.everbearer.token.Secret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A running Keycloak with a fresh copy of the realm {@code everbearer}, by HTTP and HTTPS at ports
 * of its own on loopback. It ends with the tests, also when they are killed. Thread-safe.
 */
public final class Keycloak implements AutoCloseable {

  private static final String REALM = "/realms/everbearer";

  private final PreparedKeycloak prepared;
  private final Path directory;
  private final AuthenticationDevice device = new AuthenticationDevice();
  private final KeycloakProcess process;
  private final URI http;
  private final URI https;
  private final HttpClient client;

  private Keycloak(PreparedKeycloak prepared) throws IOException {
    this.prepared = prepared;
    this.client = HttpClient.newBuilder().sslContext(certificates().trusting()).build();
    Path target = Path.of(System.getProperty("basedir", "."), "target").toAbsolutePath();
    this.directory = Files.createTempDirectory(Files.createDirectories(target), "keycloak-");
    Files.copy(prepared.database(), directory.resolve(prepared.database().getFileName()));
    this.process =
        KeycloakProcess.start(prepared.server(), target.resolve("keycloak.log"), arguments());
    List<String> addresses = process.addresses();
    this.http = URI.create(addresses.get(0));
    this.https = URI.create(addresses.get(1).replace("127.0.0.1", "localhost"));
    device.answerTo(endpoint("ext/ciba/auth/callback"));
  }

  static Keycloak start(PreparedKeycloak prepared) {
    try {
      return new Keycloak(prepared);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code http://127.0.0.1:port/realms/everbearer}. */
  public String issuer() {
    return http + REALM;
  }

  /** {@code https://localhost:port/realms/everbearer}: the same realm, asked by TLS. */
  public String tlsIssuer() {
    return https + REALM;
  }

  /** An endpoint by the last part of its path: token, auth, userinfo, token/introspect, ... */
  public URI endpoint(String name) {
    return endpoint(issuer(), name);
  }

  /** As {@link #endpoint(String)}, by TLS. */
  public URI tlsEndpoint(String name) {
    return endpoint(tlsIssuer(), name);
  }

  private static URI endpoint(String issuer, String name) {
    return URI.create(issuer + "/protocol/openid-connect/" + name);
  }

  public Certificates certificates() {
    return prepared.certificates();
  }

  /** The private key of {@link RegisteredClient#KEY_SERVICE}. */
  public ECKey keyServiceKey() {
    return prepared.keyServiceKey();
  }

  /** What Keycloak encrypts to for {@link RegisteredClient#WEB_ENCRYPTED}: ECDH-ES with A256GCM. */
  public ECKey encryptionKey() {
    return prepared.encryptionKey();
  }

  /** Where people are asked over the back channel. */
  public AuthenticationDevice device() {
    return device;
  }

  /** A token by which clients may be registered. */
  public Secret initialAccessToken() {
    return Secret.of(
        (String)
            post(
                    "token",
                    Map.of(
                        "grant_type", "client_credentials",
                        "client_id", RegisteredClient.REGISTRAR.id(),
                        "client_secret", RegisteredClient.REGISTRAR.secret()))
                .get("access_token"));
  }

  /** A new refresh token of a client that has the password grant. */
  public String refreshToken(RegisteredClient registered, Person person) {
    return (String)
        post(
                "token",
                Map.of(
                    "grant_type", "password",
                    "client_id", registered.id(),
                    "client_secret", registered.secret(),
                    "username", person.username(),
                    "password", person.password()))
            .get("refresh_token");
  }

  /** What the introspection endpoint tells orders-api of an access token. */
  public Map<String, Object> introspect(String token) {
    return introspect(issuer(), token);
  }

  /** As {@link #introspect(String)}, for a token of {@link #tlsIssuer()}. */
  public Map<String, Object> introspectByTls(String token) {
    return introspect(tlsIssuer(), token);
  }

  private Map<String, Object> introspect(String issuer, String token) {
    return post(
        endpoint(issuer, "token/introspect"),
        Map.of(
            "client_id", RegisteredClient.ORDERS_API.id(),
            "client_secret", RegisteredClient.ORDERS_API.secret(),
            "token", token));
  }

  /** Ends a grant, as an operator would. */
  public void revoke(RegisteredClient registered, String refreshToken) {
    post(
        "revoke",
        Map.of(
            "client_id", registered.id(),
            "client_secret", registered.secret(),
            "token", refreshToken));
  }

  /** Posts a form past the library; the answer must be a success with a JSON object, or empty. */
  public Map<String, Object> post(String endpoint, Map<String, String> form) {
    return post(endpoint(endpoint), form);
  }

  private Map<String, Object> post(URI endpoint, Map<String, String> form) {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(encoded(form)))
            .build();
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      if (answer.statusCode() / 100 != 2) {
        throw new IllegalStateException(endpoint + ": " + answer.statusCode() + answer.body());
      }
      return answer.body().isEmpty() ? Map.of() : JSONObjectUtils.parse(answer.body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    process.close();
    device.close();
    KeptDirectory.deleteTree(directory);
  }

  private List<String> arguments() {
    return List.of(
        "start",
        "--optimized",
        "--cache=local",
        "--hostname-strict=false",
        "--http-host=127.0.0.1",
        "--http-enabled=true",
        "--http-port=0",
        "--https-port=0",
        "--https-key-store-file=" + certificates().serverKey(),
        "--https-key-store-password=" + Certificates.PASSWORD,
        "--https-trust-store-file=" + certificates().trusted(),
        "--https-trust-store-password=" + Certificates.PASSWORD,
        "--spi-ciba-auth-channel--ciba-http-auth-channel--http-authentication-channel-uri="
            + device.uri(),
        PreparedKeycloak.databaseOption(directory));
  }

  static String encoded(Map<String, String> form) {
    return form.entrySet().stream()
        .map(each -> encoded(each.getKey()) + "=" + encoded(each.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
