package dev.everbearer.fleet;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A server, a store, and the nodes that a test starts; all nodes end with it. */
final class Scene implements AutoCloseable {

  static final Duration EXCHANGE = Duration.ofSeconds(1);
  private static final Duration STEADY = Duration.ofSeconds(4);
  private static final Duration LEISURE = Duration.ofSeconds(20);
  private static final long PATIENCE_SECONDS = 80;

  private volatile Duration ahead = Duration.ZERO;
  final ScriptedAuthorizationServer server =
      ScriptedAuthorizationServer.builder()
          .clock(() -> InstantSource.system().instant().plus(ahead))
          .start();
  private final Path home;
  private final StoreAddress address;
  private final TokenStore store;
  private final List<Node> nodes = new ArrayList<>();

  /** Grants in files below the directory. */
  static Scene inFiles(Path home) {
    return in(StoreKind.FILES, home);
  }

  /** Grants in a kind of store; outboxes and keys below the directory. */
  static Scene in(StoreKind kind, Path home) {
    return new Scene(home, StoreAddress.of(kind.address(home)));
  }

  /** Grants in a database; outboxes and keys below the directory. */
  static Scene inDatabase(Path home, String url) {
    return new Scene(home, StoreAddress.of(url));
  }

  private Scene(Path home, StoreAddress address) {
    this.home = home;
    this.address = address;
    StoreKeys keys = StoreKeys.inFile(home.resolve("keys/store.jwks"));
    synchronized (Scene.class) {
      // A database does not make one table twice at once.
      address.prepare(keys);
    }
    this.store = address.open(keys);
    server.registerClient(NodeClient.ID, NodeClient.SECRET);
  }

  String newRefreshToken() {
    return server.issueRefreshToken(NodeClient.ID);
  }

  GrantRecord record(String refreshToken) {
    return snapshot(refreshToken).record();
  }

  TokenStore.Snapshot snapshot(String refreshToken) {
    return store.read(GrantKey.of(NodeClient.ID, Grant.refreshToken(refreshToken)));
  }

  /** Whether the refresh token in the store is one that the server would take now. */
  boolean isAlive(String refreshToken) {
    return record(refreshToken)
        .refreshToken()
        .map(token -> server.isActive(token.reveal()))
        .orElse(false);
  }

  /** So much time passes at the authorization server. */
  void serverClockAhead(Duration time) {
    ahead = time;
  }

  /** One that does not take a busy machine for a lost answer. */
  Node start() {
    return start(node().exchange(LEISURE));
  }

  Node start(String outbox, Duration window, String crash) {
    return start(node().outbox(outbox).window(window).at(crash));
  }

  /** How a node is set up, to be changed. */
  NodeSetting node() {
    return NodeSetting.in(home, address.text(), server.tokenEndpoint());
  }

  /** As {@link #node}, for one that has to get an answer also on a busy machine. */
  NodeSetting steadyNode() {
    return node().exchange(STEADY);
  }

  Node start(NodeSetting setting) {
    Node node = new Node();
    node.process = NodeProcess.start(TestNode.class, setting.arguments(), node::hear);
    synchronized (nodes) {
      nodes.add(node);
    }
    return node;
  }

  @Override
  public void close() {
    nodes.forEach(node -> node.process.close());
    store.close();
    server.close();
  }

  /** A process, and what it has told. */
  static final class Node {

    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();
    private final AtomicInteger wanted = new AtomicInteger();
    private NodeProcess process;

    private void hear(String line) {
      if (line.startsWith("wanted")) {
        wanted.incrementAndGet();
      } else {
        told.add(line);
      }
    }

    NodeProcess process() {
      return process;
    }

    void tell(String line) {
      process.tell(line);
    }

    void renew(String refreshToken) {
      tell("grant g " + refreshToken);
      tell("token g PT60S");
    }

    /** The rest of its next line that begins with a word; others are passed over. */
    String await(String word) {
      try {
        while (true) {
          String line = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
          if (line == null) {
            throw new AssertionError("It does not say: " + word);
          }
          if (line.equals(word) || line.startsWith(word + " ")) {
            return line.substring(word.length()).strip();
          }
          if (line.startsWith("failed") || line.startsWith("over")) {
            throw new AssertionError("In place of " + word + " it says: " + line);
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    /** What it has told of trouble that contains a text, and until then. */
    void awaitTrouble(String text) {
      String trouble = await("trouble");
      while (!trouble.contains(text)) {
        trouble = await("trouble");
      }
    }

    /** How often it has told that somebody has to log in. */
    int wanted() {
      return wanted.get();
    }

    /** Its next line that is an outcome. */
    String next() {
      try {
        String line = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        while (line != null && line.startsWith("trouble")) {
          line = told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }
        return line == null ? "silence" : line;
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }
  }
}
