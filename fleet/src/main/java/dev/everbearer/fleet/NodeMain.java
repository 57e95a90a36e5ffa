package dev.everbearer.fleet;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ReuseWindow;
import dev.everbearer.store.Outbox;
import dev.everbearer.store.StoreKeys;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSource;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * One node: asks for tokens of each grant that its standard input names, and tells on its standard
 * output whose they are. It ends with its input.
 */
final class NodeMain {

  private static final Duration EXCHANGE = Duration.ofSeconds(1);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long GAP_NANOS = 50_000_000;

  /** A grant as it was logged in to. */
  private record Order(String name, int login) {}

  private final OAuthClient client;
  private final TellingOutbox outbox;
  private final Map<String, Order> orders = new ConcurrentHashMap<>();

  private NodeMain(Path home, String store, String tokenEndpoint) {
    StoreKeys keys = keys(home);
    this.outbox = new TellingOutbox(Outbox.in(home.resolve("outbox"), keys), NodeMain::tell);
    this.client =
        NodeClient.builder(tokenEndpoint, EXCHANGE, ReuseWindow.none())
            .store(StoreAddress.of(store).open(keys))
            .outbox(outbox)
            .build();
  }

  static StoreKeys keys(Path home) {
    return StoreKeys.inFile(home.resolve("keys").resolve("store.jwks"));
  }

  /** Takes a directory, the address of the store and the token endpoint. */
  public static void main(String[] arguments) throws IOException {
    Logger.getLogger("dev.everbearer").setLevel(Level.OFF);
    NodeMain node = new NodeMain(Path.of(arguments[0]), arguments[1], arguments[2]);
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] words = line.split(" ");
      node.begin(new Order(words[1], Integer.parseInt(words[2])), words[3]);
    }
    Runtime.getRuntime().halt(0);
  }

  private static synchronized void tell(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private void begin(Order order, String refreshToken) {
    orders.put(order.name(), order);
    TokenSource source = client.tokens(Grant.refreshToken(refreshToken));
    Thread thread = new Thread(() -> follow(order, source), "node-" + order.name());
    thread.setDaemon(true);
    thread.start();
  }

  private void follow(Order order, TokenSource source) {
    AccessToken held = null;
    while (order.equals(orders.get(order.name()))) {
      try {
        AccessToken token = source.token(PATIENCE);
        if (!token.equals(held)) {
          held = token;
          tell("%s %s %d".formatted(whose(token), order.name(), order.login()));
        }
      } catch (LoginRequiredException e) {
        tell("over %s %d".formatted(order.name(), order.login()));
        return;
      } catch (OAuthException e) {
        // It passes.
      }
      LockSupport.parkNanos(GAP_NANOS);
    }
  }

  private String whose(AccessToken token) {
    return outbox.hadTokenOf(token) ? "own" : "adopted";
  }
}
