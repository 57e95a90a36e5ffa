package dev.everbearer.http.internal;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandler;
import java.net.http.HttpResponse.PushPromiseHandler;
import java.net.http.WebSocket;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client after the other, each for one client certificate (RFC 8705): a connection shows the
 * certificate that it was opened with as long as it lives, and one in steady use lives for ever. A
 * token that is bound to a renewed certificate so finds connections that show it. What is under way
 * in the client before ends there; that client goes when nobody refers to it. Thread-safe.
 */
public final class CertifiedHttpClient extends ForwardingHttpClient {

  private record Shown(String certificate, HttpClient client) {}

  private final Supplier<String> certificate;
  private final Supplier<HttpClient> maker;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile Shown last; // set under lock

  /**
   * Makes the first one at once.
   *
   * @param certificate what is to be shown now
   * @param maker makes clients that show it
   */
  public CertifiedHttpClient(Supplier<String> certificate, Supplier<HttpClient> maker) {
    this.certificate = certificate;
    this.maker = maker;
    this.last = new Shown(certificate.get(), maker.get());
  }

  private HttpClient now() {
    Shown shown = last;
    String wanted = certificate.get();
    return shown.certificate().equals(wanted) ? shown.client() : renewed(wanted);
  }

  private HttpClient renewed(String wanted) {
    lock.lock();
    try {
      if (!last.certificate().equals(wanted)) {
        last = new Shown(wanted, maker.get());
      }
      return last.client();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public <T> HttpResponse<T> send(HttpRequest request, BodyHandler<T> handler)
      throws IOException, InterruptedException {
    return now().send(request, handler);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request, BodyHandler<T> handler) {
    return now().sendAsync(request, handler);
  }

  @Override
  public <T> CompletableFuture<HttpResponse<T>> sendAsync(
      HttpRequest request,
      BodyHandler<T> handler,
      @Nullable PushPromiseHandler<T> pushPromiseHandler) {
    return now().sendAsync(request, handler, pushPromiseHandler);
  }

  @Override
  public WebSocket.Builder newWebSocketBuilder() {
    return now().newWebSocketBuilder();
  }

  @Override
  HttpClient delegate() {
    return last.client();
  }

  @Override
  public String toString() {
    return "CertifiedHttpClient[" + last.client() + "]";
  }
}
