package dev.everbearer.store;

import dev.everbearer.store.internal.PrivateFiles;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.JsonBody;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Keys in a file: a JWK set (RFC 7517) of {@code oct} keys, the newest first, that only its owner
 * may read. Whoever has it can read what is encrypted by it, so keep it out of the backup of that.
 * Thread-safe.
 */
public final class KeyFile implements StoreKeys {

  private final Path file;

  private KeyFile(Path file) {
    this.file = file.toAbsolutePath();
  }

  /**
   * The keys of a file. Nothing is read before they are needed. A file that is missing then is made
   * with a new key and mode 0600, directories that are missing with mode 0700; of several programs
   * that do so at once one makes it, and all read it.
   */
  public static KeyFile at(Path file) {
    return new KeyFile(file);
  }

  /**
   * {@inheritDoc}
   *
   * @throws OAuthException when the file cannot be read or made, when it is broken, and when others
   *     than its owner may read it
   */
  @Override
  public List<StoreKey> keys() {
    try {
      try {
        return read();
      } catch (NoSuchFileException e) {
        boolean unused = PrivateFiles.create(file, document(List.of(StoreKey.generate())));
        return read();
      }
    } catch (IOException e) {
      throw failure("cannot be read or made (" + e.getClass().getSimpleName() + ")", e);
    }
  }

  /**
   * Adds a new key, which encrypts from now on; what older ones encrypted is read as before. Not
   * for two programs at once.
   *
   * @return the new key
   * @throws OAuthException when the file cannot be read or written
   */
  public StoreKey rotate() {
    StoreKey added = StoreKey.generate();
    List<StoreKey> all = new ArrayList<>(keys());
    all.add(0, added);
    try {
      PrivateFiles.replace(file, document(all));
    } catch (IOException e) {
      throw failure("cannot be written (" + e.getClass().getSimpleName() + ")", e);
    }
    return added;
  }

  private List<StoreKey> read() throws IOException {
    byte[] content = Files.readAllBytes(file);
    if (!PrivateFiles.isPrivate(file)) {
      throw failure("may be read by others than its owner: chmod 600 it", null);
    }
    try {
      if (StrictJson.object(content).get("keys") instanceof List<?> list && !list.isEmpty()) {
        return list.stream().map(KeyFile::key).toList();
      }
    } catch (BrokenJsonException | IllegalArgumentException e) {
      // Told below, without a word of what it holds.
    }
    throw failure("is no JWK set of symmetric keys: restore it from a copy", null);
  }

  private static StoreKey key(Object jwk) {
    if (jwk instanceof Map<?, ?> members
        && "oct".equals(members.get("kty"))
        && members.get("kid") instanceof String id
        && members.get("k") instanceof String encoded) {
      return StoreKey.of(id, new SecretKeySpec(Base64.getUrlDecoder().decode(encoded), "AES"));
    }
    throw new IllegalArgumentException("Not a symmetric key.");
  }

  private static byte[] document(List<StoreKey> keys) {
    List<Map<String, Object>> jwks = keys.stream().map(KeyFile::jwk).toList();
    return new JsonBody(Map.of("keys", jwks)).encoded().getBytes(StandardCharsets.UTF_8);
  }

  private static Map<String, Object> jwk(StoreKey key) {
    String encoded = Base64.getUrlEncoder().withoutPadding().encodeToString(key.key().getEncoded());
    return Map.of("kty", "oct", "kid", key.id(), "alg", "A256GCM", "k", encoded);
  }

  private OAuthException failure(String why, @Nullable Throwable cause) {
    return Failure.builder(FailureKind.REFUSED, "The key file %s %s.".formatted(file, why))
        .cause(cause)
        .build()
        .toException();
  }

  /** Where it is. */
  @Override
  public String toString() {
    return "KeyFile[" + file + "]";
  }
}
