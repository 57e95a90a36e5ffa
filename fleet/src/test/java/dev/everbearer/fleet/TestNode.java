package dev.everbearer.fleet;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import dev.everbearer.store.redis.RedisTokenStore;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.RenewalListener;
import dev.everbearer.token.TokenSource;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
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
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final CrashPoints points;
  private final OAuthClient client;
  private final Map<String, TokenSource> sources = new TreeMap<>();
  private final AtomicInteger changes = new AtomicInteger();
  private final AtomicInteger logins = new AtomicInteger();
  private volatile boolean isFollowing;
  private final Set<Thread> followers = ConcurrentHashMap.newKeySet();

  private TestNode(NodeSetting setting) {
    StoreKeys keys = StoreKeys.inFile(setting.home().resolve("keys/store.jwks"));
    InstantSource wall = InstantSource.offset(InstantSource.system(), setting.duration("wall"));
    this.points = new CrashPoints(setting.text("crash"));
    this.client =
        NodeClient.builder(setting.text("endpoint"), setting.duration("exchange"), setting.window())
            .store(points.in(store(setting.text("store"), keys), setting.duration("clock")))
            .listener(new Teller())
            .outbox(points.in(Outbox.in(setting.home().resolve(setting.text("outbox")), keys)))
            .clocks(wall, System::nanoTime)
            .build();
  }

  /** An address of a Redis may say how long its answers are waited for, as that of a database. */
  private static TokenStore store(String address, StoreKeys keys) {
    if (!address.startsWith("redis:") || !address.contains("timeout=")) {
      return StoreAddress.of(address).open(keys);
    }
    return RedisTokenStore.builder(RedisClient.create(address), keys)
        .commandTimeout(RedisURI.create(address).getTimeout())
        .build();
  }

  private static final class Teller implements RenewalListener {

    @Override
    public void failed(Failed event) {
      say("trouble " + event.failure().message());
    }

    @Override
    public void loginRequired(LoginRequired event) {
      say("wanted " + event.reason());
    }
  }

  public static void main(String[] args) throws IOException {
    Logger.getLogger("dev.everbearer").setLevel(Level.SEVERE);
    TestNode node = new TestNode(NodeSetting.of(args));
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
      case "another" -> another(words.get(1), words.get(2));
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

  /** Uses a token until there is another one. */
  private void another(String grant, String first) {
    start(() -> say("another " + other(sources.get(grant), first)));
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
            seconds.add(other(source, first.value()));
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

  private static String other(TokenSource source, String first) {
    try {
      while (true) {
        String token = source.token(PATIENCE).value();
        if (!token.equals(first)) {
          return token;
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
