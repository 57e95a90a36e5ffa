package dev.everbearer.e2e.keycloak;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * A directory in the user's cache ({@code ~/.cache/everbearer}, or below {@code XDG_CACHE_HOME})
 * that is made once, however many processes want it: it is there whole or not at all.
 */
record KeptDirectory(Path path) {

  @FunctionalInterface
  interface Maker {
    void fill(Path directory) throws IOException;
  }

  static KeptDirectory of(String name) {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path cache =
        configured == null || configured.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return new KeptDirectory(cache.resolve("everbearer").resolve(name).toAbsolutePath());
  }

  /** One beside this one, with its name and a suffix. */
  KeptDirectory sibling(String suffix) {
    return new KeptDirectory(path.resolveSibling(path.getFileName() + "-" + suffix));
  }

  /** The directory, filled by this maker if it is not there yet. */
  Path madeBy(Maker maker) {
    if (Files.isDirectory(path)) {
      return path;
    }
    try {
      Files.createDirectories(path.getParent());
      try (FileChannel channel =
              FileChannel.open(
                  beside(".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock held = channel.lock()) {
        if (held.isValid() && !Files.isDirectory(path)) {
          make(maker);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make " + path, e);
    }
    return path;
  }

  private void make(Maker maker) throws IOException {
    Path unfinished = beside(".unfinished");
    deleteTree(unfinished);
    Files.createDirectory(unfinished);
    maker.fill(unfinished);
    Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE);
  }

  private Path beside(String suffix) {
    return path.resolveSibling(path.getFileName() + suffix);
  }

  static void deleteTree(Path directory) throws IOException {
    if (!Files.exists(directory)) {
      return;
    }
    List<Path> deepestFirst;
    try (Stream<Path> tree = Files.walk(directory)) {
      deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : deepestFirst) {
      Files.delete(each);
    }
  }

  /** The first digits of a hash: names what a directory was made from. */
  static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 4);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
