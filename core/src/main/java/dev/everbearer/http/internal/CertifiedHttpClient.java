package dev.everbearer.http.internal;

import dev.everbearer.wire.HttpClients;
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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/**
 * One client after the other, each for one client certificate (RFC 8705): a connection shows the
 * certificate that it was opened with as long as it lives, and one in steady use lives for ever. A
 * token that is bound to a renewed certificate so finds connections that show it. What is under way
 * in the client before ends there; that client goes when nobody refers to it. Thread-safe.
 */
public final class CertifiedHttpClient extends HttpClient {

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
  public Optional<CookieHandler> cookieHandler() {
    return last.client().cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return last.client().connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return last.client().followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return last.client().proxy();
  }

  @Override
  public SSLContext sslContext() {
    return last.client().sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return last.client().sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return last.client().authenticator();
  }

  @Override
  public Version version() {
    return last.client().version();
  }

  @Override
  public Optional<Executor> executor() {
    return last.client().executor();
  }

  // The methods of JDK 21 and newer; without @Override, for 17 has none of them.

  /** Takes no new requests; those under way go on. */
  public void shutdown() {
    HttpClients.shutdown(last.client());
  }

  /** Ends requests under way as well. */
  public void shutdownNow() {
    HttpClients.shutdownNow(last.client());
  }

  /** Whether it was shut down and nothing is under way. */
  public boolean isTerminated() {
    return HttpClients.isTerminated(last.client());
  }

  /**
   * Waits until nothing is under way after a shutdown.
   *
   * @return whether that came true in time
   * @throws InterruptedException when interrupted
   */
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return HttpClients.awaitTermination(last.client(), timeout);
  }

  /** Shuts down and waits for requests under way. */
  public void close() {
    HttpClients.close(last.client());
  }

  @Override
  public String toString() {
    return "CertifiedHttpClient[" + last.client() + "]";
  }
}
