package dev.everbearer.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.everbearer.testing.Spec;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files with tokens are for the user of the program alone. */
@Spec("SE-40")
class PrivateTokenFilesTest {

  private static final GrantKey KEY = new GrantKey("shop", "refresh_token", "ann");
  private static final GrantRecord RECORD =
      GrantRecord.absent()
          .next()
          .refreshToken(
              Secret.of("refresh"), new ServerIdentity(null, URI.create("https://id.test/token")))
          .build();

  @TempDir private Path temporary;

  /** A program that keeps a grant, and an answer in an outbox. */
  static final class Keeping {

    private Keeping() {}

    public static void main(String[] args) {
      Path home = Path.of(args[0]);
      StoreKeys keys = StoreKeys.inFile(home.resolve("keys/store.jwks"));
      try (FileTokenStore store = FileTokenStore.at(home.resolve("made/grants"), keys);
          Outbox outbox = Outbox.in(home.resolve("made/outbox"), keys)) {
        outbox.put(KEY, RECORD);
        if (!store.compareAndSet(KEY, RECORD)) {
          throw new IllegalStateException("Not written.");
        }
      }
    }
  }

  @BeforeEach
  void requireModes() {
    assumeTrue(
        FileSystems.getDefault().supportedFileAttributeViews().contains("posix"), "no POSIX modes");
  }

  private StoreKeys keys() {
    return StoreKeys.inFile(temporary.resolve("keys/store.jwks"));
  }

  private FileTokenStore store() {
    return FileTokenStore.at(temporary.resolve("made/grants"), keys());
  }

  private Path file() {
    return temporary.resolve("made/grants").resolve(KEY.digest() + ".grant");
  }

  private static String mode(Path path) {
    try {
      return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void mode(Path path, String mode) throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(mode));
  }

  private void isRefused(Path named, String... why) {
    assertThatThrownBy(() -> store().read(KEY))
        .isInstanceOfSatisfying(
            OAuthException.class,
            e -> assertThat(e.failure().orElseThrow().kind()).isEqualTo(FailureKind.REFUSED))
        .hasMessageContaining(named.toString())
        .hasMessageContainingAll(why);
    GrantRecord next = RECORD.next().build();
    assertThatThrownBy(() -> store().compareAndSet(KEY, next)).isInstanceOf(OAuthException.class);
  }

  @Test
  void whateverTheUmaskFilesAndDirectoriesAreForTheirOwner() throws Exception {
    Process process =
        new ProcessBuilder(
                List.of(
                    "sh",
                    "-c",
                    "umask 000 && exec \"$0\" \"$@\"",
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    Keeping.class.getName(),
                    temporary.toString()))
            .inheritIO()
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    try (Stream<Path> all = Files.walk(temporary.resolve("made"))) {
      List<Path> made = all.toList();
      assertThat(made).filteredOn(Files::isRegularFile).hasSize(4);
      assertThat(made)
          .allMatch(each -> mode(each).equals(Files.isDirectory(each) ? "rwx------" : "rw-------"));
    }
    assertThat(store().read(KEY).record().version()).isEqualTo(1);
  }

  @Test
  void aFileThatOthersMayReadIsRefusedWithTheRemedy() throws Exception {
    assertThat(store().compareAndSet(KEY, RECORD)).isTrue();
    for (String mode : List.of("rw-r-----", "rw----r--", "rw--w----", "rw-----w-")) {
      mode(file(), mode);
      isRefused(file(), "open to others", "chmod 600");
    }
    mode(file(), "rw-------");
    assertThat(store().read(KEY).record().version()).isEqualTo(1);
  }

  @Test
  void aDirectoryThatOthersMayEnterIsRefusedWithTheRemedy() throws Exception {
    assertThat(store().compareAndSet(KEY, RECORD)).isTrue();
    Path directory = file().getParent();
    for (String mode : List.of("rwxr-xr-x", "rwx-w----", "rwx--x---")) {
      mode(directory, mode);
      isRefused(directory, "open to others", "chmod 700");
    }
    mode(directory, "rwx------");
    assertThat(store().read(KEY).record().version()).isEqualTo(1);
  }

  @Test
  void aSymbolicLinkIsNotFollowed() throws Exception {
    assertThat(store().compareAndSet(KEY, RECORD)).isTrue();
    Path elsewhere = Files.move(file(), temporary.resolve("elsewhere"));
    Files.createSymbolicLink(file(), elsewhere);
    isRefused(file(), "symbolic link");
    assertThat(elsewhere).exists();
    Files.delete(file());
    Path target = temporary.resolve("target");
    Files.createSymbolicLink(file().resolveSibling("." + file().getFileName() + ".tmp"), target);
    assertThat(store().compareAndSet(KEY, RECORD)).isTrue();
    assertThat(target).as("nothing is written through a link").doesNotExist();
  }

  @Test
  void aLockIsNotTakenThroughALink() throws Exception {
    assertThat(store().compareAndSet(KEY, RECORD)).isTrue();
    Path lock = file().resolveSibling(KEY.digest() + ".lock");
    Files.delete(lock);
    Path target = temporary.resolve("target");
    Files.createSymbolicLink(lock, target);
    GrantRecord next = RECORD.next().build();
    assertThatThrownBy(() -> store().compareAndSet(KEY, next)).isInstanceOf(OAuthException.class);
    assertThat(target).doesNotExist();
  }

  @Test
  void aFileOfAnotherUserIsRefused() throws Exception {
    assertThat(store().compareAndSet(KEY, RECORD)).isTrue();
    UserPrincipal nobody = nobody();
    UserPrincipal owner = Files.getOwner(file());
    assumeTrue(nobody != null && isGiven(file(), nobody), "only root gives files away");
    isRefused(file(), "belongs to nobody", "chown");
    Files.setOwner(file(), owner);
    assertThat(store().read(KEY).record().version()).isEqualTo(1);
  }

  private static @Nullable UserPrincipal nobody() {
    try {
      return FileSystems.getDefault()
          .getUserPrincipalLookupService()
          .lookupPrincipalByName("nobody");
    } catch (IOException e) {
      return null;
    }
  }

  private static boolean isGiven(Path file, UserPrincipal to) {
    try {
      Files.setOwner(file, to);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void anOutboxThatOthersMayEnterIsRefusedWithTheRemedy() throws Exception {
    Path directory = temporary.resolve("outbox");
    Outbox.in(directory, keys()).close();
    mode(directory, "rwxr-xr-x");
    assertThatThrownBy(() -> Outbox.in(directory, keys()))
        .isInstanceOf(OAuthException.class)
        .hasMessageContainingAll(directory.toString(), "chmod 700");
  }
}
