package dev.everbearer.grant;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What a program prints. No shell takes part, its standard input is empty, and nothing of what it
 * prints gets into an error.
 */
final class CommandOutput {

  private final List<String> command;
  private final Duration limit;
  private final int maxBytes;

  /**
   * A program with its arguments.
   *
   * @param limit how long it may run; then it is ended, with all that it started
   * @param maxBytes how much it may print; then it is ended as well
   */
  CommandOutput(List<String> command, Duration limit, int maxBytes) {
    this.command = command;
    this.limit = limit;
    this.maxBytes = maxBytes;
  }

  /** Why there is no output; the message goes on after "the program ...". */
  static final class CommandException extends Exception {

    private static final long serialVersionUID = 1L;

    CommandException(String message) {
      super(message);
    }
  }

  /** Runs the program and gives all that it printed, once it has ended with status 0. */
  byte[] get() throws CommandException {
    Process process = start();
    try {
      return checked(process, output(process).get(limit.toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      throw new CommandException(
          "ran for more than %d s and was ended".formatted(limit.toSeconds()));
    } catch (ExecutionException e) {
      throw new CommandException("broke off what it printed");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandException("was ended, for whoever waited for it was interrupted");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Process start() throws CommandException {
    try {
      Process process =
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
      process.getOutputStream().close();
      return process;
    } catch (IOException e) {
      // The platform's own message is dropped on purpose: it may repeat arguments.
      throw new CommandException("cannot be started");
    }
  }

  private byte[] checked(Process process, byte[] printed) throws CommandException {
    if (printed.length > maxBytes) {
      throw new CommandException("printed more than %d KiB".formatted(maxBytes / 1024));
    }
    if (process.exitValue() != 0) {
      throw new CommandException("ended with status " + process.exitValue());
    }
    return printed;
  }

  /** All that it prints; complete when it has also ended. */
  private CompletableFuture<byte[]> output(Process process) {
    CompletableFuture<byte[]> printed = new CompletableFuture<>();
    Thread reader =
        new Thread(
            null,
            () -> read(process, printed),
            "everbearer-command",
            0,
            /* inheritThreadLocals= */ false);
    reader.setDaemon(true);
    reader.setContextClassLoader(null);
    reader.start();
    return printed.thenCombine(process.onExit(), (bytes, ended) -> bytes);
  }

  private void read(Process process, CompletableFuture<byte[]> printed) {
    try {
      byte[] bytes = process.getInputStream().readNBytes(maxBytes + 1);
      if (bytes.length > maxBytes) {
        process.destroyForcibly();
      }
      printed.complete(bytes);
    } catch (IOException e) {
      printed.completeExceptionally(new UncheckedIOException(e));
    }
  }
}
