package dev.everbearer.demo.server;

import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Keeps the servers' logs to warnings. They go to standard error, the only place where the Java
 * runtime's own logging writes unless told otherwise.
 */
final class QuietLog {

  // Held here because the runtime forgets the level of a logger that nobody holds.
  private static final List<Logger> SERVERS =
      List.of(Logger.getLogger("org.apache"), Logger.getLogger("org.springframework"));

  private QuietLog() {}

  static void warningsOnly() {
    SERVERS.forEach(logger -> logger.setLevel(Level.WARNING));
  }
}
