package dev.everbearer.demo;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Calls the API on a fixed schedule from several threads: a call is due at its time, whatever
 * became of those before it. Each thread takes the next call that nobody has taken and waits until
 * it is due. A slow call holds up its own thread alone; only when all threads are held up at once
 * do calls start late, and the log notes by how much. Calls that could not be started by the end of
 * the run are not made.
 */
final class Load {

  private static final int OK = 200;
  private static final String CALLER = "demo-caller-";

  /** Lets the last calls start although the machine is a little late. */
  private static final long GRACE = 500_000_000L;

  private final HttpClient client;
  private final HttpRequest request;
  private final RunClock clock;
  private final CallLog log;
  private final Schedule schedule;
  private final AtomicLong next = new AtomicLong();
  private final List<Thread> threads = new ArrayList<>();

  Load(
      HttpClient client,
      URI user,
      Schedule schedule,
      int threadCount,
      RunClock clock,
      CallLog log) {
    this.client = client;
    this.request = HttpRequest.newBuilder(user).build();
    this.clock = clock;
    this.log = log;
    this.schedule = schedule;
    for (int i = 1; i <= threadCount; i++) {
      Thread thread = new Thread(this::work, CALLER + i);
      thread.setDaemon(true);
      threads.add(thread);
    }
  }

  /** Whether a thread is one of those that call. */
  static boolean isCaller(Thread thread) {
    return thread.getName().startsWith(CALLER);
  }

  void start() {
    threads.forEach(Thread::start);
  }

  boolean isRunning() {
    return threads.stream().anyMatch(Thread::isAlive);
  }

  /** Ends the threads before their time. */
  void stop() {
    threads.forEach(Thread::interrupt);
  }

  private void work() {
    long due = takeNext();
    while (due < schedule.end()) {
      clock.parkUntil(due);
      long started = clock.now();
      if (started >= schedule.end() + GRACE || Thread.currentThread().isInterrupted()) {
        return;
      }
      String failure = call(client, request);
      log.ended(due, started, clock.now(), failure);
      due = takeNext();
    }
  }

  private long takeNext() {
    return schedule.due(next.getAndIncrement());
  }

  /** Makes one call; gives the failure in words, or null when it was answered with 200. */
  static @Nullable String call(HttpClient client, HttpRequest request) {
    try {
      HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
      return answer.statusCode() == OK ? null : "The API answered " + answer.statusCode() + ".";
    } catch (IOException e) {
      String message = e.getMessage();
      return message == null ? e.getClass().getSimpleName() : message;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "The call was interrupted.";
    }
  }
}
