package dev.everbearer.store.redis;

import dev.everbearer.store.redis.Link.Opened;
import java.util.Map;

/**
 * Warns of a server that says that it may lose what it has acknowledged. Many services refuse to
 * say; then nothing is known, and nothing is said.
 */
final class Durability {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store.redis");

  private Durability() {}

  /** Asks, and does not wait for the answers. */
  static void check(Opened opened) {
    var unused =
        opened
            .commands()
            .configGet("append*")
            .thenAccept(Durability::checkFile)
            .exceptionally(Durability::nothing);
    unused =
        opened
            .commands()
            .configGet("maxmemory-policy")
            .thenAccept(Durability::checkMemory)
            .exceptionally(Durability::nothing);
  }

  @SuppressWarnings("NullAway") // A Void is nothing else.
  private static Void nothing(Throwable refused) {
    return null;
  }

  private static void checkFile(Map<String, String> settings) {
    String file = settings.get("appendonly");
    String flush = settings.get("appendfsync");
    if (file != null && flush != null && !(file.equals("yes") && flush.equals("always"))) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The Redis that keeps grants may lose what it has acknowledged: appendonly is {0} and"
              + " appendfsync is {1}. A refresh token that is lost, or comes back spent, needs a"
              + " new login. Set \"appendonly yes\" and \"appendfsync always\".",
          file,
          flush);
    }
  }

  private static void checkMemory(Map<String, String> settings) {
    String policy = settings.get("maxmemory-policy");
    if (policy != null && policy.startsWith("allkeys-")) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The Redis that keeps grants may throw them away when its memory is full:"
              + " maxmemory-policy is {0}. Set \"maxmemory-policy noeviction\".",
          policy);
    }
  }
}
