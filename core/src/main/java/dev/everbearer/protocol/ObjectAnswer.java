package dev.everbearer.protocol;

import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An answer that is one JSON object with status 200, as most endpoints give it. */
final class ObjectAnswer {

  private static final Set<String> TOLERATED_MEDIA_TYPES = Set.of("", "text/plain");

  private final HttpAnswer answer;
  private final ErrorReader errors;
  private final boolean isStrict;

  ObjectAnswer(Exchange exchange) {
    this(exchange.answer(), exchange.errors(), exchange.profile().isStrict());
  }

  ObjectAnswer(HttpAnswer answer, ErrorReader errors, boolean isStrict) {
    this.answer = answer;
    this.errors = errors;
    this.isStrict = isStrict;
  }

  /**
   * The members.
   *
   * @throws OAuthException if the answer is anything else
   */
  Map<String, Object> members() {
    requireSuccess();
    return object();
  }

  /** As {@link #members}, whatever the status. */
  Map<String, Object> object() {
    String mediaType = answer.mediaType();
    boolean isTolerated = mediaType.endsWith("+json") || TOLERATED_MEDIA_TYPES.contains(mediaType);
    if (!mediaType.equals("application/json") && (isStrict || !isTolerated)) {
      throw unusable("it is not application/json");
    }
    try {
      return requireNoError(StrictJson.object(answer.body()));
    } catch (BrokenJsonException e) {
      throw unusable(e.getMessage());
    }
  }

  /** Only status 200 is success; an error is one by any other. */
  void requireSuccess() {
    if (answer.status() != 200) {
      throw errors.read(answer).toException();
    }
  }

  /** Some servers answer 200 to everything. */
  private Map<String, Object> requireNoError(Map<String, Object> members) {
    if (ErrorReader.isError(members)) {
      throw errors.read(answer, members).toException();
    }
    return members;
  }

  OAuthException unusable(@Nullable String why) {
    return errors.unusable(answer, why).toException();
  }
}
