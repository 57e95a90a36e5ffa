package dev.everbearer.store.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.store.internal.LockFile.LockedException;
import dev.everbearer.testing.Spec;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks of processes. */
@Spec("LC-62")
class LockFileTest {

  private static final int FEW = 20;
  private static final int MANY = 30_000;

  @TempDir private Path directory;

  /** A program that holds a lock until it is killed, if it gets it. */
  static final class Holding {

    private Holding() {}

    public static void main(String[] args) throws IOException {
      LockFile held = LockFile.tryHold(Path.of(args[0]));
      System.out.println(held == null ? "taken" : "held");
      boolean unused = System.in.read() < 0;
    }
  }

  private static Process holding(Path file) throws IOException {
    return new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Holding.class.getName(),
                file.toString()))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String said(Process process) throws IOException {
    return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8)).readLine();
  }

  @Test
  void whoeverDoesNotComeToAnEndIsNotWaitedForForever() throws Exception {
    Path file = directory.resolve("lock");
    Process process = holding(file);
    try {
      assertThat(said(process)).isEqualTo("held");
      assertThat(LockFile.tryHold(file)).isNull();
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> LockFile.whileHeld(file, FEW, () -> "never"))
          .isInstanceOf(LockedException.class)
          .hasMessageContainingAll(file.toRealPath().toString(), "does not come to an end");
      assertThat(Thread.interrupted()).as("the flag is kept").isTrue();
      process.toHandle().destroyForcibly();
      assertThat(LockFile.whileHeld(file, MANY, () -> "done")).isEqualTo("done");
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void aLockThatIsAskedForInVainHereIsStillHeldAgainstOthers() throws Exception {
    Path file = directory.resolve("lock");
    Path byAnotherName = Files.createSymbolicLink(directory.resolve("link"), directory);
    try (LockFile held = LockFile.tryHold(file)) {
      assertThat(held).isNotNull();
      assertThat(LockFile.tryHold(file)).isNull();
      assertThat(LockFile.tryHold(byAnotherName.resolve("lock"))).isNull();
      assertThatThrownBy(() -> LockFile.whileHeld(file, () -> "never"))
          .isInstanceOf(LockedException.class);
      Process process = holding(file);
      try {
        assertThat(said(process)).isEqualTo("taken");
      } finally {
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  @Test
  void whatIsLetGoCanBeTakenAgain() throws Exception {
    Path file = directory.resolve("lock");
    for (int i = 0; i < 3; i++) {
      try (LockFile held = LockFile.tryHold(file)) {
        assertThat(held).isNotNull();
      }
    }
    assertThatThrownBy(
            () ->
                LockFile.whileHeld(
                    file,
                    () -> {
                      throw new IOException("it failed");
                    }))
        .hasMessage("it failed");
    assertThat(LockFile.whileHeld(file, () -> "done")).isEqualTo("done");
  }

  @Test
  void ofManyThreadsOneIsAtWork() {
    Path file = directory.resolve("lock");
    AtomicInteger atWork = new AtomicInteger();
    int most =
        IntStream.range(0, 200)
            .parallel()
            .map(
                ignored -> {
                  try {
                    return LockFile.whileHeld(
                        file,
                        () -> {
                          int now = atWork.incrementAndGet();
                          Thread.onSpinWait();
                          atWork.decrementAndGet();
                          return now;
                        });
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                })
            .max()
            .orElseThrow();
    assertThat(most).isEqualTo(1);
  }
}
