package dev.everbearer.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * The launcher, in a checkout of its own whose path has spaces, with a Java and a Maven that only
 * write down how they were called.
 */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher under test is a shell script")
class LauncherTest {

  private static final String FAKE_JAVA =
      """
      #!/bin/sh
      case "$*" in *Rehearsal*) exit 1 ;; esac
      for last; do :; done
      printf '<%s>' "$@" >>"$TRACE/java"
      echo >>"$TRACE/java"
      [ "$last" = fail ] && exit 42
      exit 0
      """;

  private static final String FAKE_MAVEN =
      """
      #!/bin/sh
      echo "$PWD $*" >>"$TRACE/mvn"
      [ -f "$TRACE/slow" ] && sleep 2
      if [ -f "$TRACE/broken" ]; then
        echo "[ERROR] something does not compile"
        exit 1
      fi
      for module in cli demo fleet; do
        mkdir -p $module/target/dependency
        echo jar >$module/target/everbearer-$module-1.jar
        echo jar >$module/target/dependency/picocli-1.jar
      done
      echo jar >demo/target/dependency/spring-1.jar
      """;

  private static final List<String> NEEDED_TOOLS =
      List.of("cat cp date dirname find grep head ls mkdir mv nice rm sed sleep tail".split(" "));

  /** Left to the system: the launcher may still write its archive there in the background. */
  @TempDir(cleanup = CleanupMode.NEVER)
  Path temporary;

  private Path checkout = Path.of("");
  private Path tools = Path.of("");

  @BeforeEach
  void makeCheckout() throws IOException {
    checkout = Files.createDirectories(temporary.resolve("my check out"));
    tools = Files.createDirectories(temporary.resolve("tools"));
    Files.copy(launcher(), checkout.resolve("everbearer"));
    makeExecutable(checkout.resolve("everbearer"));
    write(checkout.resolve("pom.xml"), "<project/>");
    write(checkout.resolve("cli/pom.xml"), "<project/>");
    write(checkout.resolve("cli/src/main/java/A.java"), "class A {}");
    write(checkout.resolve("testing/server/pom.xml"), "<project/>");
    makeJava(tools.resolve("jdk"), "17.0.9");
    makeExecutable(write(tools.resolve("bin/mvn"), FAKE_MAVEN));
  }

  private static Path launcher() {
    return Path.of("..").toAbsolutePath().normalize().resolve("everbearer");
  }

  private void makeJava(Path home, String version) throws IOException {
    write(home.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    makeExecutable(write(home.resolve("bin/java"), FAKE_JAVA));
    makeExecutable(write(home.resolve("bin/javac"), FAKE_JAVA));
  }

  // ---- building

  @Test
  void theFirstStartBuildsAndTheSecondDoesNot() throws Exception {
    Ended first = start("token", "--scope", "a b");
    Ended second = start("get", "x");

    assertThat(first.status()).as(first.err()).isZero();
    assertThat(first.out()).isEmpty();
    assertThat(first.err()).contains("Building").hasLineCount(2);
    assertThat(second.err()).isEmpty();
    assertThat(trace("mvn")).hasSize(1);
    assertThat(trace("java").get(0)).endsWith("<token><--scope><a b>");
    assertThat(trace("java").get(1)).endsWith("<get><x>");
  }

  @Test
  void aChangedAddedOrDeletedSourceIsBuiltAnew() throws Exception {
    start("token");
    touch(checkout.resolve("cli/src/main/java/A.java"));
    start("token");
    start("token");
    assertThat(trace("mvn")).hasSize(2);

    touch(checkout.resolve("pom.xml"));
    start("token");
    assertThat(trace("mvn")).hasSize(3);

    Files.delete(checkout.resolve("cli/src/main/java/A.java"));
    touch(checkout.resolve("cli/src/main/java"));
    start("token");
    assertThat(trace("mvn")).hasSize(4);
  }

  @Test
  void aFailedBuildShowsTheEndOfItsLogAndIsTriedAgain() throws Exception {
    write(temporary.resolve("broken"), "");
    Ended failed = start("token");
    Files.delete(temporary.resolve("broken"));
    Ended mended = start("token");

    assertThat(failed.status()).isEqualTo(1);
    assertThat(failed.out()).isEmpty();
    assertThat(failed.err())
        .contains("The build failed", "something does not compile", ".cache/launcher/build.log");
    assertThat(mended.status()).as(mended.err()).isZero();
    assertThat(trace("java")).hasSize(1);
  }

  @Test
  void twoStartsAtOnceBuildOnce() throws Exception {
    write(temporary.resolve("slow"), "");
    Process one = process(checkout.resolve("everbearer"), "one", "token");
    Process other = process(checkout.resolve("everbearer"), "other", "token");

    assertThat(end(one, "one").status()).isZero();
    assertThat(end(other, "other").status()).isZero();
    assertThat(trace("mvn")).hasSize(1);
    assertThat(trace("java")).hasSize(2);
  }

  @Test
  void aLockWhoseOwnerIsGoneIsTakenAway() throws Exception {
    Process gone = new ProcessBuilder("true").start();
    gone.waitFor();
    write(checkout.resolve(".cache/launcher/lock/pid"), gone.pid() + "\n");

    Ended run = start("token");

    assertThat(run.status()).as(run.err()).isZero();
    assertThat(checkout.resolve(".cache/launcher/lock")).doesNotExist();
  }

  @Test
  void aStartThatIsEndedWhileItBuildsLeavesNoLock() throws Exception {
    write(temporary.resolve("slow"), "");
    Process process = process(checkout.resolve("everbearer"), "one", "token");
    while (trace("mvn").isEmpty()) {
      assertThat(process.isAlive()).isTrue();
      Thread.onSpinWait();
    }
    process.destroy();

    assertThat(end(process, "one").status()).isEqualTo(143);
    assertThat(checkout.resolve(".cache/launcher/lock")).doesNotExist();
    assertThat(trace("java")).isEmpty();
  }

  // ---- starting

  @Test
  void theDemoGetsItsJarsAndTheOthersDoNot() throws Exception {
    start("demo");
    start("token");

    assertThat(trace("java").get(0)).contains("spring-1.jar", "everbearer-cli-1.jar");
    assertThat(trace("java").get(1)).contains("everbearer-cli-1.jar").doesNotContain("spring-1");
  }

  @Test
  void theStatusIsThatOfTheCommand() throws Exception {
    assertThat(start("token", "fail").status()).isEqualTo(42);
  }

  @Test
  void itWorksThroughASymbolicLinkFromAnywhere() throws Exception {
    Path absolute = Files.createSymbolicLink(tools.resolve("eb"), checkout.resolve("everbearer"));
    Path relative = Files.createSymbolicLink(tools.resolve("eb2"), Path.of("eb"));

    assertThat(start(absolute, "token").status()).isZero();
    assertThat(start(relative, "token").status()).isZero();
    assertThat(trace("mvn")).hasSize(1).allMatch(line -> line.contains("my check out/.cache"));
  }

  @Test
  void aNewJdkUsesItsAheadOfTimeCache() throws Exception {
    makeJava(tools.resolve("jdk"), "25.0.1");
    start("token");
    write(archives().get(0).resolve("25.0.1.aot"), "x");
    start("token");
    makeJava(tools.resolve("jdk"), "17.0.9");
    write(archives().get(0).resolve("17.0.9.jsa"), "x");
    start("token");

    assertThat(trace("java").get(0)).doesNotContain("AOTCache");
    assertThat(trace("java").get(1)).contains("/25.0.1.aot>").doesNotContain("-Xshare");
    assertThat(trace("java").get(2)).contains("-Xshare:auto", "/17.0.9.jsa>");
  }

  private List<Path> archives() throws IOException {
    try (Stream<Path> all = Files.list(checkout.resolve(".cache/launcher"))) {
      return all.filter(path -> path.getFileName().toString().startsWith("build-")).toList();
    }
  }

  // ---- what is missing

  @Test
  void anOldJavaIsRefusedAndNamed() throws Exception {
    makeJava(tools.resolve("jdk"), "11.0.2");
    makeJava(tools.resolve("older"), "1.8.0_402");
    Files.createSymbolicLink(tools.resolve("bin/java"), tools.resolve("older/bin/java"));

    Ended run = start("token");

    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err()).contains("JDK 17 or newer is needed", "Java 11.0.2", "Java 1.8.0_402");
  }

