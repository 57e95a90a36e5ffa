package dev.everbearer;

import dev.everbearer.grant.Grant;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import dev.everbearer.token.TokenTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The tokens of a client that registered itself, whichever registration it has now. */
final class EnrolledSource implements TokenSource {

  /** One for what somebody else has kept meanwhile, one more when that is of no use either. */
  private static final int MAX_REPLACEMENTS = 2;

  private final EnrolledClient enrolled;
  private final Grant grant;
  private final LongSupplier nanoTime;

  EnrolledSource(EnrolledClient enrolled, Grant grant, LongSupplier nanoTime) {
    this.enrolled = enrolled;
    this.grant = grant;
    this.nanoTime = nanoTime;
  }

  /**
   * What a caller asks for, and until when: one limit for all that it takes. Callers that set none
   * give a person the time to log in beyond it.
   */
  private final class Question<T> {

    private final @Nullable Duration limit;
    private final BiFunction<TokenSource, Duration, T> ask;
    private long start = nanoTime.getAsLong();
    private long askedAt = start;
    private boolean isLogin;

    private Question(@Nullable Duration limit, BiFunction<TokenSource, Duration, T> ask) {
      this.limit = limit;
      this.ask = ask;
    }

    private T of(Generation generation) {
      OAuthClient client = generation.client();
      Duration longest = client.maxWait(grant);
      isLogin = limit == null && longest.compareTo(enrolled.maxWait()) > 0;
      askedAt = nanoTime.getAsLong();
      return ask.apply(client.tokens(grant), isLogin ? longest : left());
    }

    /** There is no token; the time that a person was given for it does not count. */
    private void failed() {
      if (isLogin) {
        start += nanoTime.getAsLong() - askedAt;
      }
    }

    private Duration left() {
      Duration all = limit == null ? enrolled.maxWait() : limit;
      Duration left = all.minusNanos(nanoTime.getAsLong() - start);
      return left.isNegative() ? Duration.ZERO : left;
    }
  }

  private TokenSource source() {
    return enrolled.current().client().tokens(grant);
  }

  @Override
  public AccessToken token() {
    return blocking(new Question<>(null, TokenSource::token));
  }

  @Override
  public AccessToken token(Duration maxWait) {
    return blocking(new Question<>(maxWait, TokenSource::token));
  }

  /**
   * Whether to renew the registration first: nobody should log in to have the code refused. Whoever
   * has a token in hand needs none.
   */
  private boolean isOver(Generation generation) {
    return enrolled.isOver(generation)
        && !ResourceClient.IN_HAND.contains(generation.client().tokens(grant).state());
  }

  private AccessToken blocking(Question<AccessToken> question) {
    Generation used = enrolled.current();
    if (isOver(used)) {
      used = renewed(used, question.left());
    }
    for (int replacements = 0; ; replacements++) {
      try {
        return used.proven(question.of(used));
      } catch (OAuthException e) {
        if (replacements == MAX_REPLACEMENTS || !enrolled.canReplace(used, e)) {
          throw e;
        }
        question.failed();
        used = enrolled.successorOf(used).await(question.left());
      }
    }
  }

  /** When that fails, the server has the last word on what there is. */
  private Generation renewed(Generation over, Duration maxWait) {
    try {
      return enrolled.renewed(over).await(maxWait);
    } catch (TokenTimeoutException e) {
      throw e;
    } catch (OAuthException e) {
      return over;
    }
  }

  private CompletionStage<Generation> renewedAsync(Generation over, Duration maxWait) {
    return enrolled
        .renewed(over)
        .within(maxWait)
        .exceptionallyCompose(
            failed ->
                cause(failed) instanceof TokenTimeoutException late
                    ? CompletableFuture.failedStage(late)
                    : CompletableFuture.completedStage(over));
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync() {
    return async(new Question<>(null, TokenSource::tokenAsync));
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync(Duration maxWait) {
    return async(new Question<>(maxWait, TokenSource::tokenAsync));
  }

  @Override
  public CompletionStage<AccessToken> freshTokenAsync(Duration maxWait) {
    return async(new Question<>(maxWait, TokenSource::freshTokenAsync));
  }

  @Override
  public CompletionStage<AccessToken> replacementAsync(
      AccessToken refused, URI api, Duration maxWait) {
    return async(
        new Question<>(maxWait, (source, left) -> source.replacementAsync(refused, api, left)));
  }

  private CompletionStage<AccessToken> async(Question<CompletionStage<AccessToken>> question) {
    Generation used = enrolled.current();
    return isOver(used)
        ? renewedAsync(used, question.left())
            .thenCompose(renewed -> async(question, renewed, MAX_REPLACEMENTS))
        : async(question, used, MAX_REPLACEMENTS);
  }

  private CompletionStage<AccessToken> async(
      Question<CompletionStage<AccessToken>> question, Generation used, int replacements) {
    return question
        .of(used)
        .thenApply(used::proven)
        .exceptionallyCompose(
            error -> {
              Throwable cause = cause(error);
              question.failed();
              return replacements > 0
                      && cause instanceof OAuthException failed
                      && enrolled.canReplace(used, failed)
                  ? enrolled
                      .successorOf(used)
                      .within(question.left())
                      .thenCompose(successor -> async(question, successor, replacements - 1))
                  : CompletableFuture.failedStage(cause);
            });
  }

  private static Throwable cause(Throwable error) {
    Throwable cause = error.getCause();
    return error instanceof CompletionException && cause != null ? cause : error;
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
