package dev.everbearer.testing.server;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/**
 * Stands between the clients and the HTTP server and records every byte, without touching any. How
 * one side ends its direction, orderly or by a reset, is passed on to the other side.
 */
final class Tap implements AutoCloseable {

  private static final int BACKLOG = 1024;

  private final ServerSocket listener;
  private final int upstreamPort;
  private final InstantSource clock;
  private final RequestLog log;
  private final List<TappedConnection> connections = new CopyOnWriteArrayList<>();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "scripted-server-tap");
            thread.setDaemon(true);
            return thread;
          });

  Tap(int upstreamPort, InstantSource clock, RequestLog log) throws IOException {
    this.listener = new ServerSocket(0, BACKLOG, Loopback.ADDRESS);
    this.upstreamPort = upstreamPort;
    this.clock = clock;
    this.log = log;
  }

  void start() {
    threads.execute(this::acceptAll);
  }

  int port() {
    return listener.getLocalPort();
  }

  List<RecordedConnection> connections() {
    return connections.stream().map(TappedConnection::record).toList();
  }

  int openConnections() {
    return (int) connections.stream().filter(each -> each.record().isOpen()).count();
  }

  private int endedConnections() {
    return totalConnections() - openConnections();
  }

  private synchronized void connectionEnded() {
    notifyAll();
  }

  synchronized void awaitEnded(int count, Duration timeout) {
    RequestLog.Await.until(this, this::endedConnections, count, timeout, "ended connections");
  }

  int totalConnections() {
    return connections.size();
  }

  void forgetTraffic() {
    for (TappedConnection connection : connections) {
      connection.record().received().clear();
      connection.record().sent().clear();
    }
  }

  void stopAccepting() throws IOException {
    listener.close();
  }

  @Override
  public void close() throws IOException {
    stopAccepting();
    connections.forEach(TappedConnection::close);
    threads.shutdown();
  }

  private void acceptAll() {
    while (!listener.isClosed()) {
      try {
        tap(listener.accept());
      } catch (IOException | RejectedExecutionException e) {
        // Either the listener is closed, which ends the loop, or that one client is gone.
      }
    }
  }

  private void tap(Socket client) throws IOException {
    Socket upstream = connectUpstream(client);
    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
    upstream.setOption(StandardSocketOptions.TCP_NODELAY, true);
    int number = connections.size() + 1;
    TappedConnection connection =
        new TappedConnection(
            client, upstream, new RecordedConnection(number, this::connectionEnded), this::record);
    connections.add(connection);
    if (listener.isClosed()) {
      connection.close();
    }
    threads.execute(connection::pumpRequests);
    threads.execute(connection::pumpAnswers);
  }

  private Socket connectUpstream(Socket client) throws IOException {
    try {
      return new Socket(Loopback.ADDRESS, upstreamPort);
    } catch (IOException e) {
      client.close();
      throw e;
    }
  }

  private void record(RecordedConnection connection, RequestHead head, byte[] body, byte[] raw) {
    log.add(new RecordedRequest(head, body, raw, clock.instant(), connection.number()));
  }
}
