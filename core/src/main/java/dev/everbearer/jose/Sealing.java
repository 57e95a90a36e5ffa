package dev.everbearer.jose;

import com.nimbusds.jose.EncryptionMethod;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWEHeader;
import com.nimbusds.jose.JWEObject;
import com.nimbusds.jose.Payload;
import com.nimbusds.jose.crypto.DirectDecrypter;
import com.nimbusds.jose.crypto.DirectEncrypter;
import java.math.BigDecimal;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.crypto.SecretKey;

/**
 * Seals what is kept at rest: a compact JWE of {@code dir} and A256GCM (RFC 7516, RFC 7518). What
 * an entry belongs to and its version stand in the protected header, so that an entry in the place
 * of another does not open. Thread-safe.
 */
public final class Sealing {

  /** How many bits a key has. */
  public static final int KEY_BITS = 256;

  private static final JOSEObjectType TYPE = new JOSEObjectType("everbearer-sealed");
  private static final String PLACE = "place";
  private static final String VERSION = "version";
  private static final int PARTS = 5;

  /**
   * A key.
   *
   * @param id stands in the header, for all to see
   * @param secret of {@link #KEY_BITS} bits
   */
  public record Key(String id, SecretKey secret) {

    /** The id alone. */
    @Override
    public String toString() {
      return "Key[" + id + "]";
    }
  }

  /**
   * What an entry belongs to; only its digest is written.
   *
   * @param purpose what kind of entry it is
   * @param id which of its kind
   */
  public record Place(String purpose, String id) {

    private String digest() {
      return Sha256.base64Url(purpose + "\n" + id);
    }
  }

  /** What was sealed. */
  public static final class Opened {

    private final byte[] content;
    private final long version;

    private Opened(byte[] content, long version) {
      this.content = content;
      this.version = version;
    }

    /** The bytes. */
    public byte[] content() {
      return content.clone();
    }

    /** The version that they were sealed as. */
    public long version() {
      return version;
    }

    /** The version alone. */
    @Override
    public String toString() {
      return "Opened[version=" + version + "]";
    }
  }

  /** Why an entry does not open, as the rest of a sentence on it; repeats nothing of it. */
  public static sealed class SealBrokenException extends Exception permits KeyMissingException {

    private static final long serialVersionUID = 1L;

    SealBrokenException(String message) {
      super(message);
    }

    /** The message, which is never null. */
    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** The key is not among those given: with it, the entry may well open. */
  public static final class KeyMissingException extends SealBrokenException {

    private static final long serialVersionUID = 1L;

    KeyMissingException() {
      super("it is sealed by a key that is not among those given");
    }
  }

  private final Supplier<List<Key>> keys;

  /**
   * Seals by keys.
   *
   * @param keys asked each time; the first one seals, all open
   */
  public Sealing(Supplier<List<Key>> keys) {
    this.keys = keys;
  }

  /**
   * Seals an entry by the newest key.
   *
   * @param version counts the writes of an entry, for stores that do
   * @throws IllegalStateException if there is no key
   */
  public String seal(byte[] content, Place place, long version) {
    Key key = newest();
    JWEHeader header =
        new JWEHeader.Builder(JWEAlgorithm.DIR, EncryptionMethod.A256GCM)
            .type(TYPE)
            .keyID(key.id())
            .customParam(PLACE, place.digest())
            .customParam(VERSION, version)
            .build();
    JWEObject object = new JWEObject(header, new Payload(content));
    try {
      object.encrypt(new DirectEncrypter(key.secret()));
    } catch (JOSEException e) {
      throw new IllegalStateException("The key %s cannot seal.".formatted(key.id()), e);
    }
    return object.serialize();
  }

  private Key newest() {
    List<Key> all = keys.get();
    if (all.isEmpty()) {
      throw new IllegalStateException(
          "There is no key to encrypt by, and nothing was written: the StoreKeys gave an empty"
              + " list. Have it give one key or more, the newest first.");
    }
    return all.get(0);
  }

  /**
   * Opens an entry.
   *
   * @throws KeyMissingException if it was sealed for this place, by none of the keys
   * @throws SealBrokenException if it was not sealed for this place, or was changed since
   */
  public Opened open(String sealed, Place place) throws SealBrokenException {
    String[] parts = sealed.split("\\.", PARTS + 1);
    if (parts.length != PARTS) {
      throw new SealBrokenException("it is not sealed");
    }
    Map<String, Object> header = header(parts);
    // 1. By what it is sealed.
    boolean isOurs =
        JWEAlgorithm.DIR.getName().equals(header.get("alg"))
            && EncryptionMethod.A256GCM.getName().equals(header.get("enc"))
            && TYPE.getType().equals(header.get("typ"));
    if (!isOurs || !(header.get(VERSION) instanceof BigDecimal version)) {
      throw new SealBrokenException("it is not sealed as everything here is");
    }
    // 2. That it is not another entry.
    if (!place.digest().equals(header.get(PLACE))) {
      throw new SealBrokenException("it is another entry, put in the place of this one");
    }
    // 3. That nobody changed it.
    Key key = key(String.valueOf(header.get("kid")));
    return new Opened(decrypted(sealed, key), version.longValue());
  }

  private static Map<String, Object> header(String[] parts) throws SealBrokenException {
    try {
      return JweReader.header(parts);
    } catch (InvalidJwtException e) {
      throw new SealBrokenException(e.getMessage());
    }
  }

  private Key key(String id) throws SealBrokenException {
    return keys.get().stream()
        .filter(each -> each.id().equals(id))
        .findFirst()
        .orElseThrow(KeyMissingException::new);
  }

  private static byte[] decrypted(String sealed, Key key) throws SealBrokenException {
    try {
      JWEObject object = JWEObject.parse(sealed);
      object.decrypt(new DirectDecrypter(key.secret()));
      return object.getPayload().toBytes();
    } catch (ParseException | JOSEException | IllegalStateException e) {
      throw new SealBrokenException(
          "it was changed, or the key %s is not the one that sealed it".formatted(key.id()));
    }
  }
}
