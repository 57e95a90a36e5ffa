package dev.everbearer.examples;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import java.io.IOException;
import java.io.PrintStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/**
 * The three statements that replace {@link ThreeStepsByHand}: name the client, bind it to an API,
 * call. Tokens are obtained, sent, renewed before they run out and replaced after a 401, for as
 * long as the program runs and however many threads call.
 */
public final class ThreeStatements {

  private ThreeStatements() {}

  /** Runs with settings from the environment; see the README beside this module. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    run(Settings.of(System.getenv()), System.out);
  }

  static void run(Settings settings, PrintStream out) throws IOException, InterruptedException {
    OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(settings.tokenEndpoint())
            .clientSecretPost(settings.clientId(), settings.clientSecret())
            .build();
    HttpClient api = client.httpClientFor(settings.origin(), Grant.clientCredentials());
    HttpResponse<String> user =
        api.send(HttpRequest.newBuilder(settings.api()).build(), BodyHandlers.ofString());

    out.println("The API answered " + user.statusCode() + ": " + user.body());

    // A program that goes on would keep both and call again; this one is done.
    client.close();
  }
}
