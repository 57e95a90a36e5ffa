package dev.everbearer.login.internal;

import dev.everbearer.login.AuthorizationResponse;
import dev.everbearer.login.Login;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Waits on a loopback port for the answer of one login (RFC 8252 sections 7.3 and 8.3). Whatever
 * else comes there is turned away and does not end the wait. Thread-safe.
 */
final class LoopbackListener implements AutoCloseable {

  private static final int MAX_CONNECTIONS = 32;
  private static final int READ_TIMEOUT_MILLIS = 10_000;
  private static final int MAX_CLOSING_MILLIS = 1000;

  /** Looks at an answer that has reached the path. */
  @FunctionalInterface
  interface Judge {
    Verdict judge(AuthorizationResponse response) throws InterruptedException;
  }

  /** What an answer is. */
  enum Verdict {
    /** It is not of this login. */
    STRANGER,
    /** It ends the login well, so far. */
    GOOD,
    /** It ends the login. */
    BAD
  }

  private final List<ServerSocket> sockets;
  private final String authority;
  private final String path;
  private final String successText;
  private final CompletableFuture<AuthorizationResponse> answer = new CompletableFuture<>();
  private final AtomicBoolean isAnswered = new AtomicBoolean();
  private final AtomicInteger strangers = new AtomicInteger();
  private final List<Thread> accepting = new CopyOnWriteArrayList<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final Semaphore free = new Semaphore(MAX_CONNECTIONS);

  private LoopbackListener(
      List<ServerSocket> sockets, String host, String path, String successText) {
    this.sockets = sockets;
    this.authority = host + ":" + sockets.get(0).getLocalPort();
    this.path = path;
    this.successText = successText;
  }

  /**
   * Opens the port; nobody is answered before {@link #listen}.
   *
   * @throws IOException if the port is not to be had
   */
  static LoopbackListener open(Login login, String path) throws IOException {
    int port = login.port().orElse(0);
    if (login.usesLocalhost()) {
      List<ServerSocket> all = LoopbackSockets.onAll(LoopbackSockets.addresses(), port);
      return new LoopbackListener(all, "localhost", path, login.successText());
    }
    ServerSocket one = LoopbackSockets.onOne(LoopbackSockets.addresses(), port);
    String host = LoopbackSockets.literal(one.getInetAddress());
    return new LoopbackListener(List.of(one), host, path, login.successText());
  }

  /** Where the browser has to come back to. */
  String redirectUri() {
    return "http://" + authority + path;
  }

  /** How many answers were turned away, for they were not this login's or could not be read. */
  int strangers() {
    return strangers.get();
  }

  /** Answers from now on. */
  void listen(Judge judge) {
    sockets.forEach(socket -> accepting.add(onDaemon(() -> accept(socket, judge))));
  }

  /**
   * The answer of this login, once its browser has been answered.
   *
   * @throws TimeoutException if none comes in time
   * @throws CancellationException if this is closed meanwhile
   * @throws InterruptedException when interrupted
   */
  AuthorizationResponse await(Duration limit) throws InterruptedException, TimeoutException {
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
  }

  private void accept(ServerSocket socket, Judge judge) {
    try {
      while (true) {
        Socket connection = socket.accept();
        if (free.tryAcquire()) {
          connections.add(connection);
          onDaemon(() -> serve(connection, judge));
        } else {
          connection.close();
        }
      }
    } catch (IOException e) {
      // The port was closed: the login is over.
      closeQuietly(socket);
    }
  }

  private void serve(Socket connection, Judge judge) {
    try (connection) {
      connection.setSoTimeout(READ_TIMEOUT_MILLIS);
      LoopbackRequest request = LoopbackRequest.read(connection.getInputStream());
      if (request == null || !request.isVisitTo(authority, path) || isAnswered.get()) {
        send(connection, LoopbackPage.of("404 Not Found", "Nothing is here."));
      } else {
        serveVisit(connection, AuthorizationResponse.ofQuery(request.query()), judge);
      }
    } catch (IOException | InterruptedException e) {
      // Whoever called does not wait for an answer any more, or the login is over.
      closeQuietly(connection);
    } finally {
      connections.remove(connection);
      free.release();
    }
  }

  private void serveVisit(Socket connection, AuthorizationResponse response, Judge judge)
      throws IOException, InterruptedException {
    Verdict verdict = judge.judge(response);
    if (verdict == Verdict.STRANGER) {
      strangers.incrementAndGet();
    }
    if (verdict == Verdict.STRANGER || !isAnswered.compareAndSet(false, true)) {
      send(
          connection,
          LoopbackPage.of("400 Bad Request", "This is not the answer that is waited for."));
      return;
    }
    String text =
        verdict == Verdict.GOOD
            ? successText
            : "The login did not succeed. You can close this window; the application says why.";
    try {
      send(connection, LoopbackPage.of("200 OK", text));
      connection.close();
    } finally {
      answer.complete(response);
    }
  }

  private static void send(Socket connection, byte[] page) throws IOException {
    connection.getOutputStream().write(page);
    connection.getOutputStream().flush();
    connection.shutdownOutput();
  }

  private static Thread onDaemon(Runnable task) {
    Thread thread = new Thread(null, task, "everbearer-login", 0, /* inheritThreadLocals= */ false);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return thread;
  }

  /** Closes the port and every connection; whoever waits is told. */
  @Override
  public void close() {
    answer.cancel(false);
    sockets.forEach(LoopbackListener::closeQuietly);
    connections.forEach(LoopbackListener::closeQuietly);
    accepting.forEach(LoopbackListener::awaitEnd);
  }

  /** The system lets a port go when nobody waits at it any more. */
  private static void awaitEnd(Thread thread) {
    try {
      thread.join(MAX_CLOSING_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void closeQuietly(AutoCloseable resource) {
    try {
      resource.close();
    } catch (Exception e) {
      // It is of no use any more, whether it closes well or not.
      return;
    }
  }
}
