package dev.everbearer.store.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Private files where the file system lacks what others have. */
@Spec("LC-63")
class PrivateFilesTest {

  private static final byte[] FIRST = "first".getBytes(UTF_8);
  private static final byte[] SECOND = "second".getBytes(UTF_8);

  @TempDir private Path directory;

  private static void holds(Path file, String content) throws IOException {
    assertThat(file).hasContent(content);
    try (Stream<Path> all = Files.list(file.getParent())) {
      assertThat(all).as("no temporary file is left").containsExactly(file);
    }
  }

  @Test
  void whereLinksAreNotPermittedAFileIsMadeAllTheSame() throws IOException {
    Path file = directory.resolve("keys");
    PrivateFiles.Linking refusing =
        (link, existing) -> {
          throw new FileSystemException(link.toString(), null, "Operation not permitted");
        };
    assertThat(PrivateFiles.create(file, FIRST, refusing)).isTrue();
    holds(file, "first");
    assertThat(PrivateFiles.create(file, SECOND, refusing)).as("the first one stays").isFalse();
    holds(file, "first");
  }

  @Test
  void whatFailsForAnotherReasonFailsAfterAll() {
    Path file = directory.resolve("keys");
    PrivateFiles.Linking vanishing =
        (link, existing) -> {
          Files.delete(existing);
          throw new AccessDeniedException(link.toString());
        };
    assertThatThrownBy(() -> PrivateFiles.create(file, FIRST, vanishing))
        .isInstanceOf(FileSystemException.class);
    assertThat(file).doesNotExist();
  }

  @Test
  void aFileSystemWithoutModesIsKnownByItself() throws IOException {
    URI zip = URI.create("jar:" + directory.resolve("files.zip").toUri());
    try (FileSystem system = FileSystems.newFileSystem(zip, Map.of("create", "true"))) {
      assertThat(system.supportedFileAttributeViews()).doesNotContain("posix");
      Path file = system.getPath("/made/keys");
      assertThat(PrivateFiles.create(file, FIRST)).isTrue();
      assertThat(PrivateFiles.create(file, SECOND)).isFalse();
      assertThat(PrivateFiles.isPrivate(file)).isTrue();
      holds(file, "first");
      PrivateFiles.replace(file, SECOND);
      holds(file, "second");
    }
  }
}
