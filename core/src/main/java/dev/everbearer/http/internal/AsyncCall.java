package dev.everbearer.http.internal;

import dev.everbearer.http.Attempt;
import dev.everbearer.http.Decision;
import dev.everbearer.token.OAuthException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One request sent without blocking. Cancelling it, or with {@code cancel(true)} a future that was
 * derived from it, aborts what is under way, as with the futures of the platform's client.
 */
final class AsyncCall<T> extends CompletableFuture<HttpResponse<T>> {

  /** Sends one request through the wrapped client. */
  interface Sender {
    CompletableFuture<HttpResponse<Object>> send(HttpRequest request, BodyHandler<Object> handler);
  }

  private final HttpRequest original;
  private final CallersRequest request;
  private final Attempt attempt;
  private final BodyHandler<T> handler;
  private final Sender sender;
  private volatile @Nullable CompletableFuture<?> underWay;

  AsyncCall(
      HttpRequest original,
      CallersRequest request,
      Attempt attempt,
      BodyHandler<T> handler,
      Sender sender) {
    this.original = original;
    this.request = request;
    this.attempt = attempt;
    this.handler = handler;
    this.sender = sender;
  }

  /** Begins; what goes wrong completes this future. */
  AsyncCall<T> begin() {
    try {
      carryOut(attempt.start());
    } catch (OAuthException e) {
      completeExceptionally(Errors.atSurface(e));
    }
    return this;
  }

  private void carryOut(Decision decision) {
    if (decision instanceof Decision.Send send) {
      send(send);
    } else if (decision instanceof Decision.Wait wait) {
      wait.next()
          .whenComplete(
              (next, error) -> {
                if (error != null) {
                  completeExceptionally(Errors.unwrapped(error));
                } else {
                  guarded(() -> carryOut(next));
                }
              });
    }
  }

  private void send(Decision.Send send) {
    if (isDone()) {
      return;
    }
    JudgingHandler<T> judging = new JudgingHandler<>(attempt, handler);
    CompletableFuture<HttpResponse<Object>> sending =
        sender.send(request.toSend(send, attempt), judging);
    underWay = sending;
    if (isCancelled()) {
      sending.cancel(true);
    }
    CompletableFuture<?> unused =
        sending.whenComplete(
            (response, error) -> {
              if (error != null) {
                completeExceptionally(Errors.unwrapped(error));
              } else {
                guarded(() -> answered(response, judging));
              }
            });
  }

  private void answered(HttpResponse<Object> response, JudgingHandler<T> judging) {
    if (judging.decision() instanceof Decision.Wait wait) {
      wait.next()
          .whenComplete(
              (next, error) ->
                  guarded(
                      () -> {
                        if (error != null) {
                          completeExceptionally(Errors.unwrapped(error));
                        } else if (next instanceof Decision.Done) {
                          handOver(response, judging);
                        } else {
                          carryOut(next);
                        }
                      }));
    } else {
      handOver(response, judging);
    }
  }

  private void handOver(HttpResponse<Object> response, JudgingHandler<T> judging) {
    judging
        .bodyOf(response)
        .whenComplete(
            (body, error) -> {
              if (error != null) {
                completeExceptionally(Errors.unwrapped(error));
              } else {
                complete(new AuthorizedResponse<>(response, original, body));
              }
            });
  }

  /** Nothing may be lost on a thread that nobody looks at. */
  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException | Error e) {
      completeExceptionally(Errors.unwrapped(e));
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean isCancelled = super.cancel(mayInterruptIfRunning);
    CompletableFuture<?> sending = underWay;
    if (isCancelled && sending != null) {
      sending.cancel(true);
    }
    return isCancelled;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new Derived<>(this);
  }

  /** What {@code thenApply} and the like give. */
  private static final class Derived<U> extends CompletableFuture<U> {

    private final AsyncCall<?> call;

    Derived(AsyncCall<?> call) {
      this.call = call;
    }

    @Override
    public <V> CompletableFuture<V> newIncompleteFuture() {
      return new Derived<>(call);
    }

    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean isCancelled = super.cancel(mayInterruptIfRunning);
      if (isCancelled && mayInterruptIfRunning) {
        call.cancel(true);
      }
      return isCancelled;
    }
  }
}
