package dev.everbearer.login.internal;

import dev.everbearer.grant.Grant;
import dev.everbearer.protocol.PendingLogin;
import dev.everbearer.protocol.TokenEndpoint;
import dev.everbearer.protocol.TokenEndpoint.Answer;
import dev.everbearer.protocol.TokenRequest;
import dev.everbearer.renewal.internal.Repetition;
import dev.everbearer.renewal.internal.Timing;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.wire.EndpointRules;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Logins under way on other devices, from their begin to their tokens. Thread-safe. */
public final class RemoteLogins implements AutoCloseable {

  /** No login waits longer, whatever the server allows. */
  static final Duration LONGEST = Duration.ofHours(1);

  private final TokenEndpoint endpoint;
  private final IdTokenCheck idTokens;
  private final EndpointRules rules;
  private final Duration exchangeTimeout;
  private final Set<Poller> underWay = ConcurrentHashMap.newKeySet();
  private volatile boolean isClosed;

  /**
   * The logins of one client.
   *
   * @param exchangeTimeout the longest exchange, body included
   */
  public RemoteLogins(
      TokenEndpoint endpoint,
      IdTokenCheck idTokens,
      EndpointRules rules,
      Duration exchangeTimeout) {
    this.endpoint = endpoint;
    this.idTokens = idTokens;
    this.rules = rules;
    this.exchangeTimeout = exchangeTimeout;
  }

  EndpointRules rules() {
    return rules;
  }

  AuthorizationServer server() throws InterruptedException {
    return endpoint.server();
  }

  /** Makes the request that begins a login; nobody was asked yet, so it may be repeated. */
  <T> T begin(Repetition.Call<T> request, Timing timing) throws InterruptedException {
    try {
      return new Repetition(timing).of(request, exchangeTimeout);
    } catch (OAuthException e) {
      throw LoginFailures.ofAsking(endpoint.server(), e);
    }
  }

  /**
   * Waits for the person's decision and fetches what it brings.
   *
   * @param known is given what waits, so that it can be woken
   */
  Answer finish(
      Grant grant,
      PendingLogin pending,
      TokenRequest request,
      Timing timing,
      Consumer<Poller> known)
      throws InterruptedException {
    try (Poller poller = new Poller(pending, timing)) {
      underWay.add(poller);
      known.accept(poller);
      if (isClosed) {
        throw new SourceClosedException();
      }
      try {
        return checked(
            grant, pending, poller.answer(() -> endpoint.request(request, exchangeTimeout)));
      } finally {
        underWay.remove(poller);
      }
    }
  }

  private Answer checked(Grant grant, PendingLogin pending, Answer answer)
      throws InterruptedException {
    if (!grant.scope().tokens().contains("openid")) {
      return answer;
    }
    try {
      IdToken idToken = idTokens.check(answer, grant, null, pending.sentAt());
      return idToken == null ? answer : answer.with(idToken);
    } catch (OAuthException e) {
      throw LoginFailures.ofAsking(pending.server(), e);
    }
  }

  /** Ends the logins that are under way, and lets none begin any more. */
  @Override
  public void close() {
    isClosed = true;
    underWay.forEach(Poller::close);
  }
}
