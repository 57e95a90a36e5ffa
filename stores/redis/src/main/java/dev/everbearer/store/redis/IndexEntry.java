package dev.everbearer.store.redis;

import dev.everbearer.store.GrantKey;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Optional;

/**
 * A grant as an entry of its registration's index: bytes that have the order of {@link
 * GrantKey#BY_SUBJECT}. Each UTF-16 code unit is written as UTF-8 writes a code point, which keeps
 * their order, with U+0000 between subject and grant type.
 */
final class IndexEntry {

  private static final int SEPARATOR = 0;
  private static final int ESCAPE = 1;
  private static final int ONE_BYTE = 0x80;
  private static final int TWO_BYTES = 0x800;

  private IndexEntry() {}

  /** The bytes of a key. */
  static byte[] of(GrantKey key) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    write(out, key.subject());
    out.write(SEPARATOR);
    write(out, key.grantType());
    return out.toByteArray();
  }

  private static void write(ByteArrayOutputStream out, String text) {
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if (each <= ESCAPE) {
        out.write(ESCAPE);
        out.write(each + 1);
      } else if (each < ONE_BYTE) {
        out.write(each);
      } else if (each < TWO_BYTES) {
        out.write(0xc0 | (each >> 6));
        out.write(ONE_BYTE | (each & 0x3f));
      } else {
        out.write(0xe0 | (each >> 12));
        out.write(ONE_BYTE | ((each >> 6) & 0x3f));
        out.write(ONE_BYTE | (each & 0x3f));
      }
    }
  }

  /** The key; empty when somebody else has written the entry. */
  static Optional<GrantKey> read(String registration, byte[] entry) {
    int separator = 0;
    while (separator < entry.length && entry[separator] != SEPARATOR) {
      separator++;
    }
    GrantKey key =
        new GrantKey(
            registration,
            text(entry, Math.min(separator + 1, entry.length), entry.length),
            text(entry, 0, separator));
    return Arrays.equals(of(key), entry) ? Optional.of(key) : Optional.empty();
  }

  private static String text(byte[] entry, int from, int to) {
    StringBuilder text = new StringBuilder();
    int at = from;
    while (at < to) {
      int first = entry[at] & 0xff;
      if (first == ESCAPE) {
        text.append((char) (rest(entry, at + 1, to) - 1));
        at += 2;
      } else if (first < ONE_BYTE) {
        text.append((char) first);
        at++;
      } else if (first < 0xe0) {
        text.append((char) (((first & 0x1f) << 6) | rest(entry, at + 1, to)));
        at += 2;
      } else {
        int middle = rest(entry, at + 1, to) << 6;
        text.append((char) (((first & 0xf) << 12) | middle | rest(entry, at + 2, to)));
        at += 3;
      }
    }
    return text.toString();
  }

  private static int rest(byte[] entry, int at, int to) {
    return at < to ? entry[at] & 0x3f : 0;
  }
}
