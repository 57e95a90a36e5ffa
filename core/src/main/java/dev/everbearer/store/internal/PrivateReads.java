package dev.everbearer.store.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.UserPrincipal;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads files that nobody but the user of this process can have read or written: they and their
 * directory are that user's, and grant nothing to others; a link is not followed. Where the file
 * system has no modes, links alone are refused.
 */
public final class PrivateReads {

  private static final Set<PosixFilePermission> OF_OTHERS =
      EnumSet.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.GROUP_EXECUTE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE,
          PosixFilePermission.OTHERS_EXECUTE);

  /** Others can have read it, or written it. */
  public static final class NotPrivateException extends IOException {

    private static final long serialVersionUID = 1L;

    private NotPrivateException(String message) {
      super(message);
    }

    /** A sentence that names the file, why, and the remedy. */
    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  private PrivateReads() {}

  /**
   * All of a file.
   *
   * @throws NotPrivateException if it is not private, before anything is read
   */
  public static byte[] read(Path file) throws IOException {
    try (InputStream in = open(file)) {
      return in.readAllBytes();
    }
  }

  /** The first line of a file, without its end; null when it is empty. */
  public static @Nullable String firstLine(Path file) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(open(file), StandardCharsets.UTF_8))) {
      return lines.readLine();
    }
  }

  private static InputStream open(Path file) throws IOException {
    requirePrivateDirectory(PrivateFiles.directory(file));
    if (PrivateFiles.hasModes(file)) {
      requirePrivate(file, LinkOption.NOFOLLOW_LINKS);
    } else if (Files.isSymbolicLink(file)) {
      throw link(file);
    }
    return Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS);
  }

  /**
   * Refuses a directory that others can look into; whoever can write to it can swap files.
   *
   * @throws NotPrivateException if they can
   */
  public static void requirePrivateDirectory(Path directory) throws IOException {
    if (PrivateFiles.hasModes(directory)) {
      requirePrivate(directory);
    }
  }

  private static void requirePrivate(Path path, LinkOption... options) throws IOException {
    PosixFileAttributes found = Files.readAttributes(path, PosixFileAttributes.class, options);
    if (found.isSymbolicLink()) {
      throw link(path);
    }
    UserPrincipal user = User.OF_THIS_PROCESS;
    if (user != null && !user.equals(found.owner())) {
      throw new NotPrivateException(
          "%s belongs to %s and not to the user of this program, %s, and was not read: chown %s it,"
                  .formatted(path, found.owner().getName(), user.getName(), user.getName())
              + " or run the program as its owner.");
    }
    if (found.permissions().stream().anyMatch(OF_OTHERS::contains)) {
      throw new NotPrivateException(
          "%s is open to others than its owner, and was not read: chmod %s it, and log in anew if"
                  .formatted(path, found.isDirectory() ? "700" : "600")
              + " somebody may have read what it holds.");
    }
  }

  private static NotPrivateException link(Path path) {
    return new NotPrivateException(
        "%s is a symbolic link, which is not followed: put the file itself there, or delete it."
            .formatted(path));
  }

  /** The name of a user is not enough: in a container there may be none. */
  private static final class User {

    static final @Nullable UserPrincipal OF_THIS_PROCESS = ofThisProcess();

    private static @Nullable UserPrincipal ofThisProcess() {
      try {
        Path made = Files.createTempFile("everbearer", ".tmp");
        try {
          return Files.getOwner(made);
        } finally {
          Files.deleteIfExists(made);
        }
      } catch (IOException | UnsupportedOperationException e) {
        // Nowhere to look it up: modes and links are checked all the same.
        return null;
      }
    }
  }
}
