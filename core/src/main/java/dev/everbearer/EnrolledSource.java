package dev.everbearer;

import dev.everbearer.grant.Grant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.LongSupplier;

/** The tokens of a client that registered itself, whichever registration it has now. */
final class EnrolledSource implements TokenSource {

  private final EnrolledClient enrolled;
  private final Grant grant;
  private final LongSupplier nanoTime;
  private final Executor registering;

  /**
   * The tokens of a grant.
   *
   * @param registering runs what has to wait for the server
   */
  EnrolledSource(
      EnrolledClient enrolled, Grant grant, LongSupplier nanoTime, Executor registering) {
    this.enrolled = enrolled;
    this.grant = grant;
    this.nanoTime = nanoTime;
    this.registering = registering;
  }

  private TokenSource source() {
    return enrolled.client().tokens(grant);
  }

  @Override
  public AccessToken token() {
    return blocking(TokenSource::token);
  }

  @Override
  public AccessToken token(Duration maxWait) {
    return blocking(within(maxWait, TokenSource::token));
  }

  private AccessToken blocking(Function<TokenSource, AccessToken> ask) {
    OAuthClient used = enrolled.client();
    try {
      return ask.apply(used.tokens(grant));
    } catch (OAuthException e) {
      if (!enrolled.canReplace(used, e)) {
        throw e;
      }
      return ask.apply(enrolled.successor().tokens(grant));
    }
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync() {
    return async(TokenSource::tokenAsync);
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync(Duration maxWait) {
    return async(within(maxWait, TokenSource::tokenAsync));
  }

  @Override
  public CompletionStage<AccessToken> freshTokenAsync(Duration maxWait) {
    return async(within(maxWait, TokenSource::freshTokenAsync));
  }

  @Override
  public CompletionStage<AccessToken> replacementAsync(
      AccessToken refused, URI api, Duration maxWait) {
    return async(within(maxWait, (source, left) -> source.replacementAsync(refused, api, left)));
  }

  private CompletionStage<AccessToken> async(
      Function<TokenSource, CompletionStage<AccessToken>> ask) {
    OAuthClient used = enrolled.client();
    return ask.apply(used.tokens(grant))
        .exceptionallyCompose(
            error -> {
              Throwable cause = error instanceof CompletionException ? error.getCause() : error;
              return cause instanceof OAuthException failed && enrolled.canReplace(used, failed)
                  ? CompletableFuture.supplyAsync(enrolled::successor, registering)
                      .thenCompose(successor -> ask.apply(successor.tokens(grant)))
                  : CompletableFuture.failedStage(cause);
            });
  }

  /** What is left of the caller's limit when it is asked, now or once more. */
  private <T> Function<TokenSource, T> within(
      Duration maxWait, BiFunction<TokenSource, Duration, T> ask) {
    long start = nanoTime.getAsLong();
    return source -> {
      Duration left = maxWait.minusNanos(nanoTime.getAsLong() - start);
      return ask.apply(source, left.isNegative() ? Duration.ZERO : left);
    };
  }

  @Override
  public void invalidate(AccessToken token) {
    source().invalidate(token);
  }

  @Override
  public void healed(URI api) {
    source().healed(api);
  }

  @Override
  public TokenState state() {
    return source().state();
  }

  @Override
  public String diagnose() {
    return source().diagnose();
  }

  @Override
  public TokenSource warmUp() {
    TokenSource unused = source().warmUp();
    return this;
  }

  @Override
  public void close() {
    source().close();
  }
}
