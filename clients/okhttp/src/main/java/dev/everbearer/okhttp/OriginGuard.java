package dev.everbearer.okhttp;

import dev.everbearer.http.OAuthIOException;
import dev.everbearer.token.UnboundOriginException;
import java.io.IOException;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The last look before the wire. Behind the interceptor that attached a token a redirect, or an
 * interceptor that was added later, may have turned the request to another origin.
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

  private static UnboundOriginException turned(HttpUrl from, HttpUrl to) {
    return new UnboundOriginException(
        "Nothing was sent to %s: the request carries a token for %s, and was turned to another"
                .formatted(to.redact(), from.redact())
            + " origin after the token was attached, by a redirect or by an interceptor that was"
            + " added later. Add such an interceptor to the client before OAuthInterceptor.over,"
            + " and leave followRedirects(false).");
  }
}
