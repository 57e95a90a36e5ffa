package dev.everbearer.okhttp;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/** The handshake of a web socket, which is given up once it was answered. */
final class Handshake extends WebSocketListener {

  private final CompletableFuture<Integer> status = new CompletableFuture<>();

  private Handshake() {}

  static Handshake at(OkHttpClient http, Request.Builder request) {
    Handshake handshake = new Handshake();
    http.newWebSocket(request.build(), handshake);
    return handshake;
  }

  /**
   * The status of the answer.
   *
   * @throws ExecutionException when there was none
   */
  int status() throws ExecutionException, InterruptedException {
    return status.get();
  }

  @Override
  public void onOpen(WebSocket socket, Response response) {
    status.complete(response.code());
    socket.cancel();
  }

  @Override
  public void onFailure(WebSocket socket, Throwable error, Response response) {
    if (response == null) {
      status.completeExceptionally(error);
    } else {
      status.complete(response.code());
    }
  }
}
