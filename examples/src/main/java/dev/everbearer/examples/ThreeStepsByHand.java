package dev.everbearer.examples;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Secret;
import dev.everbearer.token.TokenSet;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Optional;

/**
 * OAuth 2.0 step by step: obtain a token, send it, refresh it. Here Everbearer only speaks to the
 * token endpoint; everything else is done by hand, so that you see what there is to do. {@link
 * ThreeStatements} is the same without the handwork.
 *
 * <p>Three parties take part. The <em>authorization server</em> gives tokens to programs that it
 * knows. The <em>API</em> (OAuth calls it the resource server) answers whoever brings a token. And
 * this program is the <em>client</em>.
 */
public final class ThreeStepsByHand {

  private ThreeStepsByHand() {}

  /** Runs with settings from the environment; see the README beside this module. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    run(Settings.of(System.getenv()), System.out);
  }

  static void run(Settings settings, PrintStream out) throws IOException, InterruptedException {
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(settings.tokenEndpoint())
            .clientSecretPost(settings.clientId(), settings.clientSecret())
            .build()) {

      // Step 1: obtain. The client proves who it is with its id and secret, and asks for a token
      // by the grant "client_credentials" (RFC 6749 section 4.4): it acts for itself, no user is
      // involved. On the wire this is one POST with grant_type=client_credentials.
      TokenSet tokens = client.fetch(Grant.clientCredentials());
      out.println("Step 1: obtained a " + tokens.accessToken());

      // A token does not last. The server says for how many seconds it is good, if it says it.
      out.println("        it lives for " + tokens.expiresIn().map(Duration::toString).orElse("?"));

      // Step 2: send. The API wants the token in the header "Authorization: Bearer ..." (RFC 6750
      // section 2.1). Whoever holds the token can use it, so it is sent to this API and nobody
      // else, over https, and never in a URL: URLs end up in logs.
      HttpClient http = HttpClient.newHttpClient();
      out.println("Step 2: the API answered " + get(http, settings, tokens.accessToken()));

      // Step 3: refresh. When the token has run out, the API answers 401, and a new one is needed.
      TokenSet fresh = refreshed(client, tokens, out);
      out.println("        the API answered " + get(http, settings, fresh.accessToken()));
    }
  }

  private static String get(HttpClient http, Settings settings, AccessToken token)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(settings.api())
            .header("Authorization", token.authorization())
            .timeout(Duration.ofSeconds(10))
            .build();
    HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
    return answer.statusCode() + ": " + answer.body();
  }

  private static TokenSet refreshed(OAuthClient client, TokenSet old, PrintStream out) {
    Optional<Secret> refreshToken = old.refreshToken();
    if (refreshToken.isEmpty()) {
      // The usual case for client credentials: there is no refresh token, for the client can
      // simply ask again with its id and secret (RFC 6749 section 4.4.3).
      out.println("Step 3: no refresh token came, so a new token is obtained as in step 1");
      return client.fetch(Grant.clientCredentials());
    }
    // The client hands in the refresh token and gets a new access token (RFC 6749 section 6).
    // Many servers rotate: the answer brings a new refresh token too, and the old one is dead
    // from then on. Who does not keep the new one has lost the access. And who sends the same
    // refresh token twice, say from two threads, may look like a thief to the server.
    TokenSet fresh = client.fetch(Grant.refreshToken(refreshToken.get().reveal()));
    boolean isRotated =
        fresh.refreshToken().filter(next -> !next.equals(refreshToken.get())).isPresent();
    out.println("Step 3: refreshed" + (isRotated ? ", and the refresh token was rotated" : ""));
    return fresh;
  }

  // What is still missing for a real program: to refresh early enough, once and not in every
  // thread; to try again when the server is down, and to go on with the old token meanwhile; to
  // refresh and repeat after a 401; to keep a rotated refresh token safe. See ThreeStatements.
}
