package dev.everbearer.store;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The keys that a store encrypts by. An implementation of yours may ask a key management service;
 * it is thread-safe, may block, and is asked for each entry that is read or written.
 */
@FunctionalInterface
public interface StoreKeys {

  /**
   * The keys, the newest first: it encrypts, and all decrypt. Never empty: with no key a store
   * refuses to write ({@link IllegalStateException}).
   *
   * @throws dev.everbearer.token.OAuthException when they cannot be had
   */
  List<StoreKey> keys();

  /**
   * These keys.
   *
   * @param newest encrypts
   * @param older decrypt what they encrypted before
   */
  static StoreKeys of(StoreKey newest, StoreKey... older) {
    List<StoreKey> all = new ArrayList<>();
    all.add(Objects.requireNonNull(newest, "newest"));
    all.addAll(List.of(older));
    List<StoreKey> keys = List.copyOf(all);
    return () -> keys;
  }

  /**
   * No keys: what is kept can be read by whoever can read the store. For stores that encrypt by
   * themselves, and for looking on while developing; a store that is opened so says so in a
   * warning.
   */
  static StoreKeys plainText() {
    return PlainText.KEYS;
  }

  /** The keys of a file, which is made with a new key when there is none: as {@link KeyFile#at}. */
  static StoreKeys inFile(Path file) {
    return KeyFile.at(file);
  }

  /**
   * The keys of an environment variable: base64url of 32 bytes each, the newest first, with commas
   * between them. It is read once.
   *
   * @param name of capital letters, digits and underscores, at most 40
   * @throws IllegalArgumentException if it is not set, or holds anything else
   */
  static StoreKeys fromEnvironment(String name) {
    return EnvironmentKeys.of(name, System::getenv);
  }
}
