package dev.everbearer.fleet;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The way to a server on loopback, on which what clients send can be kept back and delivered later,
 * also when the client is long gone. Answers always come. Thread-safe.
 */
final class Road implements AutoCloseable {

  private final ServerSocket listener;
  private final int target;
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final Set<Socket> servers = ConcurrentHashMap.newKeySet();

  /** Guarded by this: what is kept back, or null for nothing. */
  private @Nullable String mark;

  private int waiting; // guarded by this
  private int released; // guarded by this

  /** A road to a port of loopback. */
  Road(int target) {
    this.target = target;
    try {
      this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    start(this::accept);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "road");
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listener.getLocalPort();
  }

  // ---- what is done to the traffic

  /** Keeps back all that clients send from now on. */
  void block() {
    keepBack("");
  }

  /** Keeps back what clients send from this text on, each on its own connection. */
  synchronized void keepBack(String text) {
    mark = text;
  }

  /** What is kept back stays so; all else passes. */
  synchronized void keepBackNoMore() {
    mark = null;
  }

  /** Delivers what is kept back now. */
  synchronized void deliver() {
    released++;
    notifyAll();
  }

  /** All passes again, and what was kept back is delivered. */
  synchronized void open() {
    keepBackNoMore();
    deliver();
  }

  /** On how many connections something is kept back. */
  synchronized int waiting() {
    return waiting;
  }

  /** Clients lose their connections, and what they have sent is on its way all the same. */
  void endClients() {
    clients.forEach(Road::close);
  }

  /** Ends the connections; what is kept back is lost. */
  void end() {
    endClients();
    servers.forEach(Road::close);
    deliver();
  }

  /** Whether all of those whose connection was ended has been carried out. */
  boolean isCarriedOut() {
    return waiting() == 0 && servers.stream().noneMatch(Socket::isOutputShutdown);
  }

  private synchronized void pass(byte[] bytes, int length) throws IOException {
    String text = new String(bytes, 0, length, StandardCharsets.ISO_8859_1);
    if (mark == null || !text.contains(mark)) {
      return;
    }
    int before = released;
    waiting++;
    try {
      while (released == before) {
        wait();
      }
    } catch (InterruptedException e) {
      throw new IOException(e);
    } finally {
      waiting--;
    }
  }

  // ---- the traffic

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        clients.add(client);
        servers.add(server);
        start(() -> copyRequests(client, server));
        start(() -> copyAnswers(server, client));
      } catch (IOException e) {
        // It is closed, or the server is away.
      }
    }
  }

  private void copyRequests(Socket client, Socket server) {
    try {
      InputStream in = client.getInputStream();
      OutputStream out = server.getOutputStream();
      byte[] some = new byte[64 * 1024];
      for (int length = read(in, some); length >= 0; length = read(in, some)) {
        pass(some, length);
        out.write(some, 0, length);
      }
      server.shutdownOutput();
    } catch (IOException e) {
      close(server);
    }
  }

  /** A client that is gone has sent all. */
  private static int read(InputStream client, byte[] bytes) {
    try {
      return client.read(bytes);
    } catch (IOException e) {
      return -1;
    }
  }

  /** To the end, also when nobody takes them any more. */
  private void copyAnswers(Socket server, Socket client) {
    boolean isTaken = true;
    try (server) {
      InputStream in = server.getInputStream();
      byte[] some = new byte[64 * 1024];
      for (int length = in.read(some); length >= 0; length = in.read(some)) {
        isTaken = isTaken && isWritten(client, some, length);
      }
    } catch (IOException e) {
      // The server is gone.
    }
    close(client);
    servers.remove(server);
  }

  private static boolean isWritten(Socket client, byte[] bytes, int length) {
    try {
      client.getOutputStream().write(bytes, 0, length);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private static void close(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    end();
  }
}
