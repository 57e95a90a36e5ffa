package dev.everbearer.store.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Files that only their owner may read (0600, in directories of 0700), and that are there as a
 * whole or not at all. Where the file system has no such modes, whoever may read the directory may
 * read the files.
 */
public final class PrivateFiles {

  private static final Set<PosixFilePermission> OWNERS =
      EnumSet.of(
          PosixFilePermission.OWNER_READ,
          PosixFilePermission.OWNER_WRITE,
          PosixFilePermission.OWNER_EXECUTE);

  private PrivateFiles() {}

  /** Creates a directory, and those above it, on the disk; one that exists stays as it is. */
  public static void createDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.toAbsolutePath().getParent();
    if (parent != null) {
      createDirectory(parent);
    }
    try {
      Files.createDirectory(directory, attributes(directory, "rwx------"));
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(directory)) {
        throw e;
      }
    }
    if (parent != null) {
      syncDirectory(parent);
    }
  }

  /** Puts a file in place of what was there, at once, and on the disk before it returns. */
  public static void replace(Path file, byte[] content) throws IOException {
    moveInto(written(file, content), file);
  }

  /**
   * As {@link #replace}, by the only one who writes that file now: a temporary file that a crash
   * left is used again, so that they do not pile up.
   */
  public static void replaceAlone(Path file, byte[] content) throws IOException {
    createDirectory(directory(file));
    Path temporary = file.resolveSibling("." + file.getFileName() + ".tmp");
    Files.deleteIfExists(temporary);
    Files.createFile(temporary, attributes(file, "rw-------"));
    moveInto(filled(temporary, content), file);
  }

  private static void moveInto(Path temporary, Path file) throws IOException {
    try {
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      syncDirectory(directory(file));
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * Creates a file, whole, unless there is one.
   *
   * @return false when somebody else was first, whose file stays
   */
  public static boolean create(Path file, byte[] content) throws IOException {
    return create(file, content, Files::createLink);
  }

  /** Makes a second name of a file, unless there is a file of that name. */
  @FunctionalInterface
  interface Linking {

    void link(Path link, Path existing) throws IOException;
  }

  static boolean create(Path file, byte[] content, Linking linking) throws IOException {
    Path temporary = written(file, content);
    try {
      boolean isFirst = linkUnlessThere(file, temporary, linking);
      syncDirectory(directory(file));
      return isFirst;
    } finally {
      Files.deleteIfExists(temporary);
    }
  }

  /**
   * A link fails when there is a file. Not every file system has links, and some say so by an error
   * of their own; there a move that does not replace is as good as can be.
   */
  private static void link(Path file, Path temporary, Linking linking) throws IOException {
    try {
      linking.link(file, temporary);
    } catch (FileAlreadyExistsException e) {
      throw e;
    } catch (UnsupportedOperationException | FileSystemException e) {
      Files.move(temporary, file);
    }
  }

  /** Deletes a file, if it is there. */
  public static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      syncDirectory(directory(file));
    }
  }

  /**
   * Renames a file to {@code NAME.corrupt-N}, with the first number that is free. A file that
   * somebody else has put there since it was read stays.
   *
   * @param read what was read from it
   * @return its new name; null when that file is not there any more
   */
  public static @Nullable Path setAside(Path file, byte[] read) throws IOException {
    Path taken = taken(file);
    if (taken == null) {
      return null;
    }
    // Deleted only after it has another name: when that fails, it is there for a person to find.
    boolean isTheOneRead = Arrays.equals(Files.readAllBytes(taken), read);
    Path aside = isTheOneRead ? linkedAside(file, taken) : null;
    if (!isTheOneRead) {
      boolean unused = linkUnlessThere(file, taken, Files::createLink);
    }
    Files.deleteIfExists(taken);
    syncDirectory(directory(file));
    return aside;
  }

  private static @Nullable Path taken(Path file) throws IOException {
    Path taken =
        Files.createTempFile(
            directory(file), "." + file.getFileName() + "-", ".tmp", attributes(file, "rw-------"));
    try {
      return Files.move(
          file, taken, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (NoSuchFileException e) {
      Files.deleteIfExists(taken);
      return null;
    } catch (IOException e) {
      Files.deleteIfExists(taken);
      throw e;
    }
  }

  private static Path linkedAside(Path file, Path taken) throws IOException {
    for (int number = 1; ; number++) {
      Path aside = file.resolveSibling(file.getFileName() + ".corrupt-" + number);
      if (linkUnlessThere(aside, taken, Files::createLink)) {
        return aside;
      }
    }
  }

  private static boolean linkUnlessThere(Path file, Path content, Linking linking)
      throws IOException {
    try {
      link(file, content, linking);
      return true;
    } catch (FileAlreadyExistsException e) {
      return false;
    }
  }

  /** Whether nobody but its owner may do anything with a file, as far as the system tells. */
  public static boolean isPrivate(Path file) throws IOException {
    return !hasModes(file) || OWNERS.containsAll(Files.getPosixFilePermissions(file));
  }

  private static Path written(Path file, byte[] content) throws IOException {
    createDirectory(directory(file));
    Path temporary =
        Files.createTempFile(
            directory(file), "." + file.getFileName() + "-", ".tmp", attributes(file, "rw-------"));
    return filled(temporary, content);
  }

  private static Path filled(Path temporary, byte[] content) throws IOException {
    try {
      Uninterrupted.run(() -> fill(temporary, content));
      return temporary;
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
  }

  private static void fill(Path temporary, byte[] content) throws IOException {
    try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(content);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.force(true);
    }
  }

  static Path directory(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IllegalArgumentException("Not a file: " + file);
    }
    return parent;
  }

  /** So that a file that was moved is found after a crash; not every system can. */
  private static void syncDirectory(Path directory) {
    try {
      Uninterrupted.run(
          () -> {
            try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
              channel.force(true);
            }
          });
    } catch (IOException e) {
      // Windows opens no directories, and needs none of this.
    }
  }

  static boolean hasModes(Path file) {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix");
  }

  static FileAttribute<?>[] attributes(Path file, String mode) {
    return hasModes(file)
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
        }
        : new FileAttribute<?>[0];
  }
}
