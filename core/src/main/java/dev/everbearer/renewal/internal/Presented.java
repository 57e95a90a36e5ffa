package dev.everbearer.renewal.internal;

import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.token.Failure;
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
      e.failure()
          .filter(request::isRefusedBy)
          .ifPresent(failure -> last = new Refusal(request.presented(), failure));
      throw e;
    }
  }

  private static Failure notAgain(Failure failure) {
    Failure.Builder again =
        Failure.builder(
                failure.kind(),
                "Nothing was sent, for the source still gives what the server has refused already."
                    + " Give it a new one. The refusal was: "
                    + failure.message())
            .status(failure.status())
            .error(
                failure.error().orElse("invalid_grant"),
                failure.errorDescription().orElse(null),
                failure.errorUri().orElse(null));
    failure.endpoint().ifPresent(again::endpoint);
    return again.build();
  }
}
