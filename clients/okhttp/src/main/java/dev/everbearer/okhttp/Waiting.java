package dev.everbearer.okhttp;

import dev.everbearer.http.Decision;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import okhttp3.Call;
import okhttp3.EventListener;

/** Waits for a decision on the thread of a call, for as long as the call is wanted. */
final class Waiting {

  private Waiting() {}

  /**
   * What a decision comes to; at once unless it is to wait.
   *
   * @throws IOException when no token can be had, the call is cancelled (as its timeout does), or
   *     the thread is interrupted; its flag is kept
   */
  static Decision settled(Decision decision, Call call) throws IOException {
    return decision instanceof Decision.Wait wait ? settled(wait.next(), call) : decision;
  }

  private static Decision settled(CompletionStage<Decision> next, Call call) throws IOException {
    CompletableFuture<Decision> settled = next.thenApply(each -> each).toCompletableFuture();
    if (!settled.isDone()) {
      endWhenCancelled(settled, call);
    }
    try {
      return settled.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while it waited for a token.");
    } catch (ExecutionException e) {
      throw Errors.atSurface(e.getCause());
    }
  }

  private static void endWhenCancelled(CompletableFuture<Decision> settled, Call call) {
    call.addEventListener(
        new EventListener() {
          @Override
          public void canceled(Call cancelled) {
            settled.completeExceptionally(cancelled());
          }
        });
    if (call.isCanceled()) {
      settled.completeExceptionally(cancelled());
    }
  }

  private static IOException cancelled() {
    return new IOException("Canceled while it waited for a token.");
  }
}
