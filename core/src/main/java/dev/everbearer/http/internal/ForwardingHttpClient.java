package dev.everbearer.http.internal;

import dev.everbearer.wire.HttpClients;
import java.net.Authenticator;
import java.net.CookieHandler;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** Has the settings of another client, and ends that one; what is sent is for others to say. */
abstract class ForwardingHttpClient extends HttpClient {

  /** The client of now. */
  abstract HttpClient delegate();

  @Override
  public Optional<CookieHandler> cookieHandler() {
    return delegate().cookieHandler();
  }

  @Override
  public Optional<Duration> connectTimeout() {
    return delegate().connectTimeout();
  }

  @Override
  public Redirect followRedirects() {
    return delegate().followRedirects();
  }

  @Override
  public Optional<ProxySelector> proxy() {
    return delegate().proxy();
  }

  @Override
  public SSLContext sslContext() {
    return delegate().sslContext();
  }

  @Override
  public SSLParameters sslParameters() {
    return delegate().sslParameters();
  }

  @Override
  public Optional<Authenticator> authenticator() {
    return delegate().authenticator();
  }

  @Override
  public Version version() {
    return delegate().version();
  }

  @Override
  public Optional<Executor> executor() {
    return delegate().executor();
  }

  // The methods of JDK 21 and newer; without @Override, for 17 has none of them.

  /** Takes no new requests; those under way go on. */
  public void shutdown() {
    HttpClients.shutdown(delegate());
  }

  /** Ends requests under way as well. */
  public void shutdownNow() {
    HttpClients.shutdownNow(delegate());
  }

  /** Whether it was shut down and nothing is under way. */
  public boolean isTerminated() {
    return HttpClients.isTerminated(delegate());
  }

  /**
   * Waits until nothing is under way after a shutdown.
   *
   * @return whether that came true in time
   * @throws InterruptedException when interrupted
   */
  public boolean awaitTermination(Duration timeout) throws InterruptedException {
    return HttpClients.awaitTermination(delegate(), timeout);
  }

  /** Shuts down and waits for requests under way. */
  public void close() {
    HttpClients.close(delegate());
  }
}
