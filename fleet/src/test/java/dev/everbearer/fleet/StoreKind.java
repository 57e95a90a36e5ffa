package dev.everbearer.fleet;

import dev.everbearer.testing.databases.PostgresServer;
import dev.everbearer.testing.databases.RedisProcess;
import java.net.URI;
import java.nio.file.Path;

/** Where grants of a test are kept. */
enum StoreKind {
  /** Below the directory of the test. */
  FILES("") {
    @Override
    String address(Path home) {
      return "file:" + home.resolve("grants");
    }
  },
  /** The one of all tests. */
  POSTGRES("UPDATE everbearer_grant") {
    @Override
    String address(Path home) {
      return PostgresServer.url();
    }
  },
  /** The one of all tests. */
  REDIS("refresh_token") {
    @Override
    String address(Path home) {
      return RedisProcess.shared().url();
    }
  };

  /** How long a node waits for a server that it reaches by a road. */
  private static final String PATIENCE_SECONDS = "2";

  private final String mark;

  StoreKind(String mark) {
    this.mark = mark;
  }

  /** As {@link StoreAddress} takes it. */
  abstract String address(Path home);

  /** What stands in a write to the server, and in nothing else that a client sends. */
  String mark() {
    return mark;
  }

  /** A road to the server. */
  Road road() {
    String address = address(Path.of(""));
    return new Road(URI.create(address.replace("jdbc:", "")).getPort());
  }

  /** The address of the server by a road, with short timeouts. */
  String by(Road road) {
    String address = address(Path.of("")).replaceFirst(":\\d+", ":" + road.port());
    return this == POSTGRES
        ? address + "&socketTimeout=" + PATIENCE_SECONDS
        : address + "?timeout=" + PATIENCE_SECONDS + "s";
  }
}
