package dev.everbearer.e2e.keycloak;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** One of Keycloak's commands, running on the JDK that runs the tests. What it says is logged. */
final class KeycloakProcess implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(3);
  private static final Pattern ADDRESS = Pattern.compile("https?://127\\.0\\.0\\.1:\\d+");

  /** What {@code kc.sh} gives, less what only a server under load needs. */
  private static final List<String> JVM =
      List.of(
          "-XX:TieredStopAtLevel=1",
          "-Xmx512m",
          "--add-opens=java.base/java.util=ALL-UNNAMED",
          "--add-opens=java.base/java.util.concurrent=ALL-UNNAMED",
          "--add-opens=java.base/java.security=ALL-UNNAMED",
          "--add-opens=java.base/java.lang=ALL-UNNAMED",
          "-Dfile.encoding=UTF-8",
          "-Duser.language=en",
          "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
          "-Djava.util.concurrent.ForkJoinPool.common.threadFactory="
              + "io.quarkus.bootstrap.forkjoin.QuarkusForkJoinWorkerThreadFactory",
          "-Dpicocli.disable.closures=true");

  private final Process process;
  private final Path log;
  private final Thread killer;
  private final CompletableFuture<List<String>> addresses = new CompletableFuture<>();

  private KeycloakProcess(Path server, Path log, List<String> arguments) {
    this.log = log;
    try {
      this.process =
          new ProcessBuilder(command(server, arguments)).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.killer = new Thread(process::destroyForcibly, "end of Keycloak");
    Runtime.getRuntime().addShutdownHook(killer);
    Thread reader = new Thread(this::read, "Keycloak's log");
    reader.setDaemon(true);
    reader.start();
  }

  /** Starts a command of the server in this directory. */
  static KeycloakProcess start(Path server, Path log, List<String> arguments) {
    return new KeycloakProcess(server, log, arguments);
  }

  /** Runs a command to its end, which must be a good one. */
  static void run(Path server, Path log, List<String> arguments) {
    try (KeycloakProcess process = start(server, log, arguments)) {
      if (!process.process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        throw process.trouble("did not end within " + LIMIT);
      }
      if (process.process.exitValue() != 0) {
        throw process.trouble("ended with " + process.process.exitValue());
      }
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits until the server has started, and says where: its http and https addresses. */
  List<String> addresses() {
    try {
      return addresses.get(LIMIT.toSeconds(), TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw trouble("did not start within " + LIMIT);
    } catch (ExecutionException e) {
      throw trouble("ended before it had started");
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  @Override
  public void close() {
    process.destroyForcibly().onExit().join();
    Runtime.getRuntime().removeShutdownHook(killer);
  }

  private static List<String> command(Path server, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(JVM);
    command.add("-Dkc.home.dir=" + server);
    command.add("-Djboss.server.config.dir=" + server.resolve("conf"));
    command.add("-cp");
    command.add(server.resolve("lib/quarkus-run.jar") + File.pathSeparator + ownClasses());
    command.add(Leash.class.getName());
    command.addAll(arguments);
    return command;
  }

  private static Path ownClasses() {
    return Path.of(
        URI.create(Leash.class.getProtectionDomain().getCodeSource().getLocation().toString()));
  }

  private void read() {
    try (BufferedReader lines =
            new BufferedReader(
                new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        var copy = Files.newBufferedWriter(log)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        copy.write(line);
        copy.newLine();
        copy.flush();
        if (line.contains("Listening on: ")) {
          addresses.complete(ADDRESS.matcher(line).results().map(MatchResult::group).toList());
        }
      }
    } catch (IOException e) {
      addresses.completeExceptionally(e);
    }
    addresses.completeExceptionally(new IOException("end of its output"));
  }

  private IllegalStateException trouble(String what) {
    process.destroyForcibly();
    return new IllegalStateException("Keycloak " + what + "; see " + log.toAbsolutePath());
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("Interrupted while waiting for Keycloak", e);
  }
}
