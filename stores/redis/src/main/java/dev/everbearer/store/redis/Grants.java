package dev.everbearer.store.redis;

import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.redis.Server.Run;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.OAuthException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** What is done with the hashes, each by one script. */
final class Grants {

  /** How a write went. */
  enum Written {
    /** It is there. */
    YES,
    /** Another version is there. */
    NO,
    /** What is there is broken. */
    BROKEN
  }

  /**
   * A hash, or that there is none.
   *
   * @param version as it stands there, {@code record} too; empty when it is no field
   * @param isThere whether there is anything
   * @param isWhole whether version and record are as they were written
   */
  record Row(Instant now, String version, String record, boolean isThere, boolean isWhole) {

    /** The version; empty when nobody of us has written it. */
    Optional<Long> number() {
      return isWhole ? Grants.version(version) : Optional.empty();
    }

    /** Without the record. */
    @Override
    public String toString() {
      return "Row[version=%s, now=%s]".formatted(version, now);
    }
  }

  private static final Pattern VERSION = Pattern.compile("[1-9][0-9]{0,17}");
  private static final System.Logger LOG = System.getLogger("dev.everbearer.store.redis");
  private static final String READING = "read a grant";
  private static final String WRITING = "write a grant";
  private static final String LISTING = "put a grant into the index";

  private final Server server;
  private final Keys keys;
  private final int replicas;

  /**
   * Reads and writes.
   *
   * @param replicas how many must have a write
   */
  Grants(Server server, Keys keys, int replicas) {
    this.server = server;
    this.keys = keys;
    this.replicas = replicas;
  }

  Row read(GrantKey key) {
    List<Object> found =
        server.run(READING, new Run(Script.READ, List.of(keys.grant(key)), List.of()));
    if (found.size() != 2 && found.size() != 5) {
      throw Trouble.unreadable(READING);
    }
    boolean isThere = found.size() == 5;
    return new Row(
        Instant.ofEpochSecond(Long.parseLong(text(found, 0)))
            .plus(Long.parseLong(text(found, 1)), ChronoUnit.MICROS),
        isThere ? text(found, 2) : "",
        isThere ? text(found, 3) : "",
        isThere,
        isThere && text(found, 4).equals("1"));
  }

  private static String text(List<Object> found, int at) {
    if (found.get(at) instanceof byte[] bytes) {
      // One character for each byte, whatever it is, so that it can be compared.
      return new String(bytes, StandardCharsets.ISO_8859_1);
    }
    throw Trouble.unreadable(READING);
  }

  /** Writes a record if it follows the one that is there, and tells of it. */
  Written write(GrantKey key, GrantRecord next, String sealed) {
    Run run =
        new Run(
            Script.WRITE,
            List.of(keys.grant(key)),
            List.of(
                bytes(Long.toString(next.version() - 1)),
                bytes(UUID.randomUUID().toString()),
                bytes(Long.toString(next.version())),
                bytes(sealed),
                bytes(GrantSummary.state(next).name()),
                bytes(next.dead().map(Reason::name).orElse("")),
                bytes(GrantSummary.expiresAt(next).map(Micros::of).orElse("")),
                bytes(key.registration()),
                bytes(key.grantType()),
                bytes(key.subject()),
                bytes(next.isClaimed() ? "" : keys.changed()),
                bytes(key.digest())));
    long losses = server.losses(WRITING);
    long answer = server.number(WRITING, run);
    if (answer > 0 && replicas > 0 && !server.isAt(replicas, WRITING, losses)) {
      throw Trouble.notReplicated(WRITING, replicas);
    }
    if (answer == 2) {
      list(key);
    }
    return answer > 0 ? Written.YES : answer == 0 ? Written.NO : Written.BROKEN;
  }

  /** The record is written, whatever comes of this; the next write tries again. */
  private void list(GrantKey key) {
    try {
      String index = keys.index(key.registration());
      server.ask(LISTING, commands -> commands.zadd(index, 0, IndexEntry.of(key)));
      server.number(LISTING, new Run(Script.LISTED, List.of(keys.grant(key)), List.of()));
    } catch (OAuthException e) {
      LOG.log(
          System.Logger.Level.DEBUG, "A grant is written, and not yet listed: {0}", e.getMessage());
    }
  }

  /**
   * Renames a hash that cannot be opened to where it is kept for people.
   *
   * @return the name; empty when it is another one by now
   */
  Optional<String> setAside(GrantKey key, Row row, String why) {
    String corrupt = keys.corrupt(key, ChronoUnit.MICROS.between(Instant.EPOCH, row.now()));
    Run run =
        new Run(
            Script.SET_ASIDE,
            List.of(keys.grant(key), corrupt),
            List.of(
                row.version().getBytes(StandardCharsets.ISO_8859_1),
                row.record().getBytes(StandardCharsets.ISO_8859_1),
                bytes(why)));
    long moved = server.number("set a broken grant aside", run);
    return moved == 1 ? Optional.of(corrupt) : Optional.empty();
  }

  /** A version as it is written; empty when it is none. */
  static Optional<Long> version(String digits) {
    return VERSION.matcher(digits).matches() ? Optional.of(Long.valueOf(digits)) : Optional.empty();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
