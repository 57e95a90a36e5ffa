package dev.everbearer.store;

import dev.everbearer.jose.Sha256;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Keys from a variable of the environment. */
final class EnvironmentKeys {

  private static final Pattern NAME = Pattern.compile("[A-Z][A-Z0-9_]{0,39}");
  private static final int ID_LENGTH = 8;
  private static final String REMEDY =
      " Set it to 32 random bytes as base64url, such as `openssl rand -base64 32 | tr '+/' '-_'`"
          + " prints; for several keys put commas between them, the newest first.";

  private EnvironmentKeys() {}

  static StoreKeys of(String name, UnaryOperator<@Nullable String> environment) {
    // What is no such name may be a key that was given in its place, and is not shown.
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "A variable with keys has a name of at most 40 capital letters, digits and underscores;"
              + " give the name, not the key.");
    }
    String value = environment.apply(name);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(
          "The environment variable %s, which is to hold the key of the store, is not set."
                  .formatted(name)
              + REMEDY);
    }
    List<StoreKey> keys =
        Arrays.stream(value.split(",", -1)).map(each -> key(name, each.strip())).toList();
    return () -> keys;
  }

  private static StoreKey key(String name, String encoded) {
    try {
      byte[] key = Base64.getUrlDecoder().decode(encoded);
      // The same key has the same id everywhere, and nobody has to choose one.
      String id = Sha256.base64Url(encoded.replace("=", "")).substring(0, ID_LENGTH);
      return StoreKey.of(id, new SecretKeySpec(key, "AES"));
    } catch (IllegalArgumentException e) {
      // Without its cause, which may quote the key.
      throw new IllegalArgumentException(
          "The environment variable %s holds no key of 256 bits.".formatted(name) + REMEDY);
    }
  }
}
