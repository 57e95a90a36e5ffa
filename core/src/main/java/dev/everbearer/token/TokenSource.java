package dev.everbearer.token;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * Hands out a usable access token for as long as the grant behind it lives, and renews it before it
 * ends. Thread-safe; one source is meant to be shared by all who use the grant.
 *
 * <p>While the token is fresh, {@link #token()} is one volatile read and one clock read. It never
 * hands out a token that is over.
 */
public interface TokenSource extends AutoCloseable {

  /**
   * A usable token; waits for one up to the client's {@code maxWait} (30 seconds unless set).
   *
   * @throws OAuthException when none can be had in that time; the type says why
   */
  AccessToken token();

  /**
   * As {@link #token()}, with the caller's own limit.
   *
   * @param maxWait how long to wait at most; zero, or less, does not wait at all
   * @throws OAuthException when none can be had in that time; an interrupt ends the wait with a
   *     {@link TokenTimeoutException} and keeps the thread's interrupt flag
   */
  AccessToken token(Duration maxWait);

  /**
   * As {@link #token()}, without blocking. The stage is minimal: nobody outside can complete or
   * cancel it. It completes exceptionally with an {@link OAuthException}; at once on the caller's
   * thread with a token in hand, else on a thread for callbacks.
   */
  CompletionStage<AccessToken> tokenAsync();

  /** As {@link #tokenAsync()}, with the caller's own limit. */
  CompletionStage<AccessToken> tokenAsync(Duration maxWait);

  /**
   * A token that is likely to outlive a request that cannot be repeated: as {@link
   * #tokenAsync(Duration)}, but a token past its soft margin is renewed first. When that takes too
   * long the token in hand is given, as long as it is usable.
   */
  CompletionStage<AccessToken> freshTokenAsync(Duration maxWait);

  /**
   * What to do after an API refused a token: a newer one if it is in hand already, else one
   * renewal, shared by all who ask. At most three renewals a minute are made for one API. The
   * refused token goes on serving others until its successor is there.
   *
   * @param refused the token that was sent
   * @param api the origin that refused it
   * @param maxWait how long to wait at most
   * @return a minimal stage; it completes exceptionally with an {@link OAuthException} when no
   *     other token can be had
   */
  CompletionStage<AccessToken> replacementAsync(AccessToken refused, URI api, Duration maxWait);

  /**
   * Withdraws a token: if it is the one in hand it is not given out again, and the next caller
   * waits for its successor. Any other token is left alone. At most three times a minute; beyond
   * that the token stays in use, so that an API that always refuses cannot make us storm.
   */
  void invalidate(AccessToken token);

  /** Tells the source that an API refused a token and took its successor; for listeners. */
  default void healed(URI api) {}

  /** Where the source stands now. */
  TokenState state();

  /** What the source is doing and why, in words, for a person; holds no secret. */
  String diagnose();

  /** Starts to obtain the first token now, in the background, rather than at the first call. */
  TokenSource warmUp();

  /**
   * Gives up the source for all who hold it: waiting callers fail, nothing is renewed any more.
   * Equal grants of an {@code OAuthClient} share one source, so this also ends the tokens of every
   * HTTP client that was made for such a grant. A program that is done with its tokens closes the
   * {@code OAuthClient} instead; this is for one grant of many, such as a customer who left.
   */
  @Override
  void close();

  /**
   * A source that always hands out the same token: for tests and for tokens from elsewhere.
   *
   * @throws IllegalArgumentException if the token has a character outside the token68 alphabet (RFC
   *     6750 section 2.1); the message does not repeat it
   */
  static TokenSource fixed(String token) {
    return new FixedTokenSource(token);
  }
}
