package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.internal.SourceEvent.LookUp;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** One caller that waits. Its place among the others is guarded by the source's lock. */
final class Waiter {

  final long startedAt;
  final long deadline;
  boolean isParked; // guarded by the source's lock
  final @Nullable AccessToken refused;
  @Nullable Future<?> timeout; // guarded by the source's lock

  private final CompletableFuture<AccessToken> future = new CompletableFuture<>();
  private final boolean runsForeignCode;

  Waiter(long startedAt, LookUp lookUp, boolean isParked, boolean runsForeignCode) {
    this.startedAt = startedAt;
    this.deadline = lookUp.deadline();
    this.isParked = isParked;
    this.refused = lookUp.refused();
    this.runsForeignCode = runsForeignCode;
  }

  /** For a caller that does not block; what it hangs on the stage runs on a worker thread. */
  CompletionStage<AccessToken> stage() {
    return future.minimalCompletionStage();
  }

  /** For a caller that blocks. Throws the {@link OAuthException} that it was completed with. */
  AccessToken await() throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof OAuthException error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  void cancelTimeout() {
    Future<?> pending = timeout;
    if (pending != null) {
      pending.cancel(false);
    }
  }

  void complete(@Nullable AccessToken token, @Nullable OAuthException error, Executor worker) {
    if (!runsForeignCode) {
      complete(token, error);
      return;
    }
    try {
      worker.execute(() -> complete(token, error));
    } catch (RuntimeException | Error e) {
      // An executor that takes nothing any more must not leave the caller waiting.
      complete(token, error);
    }
  }

  private void complete(@Nullable AccessToken token, @Nullable OAuthException error) {
    if (error != null) {
      future.completeExceptionally(error);
    } else if (token != null) {
      future.complete(token);
    }
  }
}
