package dev.everbearer.okhttp;

import dev.everbearer.http.OAuthIOException;
import dev.everbearer.token.UnboundOriginException;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Puts on a request what its call carries, as a network interceptor: nothing above it sees that,
 * neither in the request nor in the answer, and where it is missing the request goes without.
 */
final class Attaching implements Interceptor {

  static final Attaching INSTANCE = new Attaching();

  private Attaching() {}

  @Override
  public Response intercept(Chain chain) throws IOException {
    Request request = chain.request();
    Request sent = attached(chain, request);
    Response response = chain.proceed(sent);
    return sent == request ? response : response.newBuilder().request(request).build();
  }

  private static Request attached(Chain chain, Request request) throws OAuthIOException {
    try {
      return Carried.unloaded(chain.call(), request);
    } catch (UnboundOriginException e) {
      throw new OAuthIOException(e);
    }
  }
}
