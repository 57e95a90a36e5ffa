package dev.everbearer.store.redis;

import dev.everbearer.store.GrantKey;
import java.util.regex.Pattern;

/**
 * The names of keys. What stands in braces decides on the slot of a cluster: all of one grant is in
 * one.
 */
record Keys(String prefix) {

  static final String PREFIX = "everbearer:";

  private static final Pattern ALLOWED = Pattern.compile("[A-Za-z0-9_.:-]{1,60}");

  Keys {
    if (!ALLOWED.matcher(prefix).matches()) {
      throw new IllegalArgumentException(
          "The prefix of the keys is not 1 to 60 of a-z, A-Z, 0-9, and _ . : -");
    }
  }

  /** A hash, for each grant. */
  String grant(GrantKey key) {
    return prefix + "grant:{" + key.digest() + "}";
  }

  /** Where a broken one is kept that was noticed then. */
  String corrupt(GrantKey key, long micros) {
    return "%scorrupt:{%s}:%d".formatted(prefix, key.digest(), micros);
  }

  /** A sorted set, for each registration. */
  String index(String registration) {
    return prefix + "grants:{" + new GrantKey(registration, "", "").digest() + "}";
  }

  /** The channel on which changes are told. */
  String changed() {
    return prefix + "changed";
  }
}
