package dev.everbearer.http;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** What the decision needs to know of a request; each HTTP adapter describes its own. */
public interface OutgoingRequest {

  /** Where it goes. */
  URI uri();

  /**
   * Whether it goes to an origin, if that can be seen without taking its URL apart; when it returns
   * false {@link #uri} is looked at. Asked for every request, so an adapter that has scheme, host
   * and port at hand compares these. By default the parts of {@link #uri}.
   */
  default boolean isPlainlyAt(Origin origin) {
    return origin.isSpelledIn(uri());
  }

  /** The HTTP method, in capitals. */
  String method();

  /** Whether the caller set {@code Authorization} itself; then nothing is attached. */
  boolean hasAuthorization();

  /**
   * Whether the same body can be sent once more. Asked before the first sending, for such a request
   * avoids a token that is about to end, and again when it was refused.
   */
  boolean isReplayable();

  /**
   * Whether the HTTP client may send it twice by itself, as some do when a pooled connection turns
   * out to be dead. An API that is shown a proof a second time refuses it; then, and only then, a
   * new proof is tried once, for GET and HEAD: any other request may have been carried out already.
   * By default it may not.
   */
  default boolean mayRepeatItself() {
    return false;
  }

  /** The caller's limit for everything: waiting, sending, replay. Empty when it set none. */
  Optional<Duration> timeout();
}
