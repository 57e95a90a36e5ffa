package dev.everbearer.grant;

import static dev.everbearer.Exchanges.CANARY;
import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.refusal;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.CommandOutput.CommandException;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.ServerUnavailableException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Where assertions come from: read anew each time, and never shown. */
class AssertionSourceTest {

  @TempDir Path directory;

  private static AssertionSource shell(String script) {
    return AssertionSource.command("/bin/sh", "-c", script);
  }

  private static void assertNone(AssertionSource source, String... message) {
    assertRefusal(
        refusal(ServerUnavailableException.class, source::get),
        FailureKind.SERVER_TROUBLE,
        0,
        message);
  }

  @Test
  @Spec("JA-08")
  void aFileIsReadAnewEachTimeWithoutWhiteSpaceAtItsEnds() throws IOException {
    Path file = directory.resolve("token");
    AssertionSource source = AssertionSource.file(file);
    Files.writeString(file, " first \n");
    assertThat(source.get().reveal()).isEqualTo("first");
    Files.writeString(file, "second\r\n");
    assertThat(source.get().reveal()).isEqualTo("second");
  }

  @Test
  void aFileThatCannotBeReadSaysSo() {
    assertNone(
        AssertionSource.file(directory.resolve("absent")),
        "assertion file " + directory.resolve("absent"),
        "NoSuchFileException");
  }

  @Test
  void aFileIsReadUpToItsCap() throws IOException {
    Path file = directory.resolve("token");
    Files.writeString(file, "x".repeat(256 * 1024));
    assertThat(AssertionSource.file(file).get().reveal()).hasSize(256 * 1024);
    Files.writeString(file, "x".repeat(256 * 1024 + 1));
    assertNone(AssertionSource.file(file), "over 256 KiB");
  }

  @Test
  void anEmptyFileIsNoAssertion() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "\n");
    assertNone(AssertionSource.file(file), "gave an empty one");
  }

  @Test
  void kubernetesHasItsTokenAtAKnownPlace() {
    assertThat(AssertionSource.kubernetesServiceAccount())
        .isEqualTo(
            AssertionSource.file(Path.of("/var/run/secrets/kubernetes.io/serviceaccount/token")));
  }

  // ---- programs

  @Test
  @Spec("JA-08")
  @DisabledOnOs(OS.WINDOWS)
  void aCommandIsRunAnewEachTime() throws IOException {
    Path file = Files.writeString(directory.resolve("token"), "first\n");
    AssertionSource source = AssertionSource.command("cat", file.toString());
    assertThat(source.get().reveal()).isEqualTo("first");
    Files.writeString(file, "second\n");
    assertThat(source.get().reveal()).isEqualTo("second");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aCommandIsStartedWithoutAShellAndWithNothingToRead() {
    assertThat(AssertionSource.command("echo", "$HOME;*").get().reveal()).isEqualTo("$HOME;*");
    assertThat(shell("cat; echo end").get().reveal()).isEqualTo("end");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aCommandThatFailsSaysItsStatusAndNothingThatItPrinted() {
    assertNone(
        shell("echo %s; echo %s >&2; exit 3".formatted(CANARY, CANARY)),
        "command /bin/sh #",
        "ended with status 3. Run it by hand");
  }

  @Test
  void aCommandThatIsNotThereSaysSo() {
    assertNone(
        AssertionSource.command("no-such-program", CANARY),
        "command no-such-program #",
        "cannot be started");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aCommandThatPrintsTooMuchIsEnded() {
    assertNone(shell("yes " + CANARY), "printed more than 256 KiB");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aCommandThatTakesTooLongIsEndedWithAllThatItStarted() throws Exception {
    Path pid = directory.resolve("pid");
    String script = "sleep 600 & echo $! > %s; wait".formatted(pid);
    assertThatThrownBy(
            () ->
                new CommandOutput(List.of("/bin/sh", "-c", script), Duration.ofSeconds(1), 1024)
                    .get())
        .isInstanceOf(CommandException.class)
        .hasMessage("ran for more than 1 s and was ended");
    ProcessHandle child =
        ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElse(null);
    if (child != null) {
      child.onExit().get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void anInterruptEndsACommandAndStaysVisible() {
    Thread.currentThread().interrupt();
    assertNone(shell("sleep 600"), "was interrupted");
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void aCommandHasAName() {
    assertThatThrownBy(() -> AssertionSource.command())
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> AssertionSource.command(" ", "x"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- what tells them apart

  @Test
  void sourcesOfTheSameThingAreEqual() {
    assertThat(AssertionSource.of("a"))
        .isEqualTo(AssertionSource.of("a"))
        .hasSameHashCodeAs(AssertionSource.of("a"))
        .isNotEqualTo(AssertionSource.of("b"));
    assertThat(AssertionSource.command("a", "b c"))
        .isEqualTo(AssertionSource.command("a", "b c"))
        .isNotEqualTo(AssertionSource.command("a", "b", "c"));
    assertThat(AssertionSource.supplier("a", () -> "x"))
        .isEqualTo(AssertionSource.supplier("a", () -> "y"))
        .isNotEqualTo(AssertionSource.file(Path.of("a")));
  }

  @Test
  @Spec("SE-03")
  void namesShowNeitherAssertionsNorArguments() {
    List<AssertionSource> all =
        List.of(AssertionSource.of(CANARY), AssertionSource.command("program", CANARY));
    assertThat(all)
        .allSatisfy(source -> assertThat(source + source.name()).doesNotContain(CANARY))
        .extracting(AssertionSource::name)
        .doesNotHaveDuplicates();
  }
}
