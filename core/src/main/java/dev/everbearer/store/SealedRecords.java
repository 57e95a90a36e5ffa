package dev.everbearer.store;

import dev.everbearer.jose.Sealing;
import dev.everbearer.jose.Sealing.KeyMissingException;
import dev.everbearer.jose.Sealing.Opened;
import dev.everbearer.jose.Sealing.SealBrokenException;
import dev.everbearer.store.RecordCodec.NoRecordException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Turns the records of grants into text that a store can keep, and back: a JWE of {@code dir} and
 * A256GCM (RFC 7516), in which the grant's key and the record's version are authenticated, so that
 * neither another grant's record nor an older one opens in its place. For those who write a {@link
 * TokenStore}. Thread-safe.
 */
public final class SealedRecords {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store");
  private static final String PURPOSE = "grant";
  private static final String PLAIN = "plain:";

  /** Why what a store holds is no record of a grant. */
  public static final class BrokenRecordException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean isForeign;

    private BrokenRecordException(String message, boolean isForeign) {
      super(message);
      this.isForeign = isForeign;
    }

    /** The rest of a sentence on it, that repeats nothing of it. */
    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }

    /** Whether it may well be whole: only the key that it was sealed by is missing here. */
    public boolean isKeyMissing() {
      return isForeign;
    }
  }

  private final StoreKeys keys;
  private final Sealing sealing;

  private SealedRecords(StoreKeys keys) {
    this.keys = Objects.requireNonNull(keys, "keys");
    this.sealing =
        new Sealing(
            () ->
                keys.keys().stream().map(each -> new Sealing.Key(each.id(), each.key())).toList());
  }

  /**
   * Sealed by these keys. {@link StoreKeys#plainText()} warns, once for each store that is opened.
   *
   * @param where the store, for the warning
   */
  public static SealedRecords by(StoreKeys keys, String where) {
    if (keys == StoreKeys.plainText()) {
      LOG.log(
          System.Logger.Level.WARNING,
          "{0} keeps tokens in plain text, as its keys say: whoever can read it can use them.",
          where);
    }
    return new SealedRecords(keys);
  }

  /**
   * A record as text of ASCII characters.
   *
   * @throws IllegalStateException if there is no key
   */
  public String seal(GrantKey key, GrantRecord record) {
    byte[] content = RecordCodec.encode(record);
    return keys == StoreKeys.plainText()
        ? PLAIN + new String(content, StandardCharsets.UTF_8)
        : sealing.seal(content, place(key), record.version());
  }

  /**
   * A record as it was sealed.
   *
   * @param version that the store says it has
   * @throws BrokenRecordException if it is not that
   */
  public GrantRecord open(GrantKey key, String sealed, long version) throws BrokenRecordException {
    try {
      GrantRecord record = RecordCodec.decode(content(key, sealed, version));
      if (record.version() != version) {
        throw broken("it is another version of the record, put in the place of this one");
      }
      return record;
    } catch (NoRecordException e) {
      throw broken(e.getMessage());
    } catch (KeyMissingException e) {
      throw new BrokenRecordException(e.getMessage(), true);
    } catch (SealBrokenException e) {
      throw broken(e.getMessage());
    }
  }

  private byte[] content(GrantKey key, String sealed, long version)
      throws SealBrokenException, BrokenRecordException {
    if (keys == StoreKeys.plainText() && sealed.startsWith(PLAIN)) {
      return sealed.substring(PLAIN.length()).getBytes(StandardCharsets.UTF_8);
    }
    Opened opened = sealing.open(sealed, place(key));
    if (opened.version() != version) {
      throw broken("it is another version of the record, put in the place of this one");
    }
    return opened.content();
  }

  private static Sealing.Place place(GrantKey key) {
    return new Sealing.Place(PURPOSE, key.digest());
  }

  private static BrokenRecordException broken(String why) {
    return new BrokenRecordException(why, false);
  }
}
