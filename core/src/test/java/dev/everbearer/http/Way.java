package dev.everbearer.http;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** The ways to send a request, which must behave alike. */
public enum Way {
  /** Blocking. */
  SEND {
    @Override
    public <T> HttpResponse<T> call(HttpClient client, HttpRequest request, BodyHandler<T> handler)
        throws Exception {
      return client.send(request, handler);
    }
  },
  /** Without blocking. */
  ASYNC {
    @Override
    public <T> HttpResponse<T> call(HttpClient client, HttpRequest request, BodyHandler<T> handler)
        throws Exception {
      return get(client.sendAsync(request, handler));
    }
  },
  /** Without blocking, with a place for a push promise handler. */
  ASYNC_WITH_PUSH {
    @Override
    public <T> HttpResponse<T> call(HttpClient client, HttpRequest request, BodyHandler<T> handler)
        throws Exception {
      return get(client.sendAsync(request, handler, null));
    }
  };

  /** Sends and waits; throws what the way reports. */
  public abstract <T> HttpResponse<T> call(
      HttpClient client, HttpRequest request, BodyHandler<T> handler) throws Exception;

  static <T> T get(CompletableFuture<T> future) throws Exception {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Exception cause) {
        throw cause;
      }
      throw e;
    }
  }
}
