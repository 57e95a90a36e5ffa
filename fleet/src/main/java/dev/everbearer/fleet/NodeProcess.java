package dev.everbearer.fleet;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A node in a JVM of its own, on the class path of this one. It is told what to do line by line,
 * and tells what happens in the same way. Thread-safe.
 */
final class NodeProcess implements AutoCloseable {

  private static final long END_SECONDS = 30;

  private final Process process;
  private final Writer input;
  private final Thread reader;

  private NodeProcess(Process process, Consumer<String> told) {
    this.process = process;
    this.input = process.outputWriter(StandardCharsets.UTF_8);
    this.reader = new Thread(() -> read(told), "fleet-node-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts a node. Its standard error is that of this process.
   *
   * @param main its class
   * @param told gets each of its lines, on a thread of its own
   */
  static NodeProcess start(Class<?> main, List<String> arguments, Consumer<String> told) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
    command.addAll(List.of("-Xmx128m", "-cp", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(arguments);
    try {
      return new NodeProcess(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start(), told);
    } catch (IOException e) {
      throw new UncheckedIOException("A node could not be started.", e);
    }
  }

  private void read(Consumer<String> told) {
    try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        told.accept(line);
      }
    } catch (IOException e) {
      // It is gone, and so is what it wanted to say.
    }
  }

  /** Tells it something; a node that is gone hears nothing. */
  void tell(String line) {
    synchronized (input) {
      try {
        input.write(line + "\n");
        input.flush();
      } catch (IOException e) {
        // It is gone.
      }
    }
  }

  // ---- what is done to it

  /** As {@code kill -9}: it cannot do anything about it. Returns when it is gone. */
  void kill() {
    process.destroyForcibly();
    awaitEnd();
  }

  /** As {@code kill}: it may end what it has begun, and its streams stay open for that. */
  void terminate() {
    signal("TERM");
  }

  /** It stands still, and does not know. */
  void freeze() {
    signal("STOP");
  }

  /** It goes on. */
  void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start();
      kill.onExit().join();
    } catch (IOException e) {
      throw new UncheckedIOException("kill -" + name + " could not be run.", e);
    }
  }

  /** Its exit status, once all that it told has been heard. */
  int awaitEnd() {
    try {
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException("The node " + process.pid() + " does not end.");
      }
      reader.join(TimeUnit.SECONDS.toMillis(END_SECONDS));
      return process.exitValue();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
