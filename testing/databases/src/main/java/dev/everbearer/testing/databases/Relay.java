package dev.everbearer.testing.databases;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;

/** A port before a server, which loses answers. */
public final class Relay implements AutoCloseable {

  /** What becomes of an answer. */
  public enum Answer {
    /** It comes. */
    COMES,
    /** It is lost, and the connection with it; those of the next connections come. */
    CUT,
    /** It is lost. */
    SWALLOWED
  }

  private final ServerSocket listener;
  private final int target;
  private final AtomicReference<Answer> answers = new AtomicReference<>(Answer.COMES);
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();

  /**
   * Listens on a free port of loopback.
   *
   * @param target the server's port there
   */
  public Relay(int target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "relay");
    thread.setDaemon(true);
    thread.start();
  }

  /** Where it listens. */
  public int port() {
    return listener.getLocalPort();
  }

  /** What becomes of the next answers. */
  public void answers(Answer next) {
    answers.set(next);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(server);
        start(() -> copy(client, server, false));
        start(() -> copy(server, client, true));
      } catch (IOException e) {
        // It is closed, or the server is away.
      }
    }
  }

  private void copy(Socket from, Socket to, boolean isAnswer) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] some = new byte[64 * 1024];
      int length = in.read(some);
      while (length >= 0) {
        if (isAnswer && answers.compareAndSet(Answer.CUT, Answer.COMES)) {
          return;
        }
        if (!isAnswer || answers.get() != Answer.SWALLOWED) {
          out.write(some, 0, length);
        }
        length = in.read(some);
      }
    } catch (IOException e) {
      // The other side is gone.
    }
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket each : sockets) {
        each.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
