package dev.everbearer.http.internal;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** Hands pushed answers to the caller's handler as they are; only their type is adapted. */
final class PlainPushPromises<T> implements PushPromiseHandler<Object> {

  private final HttpRequest original;
  private final PushPromiseHandler<T> handler;

  PlainPushPromises(HttpRequest original, PushPromiseHandler<T> handler) {
    this.original = original;
    this.handler = handler;
  }

  @Override
  public void applyPushPromise(
      HttpRequest initiating,
      HttpRequest pushed,
      Function<BodyHandler<Object>, CompletableFuture<HttpResponse<Object>>> acceptor) {
    handler.applyPushPromise(original, pushed, plain -> accepted(pushed, plain, acceptor));
  }

  @SuppressWarnings("unchecked") // The body was made by the caller's own handler.
  private static <T> CompletableFuture<HttpResponse<T>> accepted(
      HttpRequest pushed,
      BodyHandler<T> plain,
      Function<BodyHandler<Object>, CompletableFuture<HttpResponse<Object>>> acceptor) {
    return acceptor
        .apply(JudgingHandler.opened(plain))
        .thenApply(response -> new AuthorizedResponse<>(response, pushed, (T) response.body()));
  }
}