  @Test
  void theJavaOfThePathServesWhenJavaHomeIsTooOld() throws Exception {
    makeJava(tools.resolve("jdk"), "11.0.2");
    makeJava(tools.resolve("newer"), "21");
    Files.createSymbolicLink(tools.resolve("bin/java"), tools.resolve("newer/bin/java"));

    assertThat(start("token").status()).isZero();
  }

  @Test
  void aMissingMavenOrCompilerIsNamed() throws Exception {
    Files.delete(tools.resolve("bin/mvn"));
    assertThat(start("token").err()).contains("Building needs Maven");

    Files.delete(tools.resolve("jdk/bin/javac"));
    Ended run = start("token");
    assertThat(run.err()).contains("Building needs a JDK");
    assertThat(run.status()).isEqualTo(1);
  }

  @Test
  void withoutMavenAFinishedBuildStillStarts() throws Exception {
    start("token");
    Files.delete(tools.resolve("bin/mvn"));

    assertThat(start("token").status()).isZero();
  }

  // ---- processes and files

  private record Ended(int status, String out, String err) {}

  private Ended start(String... arguments) throws Exception {
    return start(checkout.resolve("everbearer"), arguments);
  }

  private Ended start(Path launcher, String... arguments) throws Exception {
    return end(process(launcher, "run", arguments), "run");
  }

  private Process process(Path launcher, String name, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(temporary.toFile())
            .redirectOutput(temporary.resolve(name + ".out").toFile())
            .redirectError(temporary.resolve(name + ".err").toFile());
    builder.environment().put("JAVA_HOME", tools.resolve("jdk").toString());
    builder.environment().put("PATH", tools.resolve("bin") + ":" + systemToolsWithoutJava());
    builder.environment().put("TRACE", temporary.toString());
    builder.environment().put("CI", "true");
    return builder.start();
  }

  /** The tools of the system one by one, so that its own Java and Maven are not found. */
  private Path systemToolsWithoutJava() throws IOException {
    Path directory = tools.resolve("system");
    if (Files.exists(directory)) {
      return directory; // A start that is under way uses them.
    }
    for (String tool : NEEDED_TOOLS) {
      Path real = Path.of("/usr/bin", tool);
      Path existing = Files.exists(real) ? real : Path.of("/bin", tool);
      makeExecutable(write(directory.resolve(tool), "#!/bin/sh\nexec " + existing + " \"$@\"\n"));
    }
    return directory;
  }

  private Ended end(Process process, String name) throws IOException, InterruptedException {
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    return new Ended(
        process.exitValue(),
        Files.readString(temporary.resolve(name + ".out")),
        Files.readString(temporary.resolve(name + ".err")));
  }

  private List<String> trace(String name) throws IOException {
    Path file = temporary.resolve(name);
    return Files.exists(file) ? Files.readAllLines(file) : List.of();
  }

  private static Path write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private static void makeExecutable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  /** Makes a file newer than the last build, whatever the grain of the file system's clock. */
  private static void touch(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusMillis(10)));
  }
}
