package dev.everbearer.renewal.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Talks to the token endpoint for one grant, within the client's cap on calls under way. */
final class GrantExchange {

  private final Grant grant;
  private final GrantContext context;

  GrantExchange(Grant grant, GrantContext context) {
    this.grant = grant;
    this.context = context;
  }

  Answer ask(TokenRequest request, Duration deadline) throws InterruptedException {
    try (Permit permit = permit(deadline)) {
      return permit.ask(request, deadline);
    }
  }

  /** Leave to make one call, within the client's cap; given back after it, or by closing it. */
  Permit permit(Duration deadline) throws InterruptedException {
    if (!context.exchanges().tryAcquire(deadline.toNanos(), TimeUnit.NANOSECONDS)) {
      throw busy("too many calls to the authorization server are under way");
    }
    return new Permit();
  }

  /** See {@link #permit}. */
  final class Permit implements AutoCloseable {

    private boolean isGivenBack;

    private Permit() {}

    Answer ask(TokenRequest request, Duration deadline) throws InterruptedException {
      try {
        return requireAccessToken(context.endpoint().request(request, deadline));
      } finally {
        close();
      }
    }

    @Override
    public void close() {
      if (!isGivenBack) {
        isGivenBack = true;
        context.exchanges().release();
      }
    }
  }

  /** What a token exchange gave may be anything (RFC 8693 section 2.2.1). */
  private Answer requireAccessToken(Answer answer) {
    if (answer.tokens().accessToken().isSendable()) {
      return answer;
    }
    throw Failure.builder(
            FailureKind.REFUSED,
            "The server gave a token for %s that is no access token (token_type N_A), so it is"
                    .formatted(grant)
                + " neither kept nor sent to an API. Get it by OAuthClient.fetch, or ask for an"
                + " access token by requestedTokenType(...).")
        .endpoint(answer.server().tokenEndpoint())
        .status(200)
        .build()
        .toException();
  }

  OAuthException busy(String why) {
    return Failure.builder(FailureKind.SERVER_TROUBLE, "No token for %s: %s.".formatted(grant, why))
        .build()
        .toException();
  }

  /** Whether what the record holds came from the server that is configured now. */
  boolean isOfThisServer(GrantRecord record) throws InterruptedException {
    ServerIdentity givenBy = record.server().orElse(null);
    return givenBy == null || givenBy.isSameServer(thisServer());
  }

  void requireThisServer(GrantRecord record) throws InterruptedException {
    if (!isOfThisServer(record)) {
      throw Failure.builder(
              FailureKind.REFUSED,
              "The refresh token was given by %s and is not sent to %s. Log in there, or configure"
                      .formatted(record.server().orElseThrow(), thisServer())
                  + " the server that gave it.")
          .build()
          .toException();
    }
  }

  private ServerIdentity thisServer() throws InterruptedException {
    return ServerIdentity.of(context.endpoint().server());
  }

  static FailureKind kind(OAuthException e) {
    return e.failure().map(Failure::kind).orElse(FailureKind.REFUSED);
  }
}
