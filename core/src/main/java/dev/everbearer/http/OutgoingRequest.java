package dev.everbearer.http;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** What the decision needs to know of a request; each HTTP adapter describes its own. */
public interface OutgoingRequest {

  /** Where it goes. */
  URI uri();

  /** The HTTP method, in capitals. */
  String method();

  /** Whether the caller set {@code Authorization} itself; then nothing is attached. */
  boolean hasAuthorization();

  /**
   * Whether the same body can be sent once more. Asked before the first sending, for such a request
   * avoids a token that is about to end, and again when it was refused.
   */
  boolean isReplayable();

  /** The caller's limit for everything: waiting, sending, replay. Empty when it set none. */
  Optional<Duration> timeout();
}
