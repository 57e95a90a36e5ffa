package dev.everbearer.http.internal;

import dev.everbearer.http.Attempt;
import dev.everbearer.http.Decision;
import dev.everbearer.http.OutgoingRequest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A caller's request: described for the decision, and copied for each sending. */
final class CallersRequest implements OutgoingRequest {

  /** Requests of newer platforms hold more than an heir of this one can know of. */
  private static final boolean HAS_OPTIONS =
      Stream.of(HttpRequest.class.getMethods())
          .anyMatch(method -> method.getName().equals("getOption"));

  private final HttpRequest request;
  private final @Nullable BodyPublisher body;

  /**
   * The caller's request.
   *
   * @param bufferedBytes up to which size a one-shot body is kept for a replay; 0 keeps none
   */
  CallersRequest(HttpRequest request, int bufferedBytes) {
    this.request = request;
    boolean buffers = bufferedBytes > 0 && !ReplayableBodies.isReplayable(request);
    BodyPublisher original = request.bodyPublisher().orElse(null);
    this.body = buffers && original != null ? new BufferingBody(original, bufferedBytes) : original;
  }

  @Override
  public URI uri() {
    return request.uri();
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public boolean hasAuthorization() {
    return request.headers().firstValue("Authorization").isPresent();
  }

  @Override
  public boolean isReplayable() {
    return body == null || ReplayableBodies.isReplayable(body);
  }

  /** The platform's client repeats these by itself, and has no switch for it. */
  @Override
  public boolean mayRepeatItself() {
    return method().equals("GET") || method().equals("HEAD");
  }

  @Override
  public Optional<Duration> timeout() {
    return request.timeout();
  }

  /** What is put on the wire for one sending. */
  HttpRequest toSend(Decision.Send send, Attempt attempt) {
    Duration limit = request.timeout().isPresent() ? limit(attempt) : null;
    return HAS_OPTIONS ? copy(send, limit) : new AuthorizedRequest(request, send, body, limit);
  }

  /** A used-up limit still gets one millisecond: the client then says so in its own way. */
  private static Duration limit(Attempt attempt) {
    Duration left = attempt.timeLeft();
    return left.isZero() ? Duration.ofMillis(1) : left;
  }

  /** The platform's own copy, with what a newer platform may have put into a request. */
  HttpRequest copy(Decision.Send send, @Nullable Duration limit) {
    HttpRequest.Builder copy = HttpRequest.newBuilder(request, (name, value) -> true);
    if (send.redirect() != null) {
      copy.uri(send.redirect());
    }
    send.headers().forEach(copy::setHeader);
    if (body instanceof BufferingBody buffering) {
      copy.method(request.method(), buffering);
    }
    if (limit != null) {
      copy.timeout(limit);
    }
    return copy.build();
  }
}
