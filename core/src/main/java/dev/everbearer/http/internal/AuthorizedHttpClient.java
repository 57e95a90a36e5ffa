package dev.everbearer.http.internal;

import dev.everbearer.http.Attempt;
import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.http.Decision;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * An {@link HttpClient} that attaches tokens. Everything else it leaves to the client that it
 * wraps. Thread-safe.
 */
public final class AuthorizedHttpClient extends HttpClient {

  private final HttpClient delegate;
  private final BearerAuthorizer authorizer;
  private final int bufferedBytes;
  private final Closing closing;

  /**
   * Wraps a client.
   *
   * @param ownsDelegate whether closing this client closes the wrapped one
   * @param bufferedBytes up to which size one-shot bodies are kept for a replay; 0 keeps none
   * @throws IllegalArgumentException if the client cannot keep a token safe
   */
  public AuthorizedHttpClient(
      HttpClient delegate, boolean ownsDelegate, BearerAuthorizer authorizer, int bufferedBytes) {
    ClientRules.check(delegate);
    this.delegate = delegate;
    this.authorizer = authorizer;
    this.bufferedBytes = bufferedBytes;
    this.closing = new Closing(delegate, ownsDelegate);
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(handler, "handler");
    closing.enter();
    try {
      CallersRequest outgoing = new CallersRequest(request, bufferedBytes);
      return send(request, outgoing, authorizer.begin(outgoing), handler);
    } catch (OAuthException e) {
      throw Errors.atSurface(e);
    } finally {
      closing.leave();
    }
  }

  private <T> HttpResponse<T> send(
      HttpRequest original, CallersRequest request, Attempt attempt, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    Decision next = awaited(attempt.start());
    while (next instanceof Decision.Send send) {
      JudgingHandler<T> judging = new JudgingHandler<>(attempt, handler);
      HttpResponse<Object> response = delegate.send(request.toSend(send, attempt), judging);
      next = awaited(judging.decision());
      if (next instanceof Decision.Done) {
        return new AuthorizedResponse<>(response, original, get(judging.bodyOf(response)));
      }
    }
    throw new IllegalStateException("A request that was neither sent nor refused.");
  }

  private static Decision awaited(Decision decision) throws IOException, InterruptedException {
    return decision instanceof Decision.Wait wait
        ? Objects.requireNonNull(get(wait.next()))
        : decision;
  }

  private static <T> @Nullable T get(CompletionStage<T> stage)
      throws IOException, InterruptedException {
    try {
      return stage.toCompletableFuture().get();
    } catch (ExecutionException e) {
      Throwable error = Errors.unwrapped(e.getCause());
      if (error instanceof IOException io) {
        throw io;
      }
      throw new IOException(error.getMessage(), error);
    }
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return sendAsync(request, handler, null);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler) {
    Objects.requireNonNull(request, "request");
    Objects.requireNonNull(handler, "handler");
    try {
      closing.enter();
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<HttpResponse<T>> call;
    try {
      call = begin(request, handler, pushPromiseHandler);
    } catch (RuntimeException | Error e) {
      closing.leave();
      throw e;
    }
    CompletableFuture<?> unused = call.whenComplete((response, error) -> closing.leave());
    return call;
  }

  private <T> CompletableFuture<HttpResponse<T>> begin(
      HttpRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler) {
    try {
      CallersRequest outgoing = new CallersRequest(request, bufferedBytes);
      AsyncCall.Sender sender =
          (toSend, judging) ->
              delegate.sendAsync(
                  toSend,
                  judging,
                  pushPromiseHandler == null
                      ? null
                      : new PlainPushPromises<>(request, pushPromiseHandler));
      return new AsyncCall<>(request, outgoing, authorizer.begin(outgoing), handler, sender)
          .begin();
    } catch (OAuthException e) {
      return CompletableFuture.failedFuture(Errors.atSurface(e));
    }
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    return new AuthorizedWebSocketBuilder(delegate::newWebSocketBuilder, authorizer, closing);
  }

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return delegate.cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return delegate.connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return delegate.followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return delegate.proxy();
  }

  @Override
  public SSLContext sslContext() {
    return delegate.sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return delegate.sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return delegate.authenticator();
  }

  @Override
  public Version version() {
    return delegate.version();
  }

  @Override
  public Optional<Executor> executor() {
    return delegate.executor();
  }

  // The methods of JDK 21 and newer; without @Override, for 17 has none of them.

  /** Takes no new requests; those under way go on. */
  public void shutdown() {
    closing.shutdown();
  }

  /** Takes no new requests, and ends those under way if the wrapped client is our own. */
  public void shutdownNow() {
    closing.shutdownNow();
  }

  /** Whether it was shut down and nothing is under way. */
  public boolean isTerminated() {
    return closing.isTerminated();
  }

  /**
   * Waits until nothing is under way after a shutdown.
   *
   * @return whether that came true in time
   * @throws InterruptedException when interrupted
   */
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return closing.awaitTermination(timeout);
  }

  /** Shuts down and waits for the requests under way. Never closes a client that a user made. */
  public void close() {
    closing.close();
  }

  @Override
  public String toString() {
    return "AuthorizedHttpClient[" + authorizer + "]";
  }
}
