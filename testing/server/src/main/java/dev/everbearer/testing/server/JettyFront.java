package dev.everbearer.testing.server;

import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

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

  JettyFront(InstantSource clock, BiConsumer<RecordedRequest, Exchange> service) {
    this.clock = clock;
    this.service = service;
    this.connector = new CountingConnector(server, accepted);
    connector.setHost(Loopback.HOST);
    connector.setIdleTimeout(0);
    server.addConnector(connector);
    server.setHandler(new WholeRequests());
    server.setStopTimeout(0);
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

  int openConnections() {
    return connector.getConnectedEndPoints().size();
  }

  int totalConnections() {
    return accepted.get();
  }

  @Override
  public void close() throws IOException {
    connector.getConnectedEndPoints().forEach(endPoint -> endPoint.close());
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
    byte[] none = {};
    return new RecordedRequest(head, BufferUtil.toArray(body), none, clock.instant(), 0);
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

    CountingConnector(Server server, AtomicInteger accepted) {
      super(server, 1, 1, http());
      this.accepted = accepted;
    }

    @Override
    protected void configure(Socket socket) {
      accepted.incrementAndGet();
      super.configure(socket);
    }
  }
}
