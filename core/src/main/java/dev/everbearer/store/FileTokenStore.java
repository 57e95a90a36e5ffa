package dev.everbearer.store;

import dev.everbearer.store.GrantFile.NoGrantFileException;
import dev.everbearer.store.SealedRecords.BrokenRecordException;
import dev.everbearer.store.internal.DirectoryWatch;
import dev.everbearer.store.internal.LockFile;
import dev.everbearer.store.internal.PrivateFiles;
import dev.everbearer.store.internal.PrivateReads;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps grants in a directory of this host, for all of its processes and beyond their end: each in
 * a file of its own, encrypted by {@link SealedRecords} and replaced as a whole. Only registration,
 * subject, grant type and state stand in clear text, for {@link #list}. Files have mode 0600, the
 * directory 0700, and what is open to others is not read. An entry that is broken is set aside, as
 * {@code NAME.corrupt-N}, with a warning, and counts as absent. Its clock is the system's.
 * Thread-safe; not for network file systems whose locks or renames are not those of a local one.
 */
public final class FileTokenStore implements TokenStore {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store");
  private static final String SUFFIX = ".grant";
  private static final String KEY =
      "It is left as it is: restore its key, or delete the file and have the person log in again";

  private final Path directory;
  private final SealedRecords records;
  private final InstantSource clock;
  private final Set<DirectoryWatch> watches = ConcurrentHashMap.newKeySet();

  FileTokenStore(Path directory, StoreKeys keys, InstantSource clock) {
    this.directory = directory.toAbsolutePath().normalize();
    this.records = SealedRecords.by(keys, "The token store in " + this.directory);
    this.clock = Objects.requireNonNull(clock, "clock");
  }

  /**
   * A store in a directory, which is made with the first grant.
   *
   * @param keys encrypt, such as {@link KeyFile#at} of a file elsewhere
   */
  public static FileTokenStore at(Path directory, StoreKeys keys) {
    return new FileTokenStore(directory, keys, InstantSource.system());
  }

  @Override
  public boolean isDurable() {
    return true;
  }

  // ---- reading

  /**
   * {@inheritDoc}
   *
   * @throws OAuthException when the file was written by a key that is not among the keys, so that
   *     it is whole perhaps, when it is open to others, and when it cannot be read or set aside;
   *     then it stays as it is
   */
  @Override
  public Snapshot read(GrantKey key) {
    return new Snapshot(record(key), clock.instant());
  }

  private GrantRecord record(GrantKey key) {
    Path file = file(key);
    try {
      return opened(key, PrivateReads.read(file));
    } catch (NoSuchFileException e) {
      return GrantRecord.absent();
    } catch (BrokenRecordException | NoGrantFileException e) {
      return alone(key, "read", () -> recordOrSetAside(key));
    } catch (IOException e) {
      throw FileFailures.of(what(key), file, "read", e);
    }
  }

  private GrantRecord opened(GrantKey key, byte[] content)
      throws NoGrantFileException, BrokenRecordException {
    GrantFile found = GrantFile.of(content);
    return records.open(key, found.sealed(), found.summary().version());
  }

  /** By the one who holds the lock, so that nothing good is moved. */
  private GrantRecord recordOrSetAside(GrantKey key) throws IOException {
    Path file = file(key);
    byte[] content;
    try {
      content = PrivateReads.read(file);
    } catch (NoSuchFileException e) {
      return GrantRecord.absent();
    }
    try {
      return opened(key, content);
    } catch (NoGrantFileException e) {
      return setAside(key, content, e.getMessage());
    } catch (BrokenRecordException e) {
      if (e.isKeyMissing()) {
        throw FileFailures.keyMissing(what(key), file, e.getMessage(), KEY);
      }
      return setAside(key, content, e.getMessage());
    }
  }

  private GrantRecord setAside(GrantKey key, byte[] content, String why) throws IOException {
    Path aside = PrivateFiles.setAside(file(key), content);
    LOG.log(
        System.Logger.Level.WARNING,
        "{0} in the file {1} is broken: {2}. It is now {3}, and counts as absent, so that a login"
            + " is needed. Restore the file if you can.",
        what(key),
        file(key),
        why,
        aside);
    return GrantRecord.absent();
  }

  // ---- writing

  /**
   * {@inheritDoc}
   *
   * @throws OAuthException as {@link #read}, and when the file cannot be locked or written
   */
  @Override
  public boolean compareAndSet(GrantKey key, GrantRecord next) {
    return alone(
        key,
        "written",
        () -> {
          if (recordOrSetAside(key).version() != next.version() - 1) {
            return false;
          }
          GrantSummary summary = GrantSummary.of(key, next, clock.instant());
          PrivateFiles.replaceAlone(
              file(key), new GrantFile(summary, records.seal(key, next)).encoded());
          return true;
        });
  }

  private <T> T alone(GrantKey key, String toBe, LockFile.Work<T, RuntimeException> work) {
    Path file = file(key);
    try {
      PrivateFiles.createDirectory(directory);
      return LockFile.whileHeld(directory.resolve(key.digest() + ".lock"), work);
    } catch (IOException e) {
      throw FileFailures.of(what(key), file, toBe, e);
    }
  }

  // ---- looking on

  /**
   * {@inheritDoc}
   *
   * <p>What it tells is not authenticated. Files whose first line is broken are left out; they are
   * set aside when they are read.
   */
  @Override
  public List<GrantSummary> list(String registration, @Nullable GrantKey after, int limit) {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(each -> each.toString().endsWith(SUFFIX))
          .flatMap(this::summary)
          .filter(each -> each.key().registration().equals(registration))
          .filter(each -> after == null || GrantKey.BY_SUBJECT.compare(each.key(), after) > 0)
          .sorted(Comparator.comparing(GrantSummary::key, GrantKey.BY_SUBJECT))
          .limit(limit)
          .toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw FileFailures.of("What is kept", directory, "listed", e);
    }
  }

  private Stream<GrantSummary> summary(Path file) {
    try {
      String line = PrivateReads.firstLine(file);
      if (line != null) {
        GrantSummary found = GrantFile.summary(line.getBytes(StandardCharsets.UTF_8));
        if (file.equals(file(found.key()))) {
          return Stream.of(found);
        }
      }
    } catch (NoSuchFileException e) {
      // Set aside since.
    } catch (NoGrantFileException e) {
      // Set aside when somebody reads it.
    } catch (IOException e) {
      throw FileFailures.of("A grant", file, "read", e);
    }
    return Stream.empty();
  }

  /** {@inheritDoc} Where the system does not tell of changes, there are no notices. */
  @Override
  public Watch watch(Consumer<String> changed) {
    try {
      PrivateFiles.createDirectory(directory);
      DirectoryWatch watch = DirectoryWatch.of(directory, file -> tell(file, changed));
      watches.add(watch);
      return () -> {
        watches.remove(watch);
        watch.close();
      };
    } catch (IOException | UnsupportedOperationException e) {
      LOG.log(System.Logger.Level.INFO, "Changes in {0} are not noticed at once.", directory);
      return () -> {};
    }
  }

  private static void tell(String file, Consumer<String> changed) {
    if (file.endsWith(SUFFIX)) {
      changed.accept(file.substring(0, file.length() - SUFFIX.length()));
    }
  }

  private Path file(GrantKey key) {
    return directory.resolve(key.digest() + SUFFIX);
  }

  private static String what(GrantKey key) {
    return "A grant (%s) of the client %s".formatted(key.grantType(), key.registration());
  }

  /** Ends notices. What is kept stays. */
  @Override
  public void close() {
    watches.forEach(DirectoryWatch::close);
    watches.clear();
  }

  /** Where it is. */
  @Override
  public String toString() {
    return "FileTokenStore[" + directory + "]";
  }
}
