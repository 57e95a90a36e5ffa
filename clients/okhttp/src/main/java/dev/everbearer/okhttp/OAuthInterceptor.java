package dev.everbearer.okhttp;

import dev.everbearer.http.Attempt;
import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.http.Decision;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.util.Objects;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * Attaches tokens to the requests of an {@link OkHttpClient}, renews a token that an API refuses,
 * and sends the request again.
 *
 * <pre>{@code
 * OkHttpClient api = OAuthInterceptor.of(
 *         client.authorizer().bind(Grant.clientCredentials(), "https://api.example.com").build())
 *     .over(new OkHttpClient());
 * }</pre>
 *
 * <p>It is an application interceptor: a call may wait for a token, and be sent again, which a
 * network interceptor may not. A call waits at most for its call timeout, or for {@code maxWait} if
 * it has none; {@link Call#cancel} ends the wait. An enqueued call that has to wait holds a thread
 * of the dispatcher for as long, which other calls to that host may have to wait for.
 *
 * <p>{@link #over} also adds a network interceptor, which puts the token on the request just before
 * the wire: what stands between the two does not see it. Where there is none of those, at the
 * handshake of a web socket or when this one was added by hand, the token stands in the request
 * from here on.
 *
 * <p>Whether a request with a token still goes to the origin that it is for is looked at once more
 * before it is sent, also for the handshake of a web socket, and nothing is sent when an
 * interceptor that was added later has turned it elsewhere. Only one that also calls {@code
 * Chain.withCookieJar} gets by that, for a web socket, or where this one was not added by {@link
 * #over}.
 *
 * <p>What fails about tokens is an {@code OAuthIOException}, whose cause says what happened; a wait
 * that was too long is a {@link java.net.SocketTimeoutException}. A request with a token is kept
 * from the client's {@code cache()} and from its {@code authenticator()}, for both are shared with
 * requests that carry another token, or none. Immutable and thread-safe. Needs OkHttp 5.4 or newer.
 */
public final class OAuthInterceptor implements Interceptor {

  private final BearerAuthorizer authorizer;
  private final int bufferedBytes;

  /** Whether {@link Attaching} stands before the wire. */
  private final boolean isCarrying;

  private OAuthInterceptor(BearerAuthorizer authorizer, int bufferedBytes, boolean isCarrying) {
    this.authorizer = Objects.requireNonNull(authorizer, "authorizer");
    this.bufferedBytes = bufferedBytes;
    this.isCarrying = isCarrying;
  }

  /**
   * An interceptor that decides as an authorizer does.
   *
   * @param authorizer as {@code OAuthClient.authorizer()} makes them
   */
  public static OAuthInterceptor of(BearerAuthorizer authorizer) {
    return new OAuthInterceptor(authorizer, 0, false);
  }

  /**
   * Keeps one-shot bodies up to a size while they are sent, so that they can be sent again after a
   * 401. By default none is kept, and such a request gets its 401. Duplex bodies are never kept.
   *
   * @param maxBytes for each request
   * @throws IllegalArgumentException if it is negative
   */
  public OAuthInterceptor bufferBodies(int maxBytes) {
    if (maxBytes < 0) {
      throw new IllegalArgumentException("A size is not negative: " + maxBytes);
    }
    return new OAuthInterceptor(authorizer, maxBytes, isCarrying);
  }

  /**
   * A client that shares everything with yours (connections, dispatcher, interceptors) and attaches
   * tokens. It follows no redirects, for OkHttp would carry them, and the body of a request, to
   * other origins; inside an origin they are followed with {@code followSameOriginRedirects()}.
   *
   * @throws IllegalArgumentException if your client attaches tokens already
   */
  public OkHttpClient over(OkHttpClient client) {
    if (client.interceptors().stream().anyMatch(OAuthInterceptor.class::isInstance)) {
      throw new IllegalArgumentException(
          "This OkHttpClient attaches tokens already; take the one that it was made from.");
    }
    return client
        .newBuilder()
        .followRedirects(false)
        .followSslRedirects(false)
        .addInterceptor(new OAuthInterceptor(authorizer, bufferedBytes, true))
        .addNetworkInterceptor(Attaching.INSTANCE)
        .build();
  }

  @Override
  public Response intercept(Chain chain) throws IOException {
    if (chain.connection() != null) {
      throw new IllegalStateException(
          "OAuthInterceptor is an application interceptor: a network interceptor may not send a"
              + " request again. Use OAuthInterceptor.over(client), or addInterceptor.");
    }
    try {
      CallersRequest request = new CallersRequest(chain, bufferedBytes);
      return carriedOut(chain, request, authorizer.begin(request));
    } catch (OAuthException e) {
      throw Errors.atSurface(e);
    }
  }

  private Response carriedOut(Chain chain, CallersRequest request, Attempt attempt)
      throws IOException {
    Decision next = Waiting.settled(attempt.start(), chain.call());
    while (next instanceof Decision.Send send) {
      Response response = sent(chain, request, send);
      next = judged(response, attempt, chain.call());
      if (next instanceof Decision.Done) {
        return response;
      }
      response.close();
    }
    throw new IllegalStateException("A request that was neither sent nor refused.");
  }

  private Response sent(Chain chain, CallersRequest request, Decision.Send send)
      throws IOException {
    if (send.headers().isEmpty()) {
      return chain.proceed(chain.request());
    }
    if (chain.getFollowRedirects()) {
      throw new IOException(
          "Nothing was sent to %s: this OkHttpClient follows redirects, and would carry the request"
                  .formatted(chain.request().url().redact())
              + " to other origins. Make it with OAuthInterceptor.over(client), or with"
              + " followRedirects(false).");
    }
    return isCarrying && !request.isHandshake()
        ? carried(chain, request, send)
        : attached(chain, request, send);
  }

  /** The token goes with the call, and is put on the request just before the wire. */
  private static Response carried(Chain chain, CallersRequest request, Decision.Send send)
      throws IOException {
    Request sent = request.toSend(send);
    Carried carried = Carried.by(chain.call());
    carried.load(sent.url(), send.headers());
    try {
      return request.answer(withoutSharedParts(chain).proceed(sent), send);
    } finally {
      carried.unload();
    }
  }

  /** The token stands in the request from here on. */
  private static Response attached(Chain chain, CallersRequest request, Decision.Send send)
      throws IOException {
    Request sent = request.toSendAttached(send);
    Chain guarded =
        withoutSharedParts(chain)
            .withCookieJar(OriginGuard.cookies(chain.getCookieJar(), sent.url()));
    return request.answerToAttached(guarded.proceed(sent), send);
  }

  /** Each {@code with} copies the chain, so what most clients do not have is left alone. */
  private static Chain withoutSharedParts(Chain chain) {
    Chain left = chain.getCache() == null ? chain : chain.withCache(null);
    return left.getAuthenticator() == Authenticator.NONE
        ? left
        : left.withAuthenticator(Authenticator.NONE);
  }

  /** The answer stays open until its successor is sent: when there is none, it is the caller's. */
  private static Decision judged(Response response, Attempt attempt, Call call) throws IOException {
    try {
      return Waiting.settled(attempt.judge(response.code(), response::headers), call);
    } catch (IOException | RuntimeException e) {
      response.close();
      throw e;
    }
  }

  @Override
  public String toString() {
    return "OAuthInterceptor[" + authorizer + "]";
  }
}
