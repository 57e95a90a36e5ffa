package dev.everbearer.testing.server;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the servers of this package have in common: a socket on 127.0.0.1 with a port that the
 * system picks, answers scripted by a test, and a record of the requests.
 *
 * <p>Thread-safe. A request is in the record before the server acts on it, so a client that has its
 * answer finds its request in {@link #requests()}.
 */
public abstract class ScriptedServer implements AutoCloseable {

  private final InstantSource clock;
  private final Map<String, AnswerScript> scripts = new ConcurrentHashMap<>();
  private final HeldRequests held = new HeldRequests();
  private final RequestLog log = new RequestLog();
  private final AtomicInteger served = new AtomicInteger();
  private final JettyFront front;
  private final @Nullable Tap tap;

  ScriptedServer(InstantSource clock, boolean recording, @Nullable TlsOptions tls) {
    this.clock = clock;
    try {
      front = new JettyFront(clock, tls, (request, exchange) -> serve(request, exchange));
      front.start();
      tap = recording ? new Tap(front.port(), clock, log) : null;
    } catch (IOException e) {
      throw new UncheckedIOException("The server does not start", e);
    }
  }

  /** Accepts connections from here on; to be called once the subclass is complete. */
  final void accept() {
    if (tap != null) {
      tap.start();
    }
  }

  /** What the server does with a request for which nothing is scripted. */
  abstract Answer healthyAnswer(RecordedRequest request);

  /** The script for requests to paths that have none of their own. */
  abstract AnswerScript fallbackScript();

  /** The script that {@link #answerNext} and its companions edit. */
  abstract AnswerScript mainScript();

  final InstantSource clock() {
    return clock;
  }

  final boolean isRecording() {
    return tap != null;
  }

  /** The root of the server, such as {@code http://127.0.0.1:49152}. */
  public final URI origin() {
    return URI.create("http://" + Loopback.HOST + ":" + (tap != null ? tap.port() : front.port()));
  }

  /**
   * A place on this server.
   *
   * @param pathAndQuery starts with a slash
   */
  public final URI uri(String pathAndQuery) {
    return URI.create(origin() + pathAndQuery);
  }

  /**
   * A place on this server by TLS, at another port of the same address. Requests to it are recorded
   * without their bytes and connections.
   *
   * @param pathAndQuery starts with a slash
   * @throws IllegalStateException if the server was started without TLS
   */
  public final URI tlsUri(String pathAndQuery) {
    return URI.create("https://" + Loopback.HOST + ":" + front.tlsPort() + pathAndQuery);
  }

  /**
   * The script of one path, made on first use. It goes before everything else for requests to
   * exactly this path, whatever their query.
   */
  public final AnswerScript script(String path) {
    return scripts.computeIfAbsent(path, unused -> new AnswerScript());
  }

  /** Queues answers, one for each of the next requests; see {@link AnswerScript#answerNext}. */
  public final void answerNext(Answer... answers) {
    mainScript().answerNext(answers);
  }

  /** Gives one answer from now on; see {@link AnswerScript#answerAlways}. */
  public final void answerAlways(Answer answer) {
    mainScript().answerAlways(answer);
  }

  /** Ends what {@link #answerNext} and {@link #answerAlways} have scripted. */
  public final void answerHealthy() {
    mainScript().answerHealthy();
  }

  /**
   * Lets the requests go on that wait because of {@link Answer#hang()} or {@link Answer#held()}.
   *
   * @return how many there were
   */
  public final int releaseHung() {
    return held.release();
  }

  /** How many requests wait for {@link #releaseHung()}. */
  public final int hungCount() {
    return held.count();
  }

  /**
   * Waits until that many requests wait for {@link #releaseHung()}.
   *
   * @param realTimeout how long at most, in real time
   * @throws AssertionError if the time is over
   */
  public final void awaitHung(int count, Duration realTimeout) {
    held.await(count, realTimeout);
  }

  /**
   * The requests received so far, in the order in which they were complete.
   *
   * @throws IllegalStateException if the server was started without recording
   */
  public final List<RecordedRequest> requests() {
    tap();
    return log.all();
  }

  /** How many requests were received since the start or {@link #clearRequests()}. */
  public final int requestCount() {
    return tap != null ? log.count() : served.get();
  }

  /**
   * Waits until that many requests have been received.
   *
   * @param realTimeout how long at most, in real time
   * @return all requests received so far
   * @throws AssertionError if the time is over
   * @throws IllegalStateException if the server was started without recording
   */
  public final List<RecordedRequest> awaitRequests(int count, Duration realTimeout) {
    tap();
    return log.await(count, realTimeout);
  }

  /** Forgets the requests and the traffic recorded so far. */
  public final void clearRequests() {
    log.clear();
    served.set(0);
    if (tap != null) {
      tap.forgetTraffic();
    }
  }

  /**
   * The connections accepted so far, with the bytes that went over them.
   *
   * @throws IllegalStateException if the server was started without recording
   */
  public final List<RecordedConnection> connections() {
    return tap().connections();
  }

  /** How many connections neither side has ended yet. */
  public final int openConnections() {
    return tap != null ? tap.openConnections() : front.openConnections();
  }

  /** How many connections were accepted since the start. */
  public final int totalConnections() {
    return tap != null ? tap.totalConnections() : front.totalConnections();
  }

  /**
   * Waits until that many of the connections accepted since the start have been ended by either
   * side.
   *
   * @param realTimeout how long at most, in real time
   * @throws AssertionError if the time is over
   * @throws IllegalStateException if the server was started without recording
   */
  public final void awaitEndedConnections(int count, Duration realTimeout) {
    tap().awaitEnded(count, realTimeout);
  }

  /** Ends all connections, those of hung requests included, and frees the port. */
  @Override
  public void close() {
    held.close();
    try {
      if (tap != null) {
        tap.stopAccepting();
      }
      front.close();
      if (tap != null) {
        tap.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException("The server does not stop", e);
    }
  }

  private Tap tap() {
    if (tap == null) {
      throw new IllegalStateException("The server was started without recording");
    }
    return tap;
  }

  private void serve(RecordedRequest request, Exchange exchange) {
    served.incrementAndGet();
    if (request.isSecure()) {
      log.add(request);
    }
    Answer chosen =
        scripts.getOrDefault(request.path(), fallbackScript()).next().chosenFor(request);
    if (chosen.timing().hangs()) {
      held.hold(exchange, () -> answer(chosen, request, exchange));
    } else {
      answer(chosen, request, exchange);
    }
  }

  private void answer(Answer chosen, RecordedRequest request, Exchange exchange) {
    Answer done = chosen.carriedOut(() -> healthyAnswer(request));
    Duration delay = done.timing().delay();
    Runnable send = () -> exchange.send(done);
    Runnable next = done.timing().isHeld() ? () -> held.hold(exchange, send) : send;
    if (delay.isZero()) {
      next.run();
    } else {
      exchange.after(delay, next);
    }
  }
}
