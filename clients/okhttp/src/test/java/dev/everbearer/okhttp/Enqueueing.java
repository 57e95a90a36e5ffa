package dev.everbearer.okhttp;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.Response;

/** Enqueues calls for tests. */
final class Enqueueing {

  private Enqueueing() {}

  static CompletableFuture<Response> enqueued(Call call) {
    CompletableFuture<Response> answer = new CompletableFuture<>();
    call.enqueue(
        new Callback() {
          @Override
          public void onFailure(Call failed, IOException error) {
            answer.completeExceptionally(error);
          }

          @Override
          public void onResponse(Call answered, Response response) {
            answer.complete(response);
          }
        });
    return answer;
  }
}
