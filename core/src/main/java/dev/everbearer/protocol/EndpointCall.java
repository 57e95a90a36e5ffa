package dev.everbearer.protocol;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientAuthentication.Parts;
import dev.everbearer.client.ClientAuthentication.Target;
import dev.everbearer.jose.AttestationProofs;
import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.protocol.EndpointCaller.Post;
import dev.everbearer.protocol.EndpointCaller.Reader;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.Secret;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

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
  private final boolean isAttested;
  private final boolean isTimed;
  private final AttestationRetries attestations = new AttestationRetries();
  private Target target;
  private int nonceRetries;
  private boolean wasClientRefused;

  EndpointCall(
      EndpointCaller caller,
      ClientAuthentication authentication,
      Target target,
      Post post,
      long startedAt,
      Reader<T> reader) {
    this.caller = caller;
    this.authentication = authentication;
    this.target = target;
    this.post = post;
    this.reader = reader;
    this.startedAt = startedAt;
    this.isAttested = caller.isAttested(target);
    this.isTimed = isAttested || post.isUnrepeatable();
  }

  T answer() throws InterruptedException {
    Duration left = post.deadline();
    Parts parts = parts(left);
    while (true) {
      Duration most = left;
      Exchange exchange =
          caller.exchange(target, post, parts, () -> isTimed ? timeLeftAfterProof() : most);
      try {
        return reader.read(exchange);
      } catch (OAuthErrorException e) {
        left = timeLeft();
        Parts others = left.toMillis() < 1 ? null : partsToRepeatWith(e, exchange, parts, left);
        if (others == null) {
          throw e;
        }
        parts = others;
      }
    }
  }

  private Duration timeLeft() {
    return post.deadline().minusNanos(caller.nanoTime() - startedAt);
  }

  private Parts parts(Duration left) throws InterruptedException {
    if (isAttested) {
      target = caller.challenged(target, left);
    }
    return authentication.parts(target);
  }

  /**
   * Secret, key, challenge and attestation may have come from afar. What must not be sent twice is
   * not sent later than whoever waits for it counts on.
   */
  private Duration timeLeftAfterProof() {
    Duration left = timeLeft();
    if (left.toMillis() < 1) {
      throw Failure.builder(
              FailureKind.SERVER_TROUBLE,
              "Nothing was sent to the %s of %s: to get %s took the whole time. Check %s."
                  .formatted(
                      post.endpoint(),
                      target.server(),
                      isAttested
                          ? "a challenge and an attestation"
                          : "the client's secret or proof",
                      isAttested
                          ? "the attester and the challenge endpoint"
                          : "what supplies secrets and keys"))
          .endpoint(target.server().tokenEndpoint())
          .build()
          .toException();
    }
    return left;
  }

  /**
   * What is to be done otherwise next time is done here; a refused request used up nothing. Null
   * when it would be in vain.
   */
  private @Nullable Parts partsToRepeatWith(
      OAuthErrorException refusal, Exchange exchange, Parts refused, Duration left)
      throws InterruptedException {
    if (isAttested && attestations.isChallengeDue(refusal, exchange)) {
      return partsAfter(refusal, left);
    }
    if (isAttested && attestations.isFreshAttestationDue(refusal)) {
      String stale = refused.headers().get(AttestationProofs.ATTESTATION);
      target = target.withStaleAttestation(Secret.of(Objects.requireNonNull(stale)));
      return unlessSame(refused, partsAfter(refusal, left));
    }
    if (isClientRefused(refusal)) {
      return proofOtherwise(refusal, exchange, refused, left);
    }
    return serverGaveNonce(refusal, exchange) ? partsAfter(refusal, left) : null;
  }

  private static @Nullable Parts unlessSame(Parts refused, Parts others) {
    return others.credential().equals(refused.credential()) ? null : others;
  }

  // ---- the client is refused

  private static boolean isClientRefused(OAuthErrorException e) {
    return e.failure().map(Failure::kind).orElse(FailureKind.REFUSED) == FailureKind.INVALID_CLIENT;
  }

  /** Once: its secret or key has changed, or the server's clock explains the refusal. */
  private @Nullable Parts proofOtherwise(
      OAuthErrorException refusal, Exchange exchange, Parts refused, Duration left)
      throws InterruptedException {
    if (wasClientRefused) {
      return null;
    }
    wasClientRefused = true;
    boolean isDated =
        refused.parameters().containsKey("client_assertion")
            || refused.headers().containsKey(AttestationProofs.PROOF);
    Duration skew = isDated ? ClockSkew.reported(exchange.answer()) : null;
    if (skew == null) {
      return unlessSame(refused, partsAfter(refusal, left));
    }
    InstantSource ours = target.clock();
    target = target.withClock(() -> ours.instant().plus(skew));
    return partsAfter(refusal, left);
  }

  // ---- the proof lacks a nonce (RFC 9449 section 8)

  /** The registered error alone is a reason to try again, not a nonce beside another. */
  private boolean serverGaveNonce(OAuthErrorException refusal, Exchange exchange) {
    boolean wantsNonce = exchange.gaveNonce() && refusal.error().equals(ErrorReader.USE_DPOP_NONCE);
    if (!wantsNonce || nonceRetries == MAX_NONCE_RETRIES) {
      return false;
    }
    nonceRetries++;
    return true;
  }

  /** Asks the supplier again; when it cannot say, the refusal is what counts. */
  private Parts partsAfter(OAuthErrorException refusal, Duration left) throws InterruptedException {
    try {
      return parts(left);
    } catch (RuntimeException e) {
      if (e != refusal) {
        refusal.addSuppressed(e);
      }
      throw refusal;
    }
  }
}
