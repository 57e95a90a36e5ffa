package dev.everbearer.fleet;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ReuseWindow;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.TokenSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/** A node of the tests: does what each line of its standard input says. */
final class TestNode {

  private static final long GAP_NANOS = 50_000_000;

  private final CrashPoints points;
  private final OAuthClient client;
  private final Map<String, TokenSource> sources = new TreeMap<>();
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicInteger logins = new AtomicInteger();
  private volatile boolean isFollowing;
  private final Set<Thread> followers = ConcurrentHashMap.newKeySet();

  private TestNode(List<String> setting, ReuseWindow window) {
    Path home = Path.of(setting.get(0));
    StoreKeys keys = StoreKeys.inFile(home.resolve("keys/store.jwks"));
    this.points = new CrashPoints(setting.get(6));
    this.client =
        NodeClient.builder(setting.get(3), Duration.parse(setting.get(4)), window)
            .store(points.in(StoreAddress.of(setting.get(2)).open(keys)))
            .listener(
                new RenewalListener() {
                  @Override
                  public void failed(Failed event) {
                    say("trouble " + event.failure().message());
                  }
                })
            .outbox(points.in(Outbox.in(home.resolve(setting.get(1)), keys)))
            .build();
  }

  public static void main(String[] args) throws IOException {
    Logger.getLogger("dev.everbearer").setLevel(Level.SEVERE);
    Duration window = Duration.parse(args[5]);
    TestNode node =
        new TestNode(
            List.of(args),
            window.isZero()
                ? ReuseWindow.none()
                : ReuseWindow.of(window).giving(ReuseWindow.Successor.SAME));
    say("started");
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      node.obey(List.of(line.split(" ")));
    }
    Runtime.getRuntime().halt(0);
  }

  static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private void obey(List<String> words) {
    switch (words.get(0)) {
      case "grant" -> sources.put(words.get(1), client.tokens(Grant.refreshToken(words.get(2))));
      case "token" -> start(() -> ask(words.get(1), Duration.parse(words.get(2))));
      case "storm" -> storm(words.get(1), Integer.parseInt(words.get(2)));
      case "follow" -> follow();
      case "report" -> report();
      case "go" -> points.goOn();
      case "exit" -> start(() -> System.exit(0));
      default -> throw new IllegalArgumentException(words.get(0));
    }
  }

  private static Thread start(Runnable task) {
    Thread thread = new Thread(task);
    thread.start();
    return thread;
  }

  private void ask(String grant, Duration wait) {
    try {
      say("token " + sources.get(grant).token(wait).value());
    } catch (LoginRequiredException e) {
      say("over " + e.reason());
    } catch (OAuthException e) {
      say("failed " + e.getClass().getSimpleName() + " " + e.getMessage());
    }
  }

  // ---- many threads, through one expiry

  private void storm(String grant, int threads) {
    TokenSource source = sources.get(grant);
    AccessToken first = source.token();
    Set<String> seconds = ConcurrentHashMap.newKeySet();
    CountDownLatch done = new CountDownLatch(threads);
    for (int i = 0; i < threads; i++) {
      start(
          () -> {
            seconds.add(other(source, first));
            done.countDown();
          });
    }
    say("storming " + first.value());
    start(
        () -> {
          try {
            done.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          say("seen " + String.join(",", seconds));
        });
  }

  private static String other(TokenSource source, AccessToken first) {
    try {
      while (true) {
        AccessToken token = source.token();
        if (!token.equals(first)) {
          return token.value();
        }
        LockSupport.parkNanos(GAP_NANOS);
      }
    } catch (OAuthException e) {
      return e.getClass().getSimpleName();
    }
  }

  // ---- a few threads, through many expiries

  private void follow() {
    isFollowing = true;
    sources.values().forEach(source -> followers.add(start(() -> follow(source))));
  }

  private void follow(TokenSource source) {
    AccessToken held = null;
    while (isFollowing) {
      try {
        AccessToken token = source.token();
        if (!token.equals(held)) {
          held = token;
          changes.incrementAndGet();
        }
      } catch (LoginRequiredException e) {
        logins.incrementAndGet();
      } catch (OAuthException e) {
        say("trouble " + e.getMessage());
      }
      LockSupport.parkNanos(GAP_NANOS);
    }
  }

  private void report() {
    isFollowing = false;
    for (Thread each : followers) {
      try {
        each.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    say("followed " + changes + " " + logins);
  }
}
