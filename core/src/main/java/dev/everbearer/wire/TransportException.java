package dev.everbearer.wire;

import org.jspecify.annotations.Nullable;

/** No whole answer came. Its message completes the sentence "the server ...". */
public final class TransportException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Trouble trouble;

  /** What went wrong, as far as it matters for trying again. */
  public enum Trouble {
    /** No byte was sent. */
    NOT_CONNECTED,
    /** The server's certificate or host name is not valid. */
    UNTRUSTED_SERVER,
    /** The request may have been processed. */
    UNCLEAR,
    /** An answer came that cannot be read: over the cap, or encoded. */
    UNREADABLE
  }

  TransportException(Trouble trouble, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.trouble = trouble;
  }

  /** What went wrong. */
  public Trouble trouble() {
    return trouble;
  }
}
