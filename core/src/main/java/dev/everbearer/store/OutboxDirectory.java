package dev.everbearer.store;

import dev.everbearer.store.OutboxEntry.BrokenEntryException;
import dev.everbearer.store.internal.LockFile;
import dev.everbearer.store.internal.PrivateFiles;
import dev.everbearer.store.internal.PrivateReads;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The outboxes of a host's processes: a directory for each owner, with a lock file that its process
 * holds, and a file for each grant.
 */
final class OutboxDirectory {

  static final String SUFFIX = ".jwe";

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store");
  private static final String LOCK = "lock";

  private final Path directory;
  private final OutboxEntry.Seal seal;

  OutboxDirectory(Path directory, StoreKeys keys) {
    this.directory = directory.toAbsolutePath().normalize();
    SealedRecords records = SealedRecords.by(keys, "The outbox in " + this.directory);
    this.seal = new OutboxEntry.Seal(keys, records);
  }

  OutboxEntry.Seal seal() {
    return seal;
  }

  // ---- taking

  /** The first whose process has ended, else a new one. */
  FileOutbox open() {
    try {
      PrivateFiles.createDirectory(directory);
      PrivateReads.requirePrivateDirectory(directory);
      for (Path each : owners()) {
        FileOutbox taken = taken(each);
        if (taken != null) {
          return taken;
        }
      }
      return made();
    } catch (IOException e) {
      throw unusable(e);
    }
  }

  private FileOutbox made() throws IOException {
    while (true) {
      Path owner = directory.resolve(UUID.randomUUID().toString());
      PrivateFiles.createDirectory(owner);
      // Null when another process was quick to find it.
      FileOutbox made = taken(owner);
      if (made != null) {
        return made;
      }
    }
  }

  List<Outbox> orphans() {
    List<Outbox> orphans = new ArrayList<>();
    try {
      for (Path each : owners()) {
        FileOutbox taken = hasEntries(each) ? taken(each) : null;
        if (taken != null && !taken.uncommitted().isEmpty()) {
          orphans.add(taken);
        } else if (taken != null) {
          taken.close();
        }
      }
      return List.copyOf(orphans);
    } catch (IOException e) {
      orphans.forEach(Outbox::close);
      throw unusable(e);
    } catch (RuntimeException e) {
      orphans.forEach(Outbox::close);
      throw e;
    }
  }

  private OAuthException unusable(IOException cause) {
    return Failure.builder(
            cause instanceof PrivateReads.NotPrivateException
                ? FailureKind.REFUSED
                : FailureKind.SERVER_TROUBLE,
            "The outbox in the directory %s cannot be made or read: %s (%s)."
                    .formatted(directory, cause.getMessage(), cause.getClass().getSimpleName())
                + " It keeps what a server answered until the store has it. Have the directory"
                + " writable for this user, or set another directory for the outbox.")
        .cause(cause)
        .build()
        .toException();
  }

  private List<Path> owners() throws IOException {
    try (Stream<Path> all = Files.list(directory)) {
      return all.filter(each -> Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS))
          .sorted()
          .toList();
    }
  }

  private static boolean hasEntries(Path owner) throws IOException {
    return !entries(owner).isEmpty();
  }

  private static List<Path> entries(Path owner) throws IOException {
    try (Stream<Path> all = Files.list(owner)) {
      return all.filter(OutboxDirectory::isEntry).sorted().toList();
    }
  }

  private static boolean isEntry(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.endsWith(SUFFIX) && !name.startsWith(".");
  }

  /** Null when its process has not ended, or it holds what cannot be opened by these keys. */
  private @Nullable FileOutbox taken(Path owner) throws IOException {
    PrivateReads.requirePrivateDirectory(owner);
    LockFile lock = LockFile.tryHold(owner.resolve(LOCK));
    if (lock == null) {
      return null;
    }
    FileOutbox taken = null;
    try {
      Map<GrantKey, GrantRecord> loaded = loaded(owner);
      taken = loaded == null ? null : new FileOutbox(this, owner, lock, loaded);
      return taken;
    } finally {
      if (taken == null) {
        lock.close();
      }
    }
  }

  // ---- loading

  private @Nullable Map<GrantKey, GrantRecord> loaded(Path owner) throws IOException {
    Map<GrantKey, GrantRecord> all = new HashMap<>();
    for (Path file : entries(owner)) {
      try {
        OutboxEntry entry = opened(owner, file);
        if (entry != null) {
          all.put(entry.key(), entry.record());
        }
      } catch (BrokenEntryException e) {
        LOG.log(
            System.Logger.Level.WARNING,
            "An answer of a server in the file {0} cannot be opened: {1}. The outbox {2} is left as"
                + " it is, and another one is used: restore the key, so that the answer reaches the"
                + " store.",
            file,
            e.getMessage(),
            owner);
        return null;
      }
    }
    return all;
  }

  /** Null when it was broken. */
  private @Nullable OutboxEntry opened(Path owner, Path file)
      throws IOException, BrokenEntryException {
    byte[] content;
    try {
      content = PrivateReads.read(file);
    } catch (NoSuchFileException e) {
      return null;
    }
    String name = String.valueOf(file.getFileName());
    String digest = name.substring(0, name.length() - SUFFIX.length());
    try {
      return seal.opened(String.valueOf(owner.getFileName()), digest, content);
    } catch (BrokenEntryException e) {
      if (e.isKeyMissing()) {
        throw e;
      }
      Path aside = PrivateFiles.setAside(file, content);
      LOG.log(
          System.Logger.Level.WARNING,
          "An answer of a server in the file {0} is broken: {1}. It is now {2}. If the store has"
              + " not got it, a login will be needed; restore the file if you can.",
          file,
          e.getMessage(),
          aside);
      return null;
    }
  }
}
