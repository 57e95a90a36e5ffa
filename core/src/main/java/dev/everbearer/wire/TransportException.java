package dev.everbearer.wire;

import org.jspecify.annotations.Nullable;

/** No whole answer came. Its message completes the sentence "the server ...". */
public final class TransportException extends Exception {

  private static final long serialVersionUID = 1L;

  private final Trouble trouble;
  private final int status;

  /** What went wrong, as far as it matters for trying again. */
  public enum Trouble {
    /** A URL that a server named leads where we do not go; no byte was sent. */
    FORBIDDEN,
    /** We are closed; no byte was sent. */
    CLOSED,
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
    this(trouble, 0, message, cause);
  }

  TransportException(Trouble trouble, int status, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.trouble = trouble;
    this.status = status;
  }

  /** The HTTP status of an answer that cannot be read; 0 when none came. */
  public int status() {
    return status;
  }

  /** What went wrong. */
  public Trouble trouble() {
    return trouble;
  }
}
