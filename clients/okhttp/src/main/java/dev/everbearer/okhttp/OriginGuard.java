package dev.everbearer.okhttp;

import dev.everbearer.token.UnboundOriginException;
import java.util.List;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;

/**
 * The last look before the wire. Behind the interceptor that decided about a token a redirect, or
 * an interceptor that was added later, may have turned the request to another origin.
 */
final class OriginGuard {

  private OriginGuard() {}

  /**
   * Looks where a request goes.
   *
   * @param sent where the token may go
   * @throws UnboundOriginException if it goes to another origin
   */
  static void check(HttpUrl sent, HttpUrl url) {
    boolean isSameOrigin =
        sent.scheme().equals(url.scheme())
            && sent.host().equals(url.host())
            && sent.port() == url.port();
    if (!isSameOrigin) {
      throw turned(sent, url);
    }
  }

  /**
   * The cookies of a jar, for requests that stay where they were sent. Where cookies are asked for
   * OkHttp passes with every request that it sends, also with the handshake of a web socket, which
   * no network interceptor sees.
   */
  static CookieJar cookies(CookieJar jar, HttpUrl sent) {
    return new CookieJar() {
      @Override
      public List<Cookie> loadForRequest(HttpUrl url) {
        check(sent, url);
        return jar.loadForRequest(url);
      }

      @Override
      public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
        jar.saveFromResponse(url, cookies);
      }
    };
  }

  private static UnboundOriginException turned(HttpUrl from, HttpUrl to) {
    return new UnboundOriginException(
        "Nothing was sent to %s: the request carries a token for %s, and was turned to another"
                .formatted(to.redact(), from.redact())
            + " origin after the token was attached, by a redirect or by an interceptor that was"
            + " added later. Add such an interceptor to the client before OAuthInterceptor.over,"
            + " and leave followRedirects(false).");
  }
}
