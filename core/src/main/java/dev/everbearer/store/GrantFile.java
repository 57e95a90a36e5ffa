package dev.everbearer.store;

import dev.everbearer.store.GrantSummary.State;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Arrays;

/**
 * A file with a grant: a line of JSON that can be listed, and the sealed record. Nothing
 * authenticates the line, so that it serves for lists alone; its version is what the sealed record
 * is held against.
 *
 * @param summary the line
 * @param sealed the record
 */
record GrantFile(GrantSummary summary, String sealed) {

  private static final int FORMAT = 1;
  private static final int MAX_MEMBERS = 100;

  /** Why a file is none, as the rest of a sentence on it; repeats nothing of it. */
  static final class NoGrantFileException extends Exception {

    private static final long serialVersionUID = 1L;

    NoGrantFileException(String message) {
      super(message);
    }

    /** The message, which is never null. */
    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  byte[] encoded() {
    byte[] line = line();
    byte[] record = sealed.getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(line, line.length + 1 + record.length);
    all[line.length] = '\n';
    System.arraycopy(record, 0, all, line.length + 1, record.length);
    return all;
  }

  private byte[] line() {
    JsonWriter all = new JsonWriter();
    all.put("format", FORMAT);
    all.put("registration", summary.key().registration());
    all.put("grant_type", summary.key().grantType());
    all.put("subject", summary.key().subject());
    all.put("state", summary.state().name());
    all.put("reason", summary.reason() == null ? null : summary.reason().name());
    all.put("version", summary.version());
    all.put("changed_at", summary.changedAt());
    all.put("expires_at", summary.expiresAt());
    return all.encoded();
  }

  static GrantFile of(byte[] content) throws NoGrantFileException {
    int end = 0;
    while (end < content.length && content[end] != '\n') {
      end++;
    }
    if (end == content.length) {
      throw new NoGrantFileException("it is cut off");
    }
    return new GrantFile(
        summary(Arrays.copyOf(content, end)),
        new String(content, end + 1, content.length - end - 1, StandardCharsets.UTF_8));
  }

  /** What the first line tells. */
  static GrantSummary summary(byte[] line) throws NoGrantFileException {
    try {
      JsonReader all = JsonReader.of(line, MAX_MEMBERS);
      if (all.number("format") != FORMAT) {
        throw new NoGrantFileException("another version of this program wrote it");
      }
      return summary(all);
    } catch (BrokenJsonException
        | IllegalArgumentException
        | DateTimeException
        | ArithmeticException e) {
      throw new NoGrantFileException("its first line is not what was written");
    }
  }

  private static GrantSummary summary(JsonReader all) {
    String reason = all.textOrNull("reason");
    return new GrantSummary(
        new GrantKey(all.text("registration"), all.text("grant_type"), all.text("subject")),
        State.valueOf(all.text("state")),
        reason == null ? null : Reason.named(reason),
        all.number("version"),
        all.instant("changed_at"),
        all.instantOrNull("expires_at"));
  }

  /** What can be listed. */
  @Override
  public String toString() {
    return "GrantFile[" + summary + "]";
  }
}
