package dev.everbearer.fleet;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.store.TokenStore;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server, a store, and the nodes that a test starts; all nodes end with it. */
final class Scene implements AutoCloseable {

  static final Duration EXCHANGE = Duration.ofSeconds(1);
  private static final Duration LEISURE = Duration.ofSeconds(20);
  private static final long PATIENCE_SECONDS = 80;

  final ScriptedAuthorizationServer server = ScriptedAuthorizationServer.start();
  private final Path home;
  private final StoreAddress address;
  private final TokenStore store;
  private final List<Node> nodes = new ArrayList<>();

  /** Grants in files below the directory. */
  static Scene inFiles(Path home) {
    return new Scene(home, StoreAddress.of("file:" + home.resolve("grants")));
  }

  /** Grants in a database; outboxes and keys below the directory. */
  static Scene inDatabase(Path home, String url) {
    return new Scene(home, StoreAddress.of(url));
  }

  private Scene(Path home, StoreAddress address) {
    this.home = home;
    this.address = address;
    StoreKeys keys = StoreKeys.inFile(home.resolve("keys/store.jwks"));
    address.prepare(keys);
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

  /** One that does not take a busy machine for a lost answer. */
  Node start() {
    return start("outbox", Duration.ZERO, "none", LEISURE);
  }

  Node start(String outbox, Duration window, String crash) {
    return start(outbox, window, crash, EXCHANGE);
  }

  private Node start(String outbox, Duration window, String crash, Duration exchange) {
    Node node = new Node();
    node.process =
        NodeProcess.start(
            TestNode.class,
            List.of(
                home.toString(),
                outbox,
                address.text(),
                server.tokenEndpoint().toString(),
                exchange.toString(),
                window.toString(),
                crash),
            node.told::add);
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
    private NodeProcess process;

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

    /** Its next line that is no mere trouble. */
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
