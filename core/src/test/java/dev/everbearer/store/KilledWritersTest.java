package dev.everbearer.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.CapturedLogs;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.Secret;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Processes that are killed while they write, at moments that nobody chose. Each round takes a
 * process; {@code -Deverbearer.kills=10000} makes a night of it.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS)
class KilledWritersTest {

  private static final int KILLS = Integer.getInteger("everbearer.kills", 8);
  private static final GrantKey KEY = new GrantKey("shop", "refresh_token", "ann");
  private static final int TOKEN_LENGTH = 20_000;
  private static final int MAX_READS = 40;
  private static final int LOOKS = 1_000;
  private static final int MAX_NANOS = 30_000_000;
  private static final String END = "end";

  @TempDir private Path home;
  private final SplittableRandom random = new SplittableRandom(64);
  private final List<Process> started = new ArrayList<>();
  private CapturedLogs logs;

  @BeforeEach
  void listen() {
    logs = CapturedLogs.of("dev.everbearer.store");
  }

  @AfterEach
  void killAll() {
    started.forEach(Process::destroyForcibly);
    logs.close();
  }

  private static StoreKeys keys(Path home) {
    return StoreKeys.inFile(home.resolve("keys/store.jwks"));
  }

  private static FileTokenStore store(Path home) {
    return FileTokenStore.at(home.resolve("grants"), keys(home));
  }

  private static Outbox outbox(Path home) {
    return Outbox.in(home.resolve("outbox"), keys(home));
  }

  /** The token is of its version in each character, so that a mixture would show. */
  private static GrantRecord following(GrantRecord record) {
    String digit = Long.toString((record.version() + 1) % 10);
    return record
        .next()
        .refreshToken(
            Secret.of(digit.repeat(TOKEN_LENGTH)),
            new ServerIdentity(null, URI.create("https://id.test/token")))
        .build();
  }

  private static long wholeVersion(GrantRecord record) {
    if (record.version() > 0) {
      String digit = Long.toString(record.version() % 10);
      assertThat(record.refreshToken().map(Secret::reveal)).contains(digit.repeat(TOKEN_LENGTH));
    }
    return record.version();
  }

  /** A program that writes versions, and prints each that was acknowledged. */
  static final class Writing {

    private Writing() {}

    public static void main(String[] args) {
      Path home = Path.of(args[0]);
      switch (args[1]) {
        case "store" -> fill(store(home), Integer.MAX_VALUE);
        case "outbox" -> fill(outbox(home));
        default -> fill(store(home), Integer.parseInt(args[1]));
      }
      System.out.println(END);
    }

    private static void fill(FileTokenStore store, int writes) {
      int written = 0;
      while (written < writes) {
        GrantRecord next = following(store.read(KEY).record());
        if (store.compareAndSet(KEY, next)) {
          System.out.println(next.version());
          written++;
        }
      }
    }

    private static void fill(Outbox outbox) {
      GrantRecord record = outbox.uncommitted().getOrDefault(KEY, GrantRecord.absent());
      while (true) {
        record = following(record);
        outbox.put(KEY, record);
        System.out.println(record.version());
      }
    }
  }

