package dev.everbearer.http.internal;

import dev.everbearer.http.Attempt;
import dev.everbearer.http.Decision;
import dev.everbearer.http.OutgoingRequest;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A caller's request: described for the decision, and copied for each sending. */
final class CallersRequest implements OutgoingRequest {

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
    HttpRequest.Builder copy = HttpRequest.newBuilder(request, (name, value) -> true);
    if (!send.uri().equals(request.uri())) {
      copy.uri(send.uri());
    }
    send.headers().forEach(copy::setHeader);
    if (body instanceof BufferingBody buffering) {
      copy.method(request.method(), buffering);
    }
    // A used-up limit still gets one millisecond: the client then says so in its own way.
    if (request.timeout().isPresent()) {
      Duration left = attempt.timeLeft();
      copy.timeout(left.isZero() ? Duration.ofMillis(1) : left);
    }
    return copy.build();
  }
}
