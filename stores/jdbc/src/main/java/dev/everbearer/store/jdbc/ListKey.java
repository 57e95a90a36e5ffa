package dev.everbearer.store.jdbc;

import dev.everbearer.store.GrantKey;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A grant's key as bytes that have the order of {@link GrantKey#BY_SUBJECT}, in every database and
 * by every collation: the names in UTF-16, with U+0000 between them.
 */
final class ListKey {

  /** An index of PostgreSQL takes 2,704 bytes, one of MySQL 3,072. */
  static final int MAX_BYTES = 2600;

  private static final int SEPARATOR = 0;
  private static final int ESCAPE = 1;

  private ListKey() {}

  /** The bytes of a key. */
  static byte[] of(GrantKey key) {
    Encoder encoder = new Encoder().text(key.registration()).unit(SEPARATOR);
    return encoder.text(key.subject()).unit(SEPARATOR).text(key.grantType()).bytes();
  }

  /**
   * The bytes of a key that is to be stored.
   *
   * @throws IllegalArgumentException if it is too long for an index
   */
  static byte[] toStore(GrantKey key) {
    byte[] bytes = of(key);
    if (bytes.length > MAX_BYTES) {
      throw new IllegalArgumentException(
          "A grant's registration, subject and grant type have %d characters together, and a database indexes %d at most; name the subject by something shorter."
              .formatted(bytes.length / 2 - 2, MAX_BYTES / 2 - 2));
    }
    return bytes;
  }

  /** Less than all keys of a registration. */
  static byte[] before(String registration) {
    return new Encoder().text(registration).unit(SEPARATOR).bytes();
  }

  /** More than all keys of a registration, and no more than those of any that follows. */
  static byte[] behind(String registration) {
    return new Encoder().text(registration).unit(ESCAPE).bytes();
  }

  /** The key. */
  static GrantKey read(byte[] bytes) {
    List<StringBuilder> names = new ArrayList<>(List.of(new StringBuilder()));
    for (int i = 0; i + 1 < bytes.length; i += 2) {
      int unit = unit(bytes, i);
      if (unit == SEPARATOR) {
        names.add(new StringBuilder());
      } else {
        boolean isEscaped = unit == ESCAPE && i + 3 < bytes.length;
        i += isEscaped ? 2 : 0;
        names.get(names.size() - 1).append((char) (isEscaped ? unit(bytes, i) - 1 : unit));
      }
    }
    if (names.size() != 3) {
      throw new IllegalStateException(
          "The column list_key of a grant holds %d names in place of 3: somebody else has written it."
              .formatted(names.size()));
    }
    return new GrantKey(names.get(0).toString(), names.get(2).toString(), names.get(1).toString());
  }

  /** The later of two. */
  static byte[] max(byte[] one, byte[] other) {
    return Arrays.compareUnsigned(one, other) < 0 ? other : one;
  }

  private static int unit(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | (bytes[at + 1] & 0xff);
  }

  private static final class Encoder {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Encoder text(String text) {
      for (int i = 0; i < text.length(); i++) {
        char each = text.charAt(i);
        if (each <= ESCAPE) {
          unit(ESCAPE).unit(each + 1);
        } else {
          unit(each);
        }
      }
      return this;
    }

    Encoder unit(int unit) {
      out.write(unit >>> 8);
      out.write(unit);
      return this;
    }

    byte[] bytes() {
      return out.toByteArray();
    }
  }
}
