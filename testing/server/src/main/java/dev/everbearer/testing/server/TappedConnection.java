package dev.everbearer.testing.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** One client connection and its counterpart to the HTTP server, with a pump per direction. */
final class TappedConnection {

  /** Receives the requests found. */
  @FunctionalInterface
  interface Listener {
    void received(RecordedConnection connection, RequestHead head, byte[] body, byte[] raw);
  }

  private static final int BUFFER_BYTES = 16 * 1024;

  private final Socket client;
  private final Socket upstream;
  private final RecordedConnection record;
  private final RequestSplitter splitter;
  private final AtomicInteger liveDirections = new AtomicInteger(2);
  private volatile boolean serverEnded;

  TappedConnection(Socket client, Socket upstream, RecordedConnection record, Listener listener) {
    this.client = client;
    this.upstream = upstream;
    this.record = record;
    this.splitter =
        new RequestSplitter((head, body, raw) -> listener.received(record, head, body, raw));
  }

  RecordedConnection record() {
    return record;
  }

  /** Forwards what the client sends until it ends; to be run on a thread of its own. */
  void pumpRequests() {
    try {
      InputStream in = client.getInputStream();
      OutputStream out = upstream.getOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        if (serverEnded) {
          throw new IOException("A socket that the server has closed refuses further bytes");
        }
        record.received().add(buffer, count);
        splitter.feed(buffer, count);
        out.write(buffer, 0, count);
      }
      passOnEndTo(upstream);
    } catch (IOException | RuntimeException e) {
      resetBoth();
    }
  }

  /** Forwards what the server sends until it ends; to be run on a thread of its own. */
  void pumpAnswers() {
    try {
      InputStream in = upstream.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        record.sent().add(buffer, count);
        out.write(buffer, 0, count);
      }
      serverEnded = true;
      passOnEndTo(client);
    } catch (IOException | RuntimeException e) {
      resetBoth();
    }
  }

  /** Ends both connections in an orderly way. */
  void close() {
    record.ended();
    closeQuietly(client);
    closeQuietly(upstream);
  }

  private void passOnEndTo(Socket receiver) throws IOException {
    record.ended();
    receiver.shutdownOutput();
    if (liveDirections.decrementAndGet() == 0) {
      close();
    }
  }

  private void resetBoth() {
    record.ended();
    reset(client);
    reset(upstream);
  }

  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
    } catch (IOException e) {
      // It is closed already.
    }
    closeQuietly(socket);
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // There is nothing left to end.
    }
  }
}
