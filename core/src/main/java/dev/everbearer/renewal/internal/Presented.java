package dev.everbearer.renewal.internal;

import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sends no statement of another a second time once the server has refused it (RFC 7521 section
 * 4.1.1): the next request waits until its source gives a new one.
 */
final class Presented {

  /**
   * What was refused.
   *
   * @param statements what was presented
   * @param failure the answer
   */
  private record Refusal(List<Secret> statements, Failure failure) {}

  private volatile @Nullable Refusal last;

  /** The answer to a request, unless it presents just what was refused the last time. */
  Answer ask(GrantExchange exchange, TokenRequest request, Duration deadline)
      throws InterruptedException {
    Refusal refusal = last;
    if (refusal != null && refusal.statements().equals(request.presented())) {
      throw notAgain(refusal.failure()).toException();
    }
    try {
      Answer answer = exchange.ask(request, deadline);
      last = null;
      return answer;
    } catch (OAuthException e) {
      Failure failure = e.failure().filter(request::isRefusedBy).orElse(null);
      if (failure == null) {
        throw e;
      }
      last = new Refusal(request.presented(), failure);
      throw over(failure, failure.message()).toException();
    }
  }

  private static Failure notAgain(Failure failure) {
    return over(
        failure,
        "Nothing was sent, for the source still gives what the server has refused already. Give it"
            + " a new one. The refusal was: "
            + failure.message());
  }

  /** Whatever the server calls it: the next statement may be sent as soon as there is one. */
  private static Failure over(Failure failure, String message) {
    Failure.Builder over =
        Failure.builder(FailureKind.INVALID_GRANT, message)
            .status(failure.status())
            .error(
                failure.error().orElse("invalid_grant"),
                failure.errorDescription().orElse(null),
                failure.errorUri().orElse(null));
    failure.endpoint().ifPresent(over::endpoint);
    return over.build();
  }
}
