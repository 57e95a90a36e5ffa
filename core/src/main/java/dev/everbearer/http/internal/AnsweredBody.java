package dev.everbearer.http.internal;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The body of an answer: the caller's, or one that is held back while a renewal is tried.
 *
 * @param value the caller's body, when it is not held
 * @param replay brings a held body to the caller's handler; null when it is not held
 */
record AnsweredBody<T>(@Nullable T value, @Nullable Supplier<CompletionStage<T>> replay) {

  static <T> AnsweredBody<T> handedOver(@Nullable T value) {
    return new AnsweredBody<>(value, null);
  }

  static <T> AnsweredBody<T> held(Supplier<CompletionStage<T>> replay) {
    return new AnsweredBody<>(null, replay);
  }

  CompletionStage<@Nullable T> forCaller() {
    return replay == null ? CompletableFuture.completedStage(value) : replay.get();
  }
}
