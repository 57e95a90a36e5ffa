package dev.everbearer.testing.databases;

import static org.awaitility.Awaitility.await;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import redis.embedded.core.ExecutableProvider;

/**
 * A Redis that keeps what it acknowledges, on a new directory and a free port of loopback. It logs
 * to {@code target/redis.log}.
 */
public final class RedisProcess implements AutoCloseable {

  private static final Path LOG = Path.of("target/redis.log").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final class Shared {

    private static final RedisProcess SERVER = start();

    private static RedisProcess start() {
      RedisProcess server = RedisProcess.start();
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      return server;
    }
  }

  /** One set of threads for the clients of all tests. */
  private static final class Resources {

    private static final ClientResources CLIENTS = ClientResources.create();
  }

  private final int port;
  private final Path directory;
  private final List<String> command;
  private Process process;

  private RedisProcess(Path directory, List<String> settings) throws IOException {
    this.port = freePort();
    this.directory = directory;
    this.command = command(directory, port, settings);
    this.process = started();
  }

  private static List<String> command(Path directory, int port, List<String> settings)
      throws IOException {
    String executable =
        ExecutableProvider.newJarResourceProvider(directory.toFile()).get().getAbsolutePath();
    List<String> command = new ArrayList<>(List.of(executable, "--bind", "127.0.0.1", "--save"));
    command.addAll(List.of("", "--port", String.valueOf(port), "--dir", directory.toString()));
    command.addAll(List.of("--appendonly", "yes", "--appendfsync", "always"));
    command.addAll(settings);
    return command;
  }

  /** One for all tests, which ends with them. */
  public static RedisProcess shared() {
    return Shared.SERVER;
  }

  /** With these settings behind those of a durable one. */
  public static RedisProcess start(String... settings) {
    try {
      return new RedisProcess(OwnDirectory.create("redis"), List.of(settings));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One that leaves room for that of a cluster's own traffic, 10,000 above. */
  private static int freePort() throws IOException {
    int port = 65_535;
    while (port > 55_000) {
      try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = socket.getLocalPort();
      }
    }
    return port;
  }

  private Process started() throws IOException {
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(LOG.toFile()))
            .start();
    await().atMost(PATIENCE).until(this::isUp);
    return started;
  }

  private boolean isUp() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.setSoTimeout(1000);
      socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
      return new String(socket.getInputStream().readNBytes(5), StandardCharsets.US_ASCII)
          .equals("+PONG");
    } catch (IOException e) {
      return false;
    }
  }

  /** Its port of loopback. */
  public int port() {
    return port;
  }

  /** As Lettuce wants it. */
  public RedisURI uri() {
    return uri(port);
  }

  /** The URL of the server. */
  public String url() {
    return "redis://127.0.0.1:" + port;
  }

  private static RedisURI uri(int port) {
    return RedisURI.builder().withHost("127.0.0.1").withPort(port).build();
  }

  /** A new client, without those settings of its own that a user would change. */
  public RedisClient client() {
    return client(port);
  }

  /** A new client of the server that listens there. */
  public static RedisClient client(int port) {
    RedisClient client = RedisClient.create(Resources.CLIENTS, uri(port));
    client.setOptions(ClientOptions.create());
    return client;
  }

  /** The threads of all clients. */
  public static ClientResources resources() {
    return Resources.CLIENTS;
  }

  /** As kill -9 does. */
  public void kill() {
    process.destroyForcibly().onExit().join();
  }

  /** With the files of the one that was killed. */
  public void again() throws IOException {
    process = started();
  }

  @Override
  public void close() {
    kill();
    OwnDirectory.delete(directory);
  }
}
