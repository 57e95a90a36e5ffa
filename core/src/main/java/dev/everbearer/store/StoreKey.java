package dev.everbearer.store;

import dev.everbearer.jose.Base64Url;
import dev.everbearer.jose.Sealing;
import java.security.SecureRandom;
import java.util.Objects;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** A key that stores encrypt by (AES, 256 bits). Immutable and thread-safe; prints no key. */
public final class StoreKey {

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int ID_BYTES = 6;
  private static final int KEY_BYTES = Sealing.KEY_BITS / 8;

  private final String id;
  private final SecretKey key;

  private StoreKey(String id, SecretKey key) {
    this.id = id;
    this.key = key;
  }

  /**
   * A key of yours.
   *
   * @param id tells it from others; it stands beside what was encrypted, for all to see
   * @throws IllegalArgumentException if the id is empty, or the key has not 256 bits
   */
  public static StoreKey of(String id, SecretKey key) {
    byte[] encoded = key.getEncoded();
    if (encoded != null && encoded.length != KEY_BYTES) {
      throw new IllegalArgumentException(
          "A key of a store has 256 bits, and this one has %d.".formatted(encoded.length * 8));
    }
    if (id.isEmpty()) {
      throw new IllegalArgumentException("A key of a store has an id.");
    }
    return new StoreKey(id, key);
  }

  /** A new key with a new id. */
  public static StoreKey generate() {
    byte[] id = new byte[ID_BYTES];
    byte[] key = new byte[KEY_BYTES];
    RANDOM.nextBytes(id);
    RANDOM.nextBytes(key);
    return new StoreKey(Base64Url.encode(id), new SecretKeySpec(key, "AES"));
  }

  /** What tells it from others. */
  public String id() {
    return id;
  }

  /** The key itself. */
  public SecretKey key() {
    return key;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StoreKey that && id.equals(that.id) && key.equals(that.key);
  }

  @Override
  public int hashCode() {
    return Objects.hash(id, key);
  }

  /** The id alone. */
  @Override
  public String toString() {
    return "StoreKey[" + id + "]";
  }
}
