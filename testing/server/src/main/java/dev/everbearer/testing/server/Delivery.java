package dev.everbearer.testing.server;

import java.time.Duration;

/**
 * How the bytes of an answer reach the client.
 *
 * @param mode what makes the bytes
 * @param announcedLength the Content-Length to announce, in bytes; -1 for the true one
 * @param pace the pause before each byte of the body; zero to send it at once
 * @param ending what happens to the connection afterwards
 */
record Delivery(Mode mode, int announcedLength, Duration pace, Ending ending) {

  /** What makes the bytes of the answer. */
  enum Mode {
    /** Status, header fields and body make an HTTP message. */
    MESSAGE,
    /** The body is sent as it is. */
    RAW,
    /** A head and then chunks without end. */
    ENDLESS
  }

  /** What happens to the connection after the last byte. */
  enum Ending {
    /** It serves the next request. */
    KEEP,
    /** It stays open, says nothing more and takes in whatever the client sends. */
    HOLD,
    /** It is closed in an orderly way. */
    CLOSE,
    /** It is reset. */
    RESET
  }

  static final Delivery PLAIN = new Delivery(Mode.MESSAGE, -1, Duration.ZERO, Ending.KEEP);

  static Delivery raw(Ending ending) {
    return new Delivery(Mode.RAW, -1, Duration.ZERO, ending);
  }

  static Delivery announcing(int length, Ending ending) {
    return new Delivery(Mode.MESSAGE, length, Duration.ZERO, ending);
  }

  Delivery endingIn(Ending other) {
    return new Delivery(mode, announcedLength, pace, other);
  }

  /** Whether the HTTP server can send the answer itself. */
  boolean isOrdinary() {
    return equals(PLAIN);
  }
}
