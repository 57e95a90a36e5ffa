package dev.everbearer.okhttp;

import dev.everbearer.http.OAuthIOException;
import dev.everbearer.token.UnboundOriginException;
import java.io.IOException;
import java.util.List;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The last look before the wire. Behind the interceptor that attached a token a redirect, or an
 * interceptor that was added later, may have turned the request to another origin.
 *
 * <p>It looks from two places. Where cookies are asked for OkHttp passes with every request that it
 * sends, also with the handshake of a web socket, which no network interceptor sees; the network
 * interceptor stays where a later interceptor brings its own cookies.
 */
final class OriginGuard implements Interceptor {

  static final OriginGuard INSTANCE = new OriginGuard();

  private OriginGuard() {}

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Sent sent = request.tag(Sent.class);
    if (sent != null && !sent.isOrigin(request.url())) {
      throw new OAuthIOException(turned(sent.url(), request.url()));
    }
    return chain.proceed(request);
  }

  /** The cookies of a jar, for requests that stay where they were sent. */
  static CookieJar cookies(CookieJar jar, HttpUrl sent) {
    Sent to = new Sent(sent);
    return new CookieJar() {
      @Override
      public List<Cookie> loadForRequest(HttpUrl url) {
        if (!to.isOrigin(url)) {
          throw turned(sent, url);
        }
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
