package dev.everbearer.testing.server;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.jspecify.annotations.Nullable;

/** The HTTP server: reads whole requests and hands them on. */
final class JettyFront implements AutoCloseable {

  private static final int LARGEST_HEAD_BYTES = 64 * 1024;

  /** Idle threads end at once; this is for those that a request keeps busy. */
  private static final long LONGEST_STOP_MILLIS = 2_000;

  private final InstantSource clock;
  private final BiConsumer<RecordedRequest, Exchange> service;
  private final AtomicInteger accepted = new AtomicInteger();
  private final Server server = new Server(threads());
  private final ServerConnector connector;
  private final @Nullable ServerConnector tlsConnector;

  /**
   * A server that is not started yet.
   *
   * @param tls how it speaks TLS on a further port; null for no further port
   */
  JettyFront(
      InstantSource clock,
      @Nullable TlsOptions tls,
      BiConsumer<RecordedRequest, Exchange> service) {
    this.clock = clock;
    this.service = service;
    this.connector = added(new CountingConnector(server, accepted, http()));
    this.tlsConnector =
        tls == null
            ? null
            : added(
                new CountingConnector(
                    server,
                    accepted,
                    new SslConnectionFactory(tls.factory(), HttpVersion.HTTP_1_1.asString()),
                    http()));
    server.setHandler(new WholeRequests());
    server.setStopTimeout(0);
  }

  private ServerConnector added(ServerConnector one) {
    one.setHost(Loopback.HOST);
    one.setIdleTimeout(0);
    server.addConnector(one);
    return one;
  }

  void start() throws IOException {
    try {
      server.start();
    } catch (Exception e) {
      throw new IOException("The HTTP server does not start", e);
    }
  }

  int port() {
    return connector.getLocalPort();
  }

  /**
   * The port that speaks TLS.
   *
   * @throws IllegalStateException if there is none
   */
  int tlsPort() {
    if (tlsConnector == null) {
      throw new IllegalStateException("The server was started without TLS");
    }
    return tlsConnector.getLocalPort();
  }

  int openConnections() {
    return connector.getConnectedEndPoints().size();
  }

  int totalConnections() {
    return accepted.get();
  }

  @Override
  public void close() throws IOException {
    for (Connector each : server.getConnectors()) {
      each.getConnectedEndPoints().forEach(endPoint -> endPoint.close());
    }
    try {
      server.stop();
    } catch (Exception e) {
      throw new IOException("The HTTP server does not stop", e);
    }
  }

  private static QueuedThreadPool threads() {
    QueuedThreadPool threads = new QueuedThreadPool();
    threads.setName("scripted-server");
    threads.setDaemon(true);
    threads.setStopTimeout(LONGEST_STOP_MILLIS);
    return threads;
  }

  private static HttpConnectionFactory http() {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    configuration.setSendDateHeader(false);
    configuration.setUriCompliance(UriCompliance.UNSAFE);
    configuration.setRequestHeaderSize(LARGEST_HEAD_BYTES);
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    return new HttpConnectionFactory(configuration);
  }

  private RecordedRequest read(Request request) throws IOException {
    List<Header> headers = new ArrayList<>();
    for (HttpField field : request.getHeaders()) {
      String value = field.getValue();
      headers.add(new Header(field.getName(), value == null ? "" : value));
    }
    String target = request.getHttpURI().getPathQuery();
    RequestHead head = new RequestHead(request.getMethod(), target, List.copyOf(headers));
    ByteBuffer body = Content.Source.asByteBuffer(request);
    return new RecordedRequest(
        head,
        BufferUtil.toArray(body),
        clock.instant(),
        new Channel(request.isSecure(), certificate(request)));
  }

  private static @Nullable X509Certificate certificate(Request request) {
    return request.getAttribute(EndPoint.SslSessionData.ATTRIBUTE)
                instanceof EndPoint.SslSessionData session
            && session.peerCertificates() != null
            && session.peerCertificates().length > 0
        ? session.peerCertificates()[0]
        : null;
  }

  private final class WholeRequests extends Handler.Abstract {

    @Override
    public boolean handle(Request request, Response response, Callback callback)
        throws IOException {
      service.accept(read(request), new Exchange(request, response, callback, clock));
      return true;
    }
  }

  /** A connector with one acceptor and one selector that counts the connections. */
  private static final class CountingConnector extends ServerConnector {

    private final AtomicInteger accepted;

    CountingConnector(Server server, AtomicInteger accepted, ConnectionFactory... factories) {
      super(server, 1, 1, factories);
      this.accepted = accepted;
    }

    @Override
    protected void configure(Socket socket) {
      accepted.incrementAndGet();
      super.configure(socket);
    }
  }
}
