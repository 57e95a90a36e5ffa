package dev.everbearer.store;

import dev.everbearer.jose.Sealing;
import dev.everbearer.jose.Sealing.KeyMissingException;
import dev.everbearer.jose.Sealing.SealBrokenException;
import dev.everbearer.store.SealedRecords.BrokenRecordException;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.nio.charset.StandardCharsets;

/**
 * What an outbox keeps of one grant, as a file: a line with its sealed key, by which the grant is
 * found again, and the sealed record. An entry opens in the outbox and under the name that it was
 * written for alone.
 *
 * @param key whose answer it is
 * @param record with what the server gave
 */
record OutboxEntry(GrantKey key, GrantRecord record) {

  private static final String PURPOSE = "outbox";
  private static final String PLAIN = "plain:";
  private static final int MAX_MEMBERS = 10;

  /** Why a file is none, as the rest of a sentence on it; repeats nothing of it. */
  static final class BrokenEntryException extends Exception {

    private static final long serialVersionUID = 1L;

    private final boolean isKeyMissing;

    BrokenEntryException(String message, boolean isKeyMissing) {
      super(message);
      this.isKeyMissing = isKeyMissing;
    }

    /** The message, which is never null. */
    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }

    /** Whether it may well be whole: only the key that it was sealed by is missing here. */
    boolean isKeyMissing() {
      return isKeyMissing;
    }
  }

  /** Seals entries by keys. */
  static final class Seal {

    private final StoreKeys keys;
    private final Sealing sealing;
    private final SealedRecords records;

    Seal(StoreKeys keys, SealedRecords records) {
      this.keys = keys;
      this.records = records;
      this.sealing =
          new Sealing(
              () ->
                  keys.keys().stream()
                      .map(each -> new Sealing.Key(each.id(), each.key()))
                      .toList());
    }

    /**
     * An entry as the content of its file.
     *
     * @param owner whose outbox it is in
     */
    byte[] sealed(String owner, OutboxEntry entry) {
      byte[] line = line(entry);
      String sealedKey =
          keys == StoreKeys.plainText()
              ? PLAIN + new String(line, StandardCharsets.UTF_8)
              : sealing.seal(line, place(owner, entry.key().digest()), entry.record().version());
      return (sealedKey + "\n" + records.seal(entry.key(), entry.record()))
          .getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] line(OutboxEntry entry) {
      JsonWriter all = new JsonWriter();
      all.put("registration", entry.key().registration());
      all.put("grant_type", entry.key().grantType());
      all.put("subject", entry.key().subject());
      all.put("version", entry.record().version());
      return all.encoded();
    }

    /**
     * An entry from its file.
     *
     * @param digest of its key: the name of the file
     */
    OutboxEntry opened(String owner, String digest, byte[] content) throws BrokenEntryException {
      String[] lines = new String(content, StandardCharsets.UTF_8).split("\n", -1);
      if (lines.length != 2) {
        throw new BrokenEntryException("it is cut off, or something follows it", false);
      }
      try {
        return opened(owner, digest, lines[0], lines[1]);
      } catch (KeyMissingException e) {
        throw new BrokenEntryException(e.getMessage(), true);
      } catch (SealBrokenException e) {
        throw new BrokenEntryException(e.getMessage(), false);
      } catch (BrokenRecordException e) {
        throw new BrokenEntryException(e.getMessage(), e.isKeyMissing());
      } catch (BrokenJsonException | IllegalArgumentException | ArithmeticException e) {
        throw new BrokenEntryException("it does not say whose grant it is", false);
      }
    }

    private OutboxEntry opened(String owner, String digest, String sealedKey, String record)
        throws SealBrokenException, BrokenRecordException, BrokenJsonException {
      JsonReader line = JsonReader.of(line(owner, digest, sealedKey), MAX_MEMBERS);
      GrantKey key =
          new GrantKey(line.text("registration"), line.text("grant_type"), line.text("subject"));
      if (!key.digest().equals(digest)) {
        throw new IllegalArgumentException("Another grant's.");
      }
      return new OutboxEntry(key, records.open(key, record, line.number("version")));
    }

    private byte[] line(String owner, String digest, String sealedKey) throws SealBrokenException {
      return keys == StoreKeys.plainText() && sealedKey.startsWith(PLAIN)
          ? sealedKey.substring(PLAIN.length()).getBytes(StandardCharsets.UTF_8)
          : sealing.open(sealedKey, place(owner, digest)).content();
    }

    private static Sealing.Place place(String owner, String digest) {
      return new Sealing.Place(PURPOSE, owner + "/" + digest);
    }
  }
}
