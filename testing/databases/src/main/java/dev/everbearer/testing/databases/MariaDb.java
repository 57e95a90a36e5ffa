package dev.everbearer.testing.databases;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * The machine's own MariaDB, on a new directory and a free port of loopback. It ends with the
 * tests, and logs to {@code target/mariadb.log}. What starts it is named by the system property
 * {@value #COMMAND}.
 */
public final class MariaDb {

  /** The system property with the command, or the path, of mariadbd. */
  public static final String COMMAND = "everbearer.mariadb";

  private static final Path LOG = Path.of("target/mariadb.log").toAbsolutePath();

  private MariaDb() {}

  private static final class Shared {

    private static final String URL = start();
  }

  /** The JDBC URL of its database, with the user in it. */
  public static String url() {
    return Shared.URL;
  }

  /** Gives a new connection each time. */
  public static DataSource shared() {
    return source(url());
  }

  private static DataSource source(String url) {
    try {
      return new MariaDbDataSource(url);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String start() {
    try {
      Path directory = OwnDirectory.create("mariadb");
      int port = freePort();
      String data = "--datadir=" + directory.resolve("data");
      String user = "--user=" + System.getProperty("user.name");
      Process install =
          run(
              "mariadb-install-db",
              "--no-defaults",
              "--auth-root-authentication-method=normal",
              "--skip-test-db",
              data,
              user);
      if (!install.waitFor(60, TimeUnit.SECONDS) || install.exitValue() != 0) {
        throw new IllegalStateException("mariadb-install-db failed: see " + LOG);
      }
      Process server =
          run(
              System.getProperty(COMMAND),
              "--no-defaults",
              "--bind-address=127.0.0.1",
              "--port=" + port,
              "--socket=" + directory.resolve("socket"),
              "--pid-file=" + directory.resolve("pid"),
              "--default-time-zone=+05:30",
              data,
              user);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, directory)));
      String url = "jdbc:mariadb://127.0.0.1:%d/mysql?user=root".formatted(port);
      Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> isUp(source(url)));
      return url;
    } catch (IOException e) {
      throw new IllegalStateException("MariaDB did not start: see " + LOG, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static Process run(String... command) throws IOException {
    return new ProcessBuilder(new ArrayList<>(List.of(command)))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
        .start();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static boolean isUp(DataSource source) {
    try (var connection = source.getConnection()) {
      return connection.isValid(5);
    } catch (SQLException e) {
      return false;
    }
  }

  private static void end(Process server, Path directory) {
    server.destroyForcibly().onExit().join();
    OwnDirectory.delete(directory);
  }
}
