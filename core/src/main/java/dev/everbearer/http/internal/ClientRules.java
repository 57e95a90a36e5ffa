package dev.everbearer.http.internal;

import java.net.http.HttpClient;

/** Refuses to wrap a client that cannot keep a token where it belongs. */
public final class ClientRules {

  private ClientRules() {}

  /**
   * Checks a client that is about to carry credentials.
   *
   * @throws IllegalArgumentException with the reason and the mend
   */
  public static void check(HttpClient client) {
    if (client instanceof AuthorizedHttpClient) {
      throw new IllegalArgumentException(
          "This HttpClient attaches tokens already; wrap the one below it.");
    }
    if (client.followRedirects() != HttpClient.Redirect.NEVER) {
      throw new IllegalArgumentException(
          "This HttpClient follows redirects, and would carry the Authorization header and bodies"
              + " to other origins. Build it with followRedirects(Redirect.NEVER); redirects inside"
              + " an origin are followed with followSameOriginRedirects().");
    }
    if (client.authenticator().isPresent() && AuthenticatorProbe.stripsAuthorization()) {
      throw new IllegalArgumentException(
          "This HttpClient has an Authenticator, and on this JDK that makes it drop the"
              + " Authorization header. Build it without authenticator(...), or run on a newer"
              + " JDK.");
    }
  }
}