  private Process start(String what) throws IOException {
    Process process =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "-Xshare:auto",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Writing.class.getName(),
                    home.toString(),
                    what))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    started.add(process);
    return process;
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
  }

  /** Reads what is on the disk, with no regard for locks. */
  @FunctionalInterface
  private interface Reader {

    void run() throws Exception;
  }

  private static byte[] whole(Path file) throws IOException {
    long smallest = Long.MAX_VALUE;
    for (int look = 0; look < LOOKS; look++) {
      smallest = Math.min(smallest, Files.size(file));
    }
    assertThat(smallest).isGreaterThan(TOKEN_LENGTH);
    return Files.readAllBytes(file);
  }

  private void readGrant() throws Exception {
    byte[] content = whole(home.resolve("grants").resolve(KEY.digest() + ".grant"));
    GrantFile found = GrantFile.of(content);
    SealedRecords records = SealedRecords.by(keys(home), "a test");
    GrantRecord read = records.open(KEY, found.sealed(), found.summary().version());
    assertThat(wholeVersion(read)).isPositive();
  }

  private void readAnswer() throws Exception {
    StoreKeys keys = keys(home);
    String owner = names(home.resolve("outbox")).get(0);
    Path file = home.resolve("outbox").resolve(owner).resolve(KEY.digest() + ".jwe");
    OutboxEntry entry =
        new OutboxEntry.Seal(keys, SealedRecords.by(keys, "a test"))
            .opened(owner, KEY.digest(), whole(file));
    assertThat(wholeVersion(entry.record())).isPositive();
  }

  /** What it acknowledged last, while others read all the time. */
  private long acknowledgedWhenKilled(String what, Reader reader) throws Exception {
    Process process = start(what);
    try (BufferedReader lines = output(process)) {
      String last = lines.readLine();
      for (int reads = 1 + random.nextInt(MAX_READS); reads > 0; reads--) {
        reader.run();
      }
      LockSupport.parkNanos(random.nextInt(MAX_NANOS));
      // By its handle, so that what it printed can still be read.
      assertThat(process.toHandle().destroyForcibly()).isTrue();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        last = line;
      }
      return Long.parseLong(last);
    }
  }

  @Test
  @Spec("LC-63")
  void whenAWriterIsKilledTheOldRecordIsThereOrTheNewOneAndNoHalf() throws Exception {
    FileTokenStore reading = store(home);
    for (int kill = 0; kill < KILLS; kill++) {
      long acknowledged =
          acknowledgedWhenKilled(
              "store",
              () -> {
                readGrant();
                assertThat(wholeVersion(reading.read(KEY).record())).isPositive();
              });
      long found = wholeVersion(store(home).read(KEY).record());
      assertThat(found).as("kill %d", kill).isBetween(acknowledged, acknowledged + 1);
    }
    assertThat(reading.compareAndSet(KEY, following(reading.read(KEY).record()))).isTrue();
    assertThat(names(home.resolve("grants")))
        .as("no half is left, and nothing was set aside")
        .containsExactlyInAnyOrder(KEY.digest() + ".grant", KEY.digest() + ".lock");
    assertThat(logs.messages(Level.WARNING)).isEmpty();
  }

  @Test
  @Spec({"LC-63", "RF-03"})
  void whenAProcessIsKilledTheNextOneHasItsOutboxAndNoHalf() throws Exception {
    String owner = "";
    for (int kill = 0; kill < KILLS; kill++) {
      long acknowledged = acknowledgedWhenKilled("outbox", this::readAnswer);
      try (Outbox next = outbox(home)) {
        assertThat(wholeVersion(next.uncommitted().get(KEY)))
            .as("kill %d", kill)
            .isBetween(acknowledged, acknowledged + 1);
        assertThat(next.owner()).isIn(owner.isEmpty() ? next.owner() : owner);
        owner = next.owner();
      }
    }
    assertThat(names(home.resolve("outbox"))).containsExactly(owner);
    assertThat(logs.messages(Level.WARNING)).isEmpty();
  }

  private static List<String> names(Path directory) throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.map(each -> each.getFileName().toString()).toList();
    }
  }

  @Test
  @Spec({"LC-61", "LC-63"})
  void everyAcknowledgedWriteOfTwoProcessesCountsOnce() throws Exception {
    List<BufferedReader> outputs = List.of(output(start("30")), output(start("30")));
    List<String> acknowledged = new ArrayList<>();
    for (BufferedReader lines : outputs) {
      for (String line = lines.readLine(); !line.equals(END); line = lines.readLine()) {
        acknowledged.add(line);
      }
    }
    assertThat(acknowledged).doesNotHaveDuplicates().hasSize(60);
    assertThat(wholeVersion(store(home).read(KEY).record())).isEqualTo(60);
  }

  @Test
  void theOutboxOfARunningProcessIsNotTaken() throws Exception {
    Process process = start("outbox");
    try (BufferedReader lines = output(process)) {
      assertThat(lines.readLine()).isEqualTo("1");
      try (Outbox beside = outbox(home)) {
        assertThat(beside.uncommitted()).isEmpty();
        assertThat(beside.orphans()).isEmpty();
        process.destroyForcibly();
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        List<Outbox> orphans = beside.orphans();
        assertThat(orphans).singleElement().extracting(Outbox::owner).isNotEqualTo(beside.owner());
        orphans.forEach(Outbox::close);
      }
    }
  }

  @Test
  void anotherProcessTakesNoneOfTheOutboxesThatAreOpenHere() throws Exception {
    try (Outbox one = outbox(home);
        Outbox two = outbox(home)) {
      assertThat(one.orphans()).isEmpty();
      assertThat(two.orphans()).isEmpty();
      try (BufferedReader lines = output(start("outbox"))) {
        assertThat(lines.readLine()).isEqualTo("1");
        for (Outbox each : List.of(one, two)) {
          assertThat(names(home.resolve("outbox").resolve(each.owner()))).containsExactly("lock");
        }
        assertThat(names(home.resolve("outbox"))).hasSize(3);
      }
    }
  }
}
