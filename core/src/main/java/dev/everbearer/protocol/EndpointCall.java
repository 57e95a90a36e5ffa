package dev.everbearer.protocol;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientAuthentication.Parts;
import dev.everbearer.client.ClientAuthentication.Target;
import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.protocol.EndpointCaller.Post;
import dev.everbearer.protocol.EndpointCaller.Reader;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthErrorException;
import java.time.Duration;

/**
 * One post with its repetitions, within one deadline. Each request is authenticated anew, for an
 * assertion is good once. Not thread-safe.
 */
final class EndpointCall<T> {

  private static final int MAX_NONCE_RETRIES = 2;

  private final EndpointCaller caller;
  private final ClientAuthentication authentication;
  private final Post post;
  private final Reader<T> reader;
  private final long startedAt;
  private Target target;
  private Parts parts;
  private int nonceRetries;
  private boolean wasClientRefused;

  EndpointCall(
      EndpointCaller caller,
      ClientAuthentication authentication,
      Target target,
      Post post,
      Reader<T> reader) {
    this.caller = caller;
    this.authentication = authentication;
    this.target = target;
    this.post = post;
    this.reader = reader;
    this.startedAt = caller.nanoTime();
    this.parts = authentication.parts(target);
  }

  T answer() throws InterruptedException {
    Duration left = post.deadline();
    while (true) {
      Exchange exchange = caller.exchange(target, post.within(left), parts);
      try {
        return reader.read(exchange);
      } catch (OAuthErrorException e) {
        left = timeLeft();
        if (left.toMillis() < 1 || !mayRepeat(e, exchange)) {
          throw e;
        }
      }
    }
  }

  private Duration timeLeft() {
    return post.deadline().minusNanos(caller.nanoTime() - startedAt);
  }

  /** What is to be done otherwise next time is done here; a refused request used up nothing. */
  private boolean mayRepeat(OAuthErrorException refusal, Exchange exchange) {
    return isClientRefused(refusal)
        ? clientCanBeProvenOtherwise(refusal, exchange)
        : serverGaveNonce(refusal, exchange);
  }

  // ---- the client is refused

  private static boolean isClientRefused(OAuthErrorException e) {
    return e.failure().map(Failure::kind).orElse(FailureKind.REFUSED) == FailureKind.INVALID_CLIENT;
  }

  /** Once: its secret or key has changed, or the server's clock explains the refusal. */
  private boolean clientCanBeProvenOtherwise(OAuthErrorException refusal, Exchange exchange) {
    if (wasClientRefused) {
      return false;
    }
    wasClientRefused = true;
    boolean isAsserted = parts.parameters().containsKey("client_assertion");
    Duration skew = isAsserted ? ClockSkew.reported(exchange.answer()) : null;
    target = skew == null ? target : shifted(target, skew);
    Object refused = parts.credential();
    parts = partsAfter(refusal);
    return skew != null || !parts.credential().equals(refused);
  }

  private static Target shifted(Target target, Duration skew) {
    return new Target(
        target.server(),
        target.endpoint(),
        target.profile(),
        () -> target.clock().instant().plus(skew));
  }

  // ---- the proof lacks a nonce (RFC 9449 section 8)

  /** The registered error alone is a reason to try again, not a nonce beside another. */
  private boolean serverGaveNonce(OAuthErrorException refusal, Exchange exchange) {
    boolean wantsNonce = exchange.gaveNonce() && refusal.error().equals(ErrorReader.USE_DPOP_NONCE);
    if (!wantsNonce || nonceRetries == MAX_NONCE_RETRIES) {
      return false;
    }
    nonceRetries++;
    parts = partsAfter(refusal);
    return true;
  }

  /** Asks the supplier again; when it cannot say, the refusal is what counts. */
  private Parts partsAfter(OAuthErrorException refusal) {
    try {
      return authentication.parts(target);
    } catch (RuntimeException e) {
      if (e != refusal) {
        refusal.addSuppressed(e);
      }
      throw refusal;
    }
  }
}
