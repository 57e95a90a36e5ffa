package dev.everbearer.http;

import dev.everbearer.challenge.Challenge;
import dev.everbearer.challenge.StepUp;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.StepUpRequiredException;
import dev.everbearer.token.TokenSource;
import dev.everbearer.wire.Untrusted;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One request on its way: {@link #start()} says with which token it goes out, {@link #judge} what
 * to do with each answer. A 401 is answered by one renewal and one replay, never more. Not
 * thread-safe: one request is sent by one adapter, which may hand it from thread to thread as its
 * HTTP client hands on the request and the answer.
 */
public final class Attempt {

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final String OTHER_LOGIN = "insufficient_user_authentication";
  private static final int MAX_REDIRECTS = 5;
  private static final Decision DONE = new Decision.Done();

  /** A 401 that does not say why is not taken for an expired token while the token is younger. */
  private static final Duration TRUSTED_AGE = Duration.ofSeconds(5);

  private final BearerAuthorizer authorizer;
  private final OutgoingRequest request;
  private final @Nullable Origin origin;
  private final @Nullable TokenSource source;
  private final long deadline;

  private @Nullable URI redirect;
  private @Nullable AccessToken sent;
  private boolean isReplayed;
  private boolean isHealed;
  private boolean isSteppedUp;
  private int redirects;
  private @Nullable ProofRetries proofRetries;

  Attempt(
      BearerAuthorizer authorizer,
      OutgoingRequest request,
      @Nullable Origin origin,
      @Nullable TokenSource source) {
    this.authorizer = authorizer;
    this.request = request;
    this.origin = origin;
    this.source = source;
    Duration limit = request.timeout().orElse(authorizer.maxWait());
    this.deadline = authorizer.nanoTime() + saturatedNanos(limit);
  }

  private static long saturatedNanos(Duration duration) {
    Duration longest = Duration.ofDays(1);
    return (duration.compareTo(longest) > 0 ? longest : duration).toNanos();
  }

  /** What is left of the caller's limit; zero when it is used up. */
  public Duration timeLeft() {
    return Duration.ofNanos(Math.max(0, deadline - authorizer.nanoTime()));
  }

  /** How the request goes out first: {@link Decision.Send}, or {@link Decision.Wait} for it. */
  public Decision start() {
    if (source == null) {
      return new Decision.Send(Map.of(), null);
    }
    CompletableFuture<AccessToken> token =
        (request.isReplayable()
                ? source.tokenAsync(timeLeft())
                : source.freshTokenAsync(timeLeft()))
            .toCompletableFuture();
    boolean isInHand = token.isDone() && !token.isCompletedExceptionally();
    return isInHand && !token.join().needsProof()
        ? send(token.join())
        : new Decision.Wait(token.thenApply(this::send));
  }

  private URI uri() {
    URI target = redirect;
    return target == null ? request.uri() : target;
  }

  private Decision send(AccessToken token) {
    sent = token;
    return new Decision.Send(
        token.needsProof()
            ? Map.of(
                "Authorization",
                token.authorization(),
                "DPoP",
                ProofRetries.proof(request, uri(), token))
            : Map.of("Authorization", token.authorization()),
        redirect);
  }

  /**
   * What to do with an answer. May be called as soon as its header is there; when the outcome is
   * not {@link Decision.Done} it is a {@link Decision.Wait}, and the adapter drains or cancels the
   * body before it sends again. When no other token can be had the stage of a {@link Decision.Wait}
   * from here brings {@code Done}, and the answer is handed over. It completes exceptionally with a
   * {@link StepUpRequiredException} alone, where the authorizer was told to fail so; then the
   * adapter throws that and lets the answer go.
   *
   * @param status the HTTP status
   * @param headers gives the values of all lines of a header field, by its name; empty when there
   *     is none
   */
  public Decision judge(int status, Function<String, List<String>> headers) {
    TokenSource tokens = source;
    AccessToken token = sent;
    Origin api = origin;
    if (tokens == null || token == null || api == null) {
      return DONE;
    }
    boolean gaveNonce = token.needsProof() && noteNonce(token, headers.apply("DPoP-Nonce"));
    if (status != UNAUTHORIZED && authorizer.isRefusal(status, headers)) {
      return isReplayed ? DONE : replaced(tokens, token, api);
    }
    if (status != UNAUTHORIZED) {
      if (isReplayed && !isHealed) {
        isHealed = true;
        tokens.healed(api.toUri());
      }
      return isRedirect(status)
          ? redirected(headers.apply("Location"))
          : status == FORBIDDEN ? steppedUp(tokens, status, headers) : DONE;
    }
    Decision stronger = steppedUp(tokens, status, headers);
    if (stronger != DONE) {
      return stronger;
    }
    List<Challenge> challenges = Challenge.parse(headers.apply("WWW-Authenticate"));
    if (token.needsProof() && wantsOtherProof(challenges, gaveNonce, headers)) {
      return provenAnew(token);
    }
    if (isReplayed || !saysTokenIsBad(token, challenges)) {
      return DONE;
    }
    return replaced(tokens, token, api);
  }

  // ---- proofs of a token that is bound to a key

  private boolean noteNonce(AccessToken token, List<String> nonces) {
    return token.senderKey().map(key -> key.noteNonce(uri(), nonces)).orElse(false);
  }

  private boolean wantsOtherProof(
      List<Challenge> challenges, boolean gaveNonce, Function<String, List<String>> headers) {
    ProofRetries retries = proofRetries;
    if (retries == null) {
      retries = new ProofRetries(request);
      proofRetries = retries;
    }
    if (retries.isDue(challenges, gaveNonce)) {
      return true;
    }
    if (ProofRetries.isProofRefused(challenges)) {
      authorizer.reportRefusedProof(origin, headers.apply("Date"));
    }
    return false;
  }

  /** The token is as good as before. When no proof can be made the answer is handed over. */
  private Decision provenAnew(AccessToken token) {
    return orDone(new Decision.Wait(CompletableFuture.completedStage(token).thenApply(this::send)));
  }

  // ---- a token that is refused, or not enough

  /** One login more for each request, where that is configured; its token is of another source. */
  private Decision steppedUp(
      TokenSource tokens, int status, Function<String, List<String>> headers) {
    boolean canStepUp = !isSteppedUp && request.isReplayable() && authorizer.canStepUp(tokens);
    if (!canStepUp && !authorizer.failsOnStepUp()) {
      return DONE;
    }
    StepUp wanted = StepUp.in(status, headers.apply("WWW-Authenticate")).orElse(null);
    if (wanted == null) {
      return DONE;
    }
    TokenSource stronger = canStepUp ? authorizer.stepUp(tokens, wanted) : null;
    if (stronger == null) {
      return authorizer.failsOnStepUp() ? new Decision.Wait(notSteppedUp(wanted, null)) : DONE;
    }
    isSteppedUp = true;
    isReplayed = true;
    isHealed = true;
    Instant now = authorizer.wall().instant();
    return new Decision.Wait(
        stepUpToken(stronger)
            .thenCompose(token -> youngEnough(token, stronger, wanted, now))
            .thenApply(this::send)
            .exceptionallyCompose(error -> notSteppedUp(wanted, error)));
  }

  /** The answer is handed over, or thrown. */
  private CompletionStage<Decision> notSteppedUp(StepUp wanted, @Nullable Throwable failed) {
    return authorizer.failsOnStepUp()
        ? CompletableFuture.failedStage(
            new StepUpRequiredException(
                "%s took the token and wants more: %s. No renewal brings that: have the person log in by the stepUp(...) of a login, or have the client granted it."
                    .formatted(origin, Untrusted.printable(wanted.toString(), 300)),
                wanted,
                failed instanceof CompletionException ? failed.getCause() : failed))
        : CompletableFuture.completedStage(DONE);
  }

  private CompletionStage<AccessToken> stepUpToken(TokenSource stronger) {
    return request.timeout().isEmpty() ? stronger.tokenAsync() : stronger.tokenAsync(timeLeft());
  }

  /** A token of a login that was too long ago when the API asked gives way to that of a new one. */
  private CompletionStage<AccessToken> youngEnough(
      AccessToken token, TokenSource stronger, StepUp wanted, Instant asked) {
    if (!isTooOld(token, wanted, asked)) {
      return CompletableFuture.completedStage(token);
    }
    stronger.invalidate(token);
    return stepUpToken(stronger)
        .thenApply(
            next -> {
              if (isTooOld(next, wanted, asked)) {
                throw new IllegalStateException("There is no token of a new login.");
              }
              return next;
            });
  }

  private static boolean isTooOld(AccessToken token, StepUp wanted, Instant asked) {
    return token.obtainedAt().filter(since -> wanted.isBeyond(since, asked)).isPresent();
  }

  private Decision replaced(TokenSource tokens, AccessToken refused, Origin api) {
    if (!request.isReplayable()) {
      // The renewal begins, so that the caller's next request finds a good token.
      tokens.replacementAsync(refused, api.toUri(), Duration.ZERO);
      return DONE;
    }
    isReplayed = true;
    return orDone(
        new Decision.Wait(
            tokens.replacementAsync(refused, api.toUri(), replayWait()).thenApply(this::send)));
  }

  /** Without a limit of the caller's own the renewal gets one of its own: sending took its time. */
  private Duration replayWait() {
    return request.timeout().isEmpty() ? authorizer.maxWait() : timeLeft();
  }

  /**
   * Whether a renewal may help: the server says {@code invalid_token}, or it says nothing usable
   * and the token is old enough to have ended. Any other error is not about the token's life. What
   * a server says of the other kind of token counts only when it says nothing of ours.
   */
  private boolean saysTokenIsBad(AccessToken token, List<Challenge> challenges) {
    List<String> errors = errors(challenges, token.type());
    List<String> others = errors(challenges, token.needsProof() ? "Bearer" : "DPoP");
    if (errors.contains(OTHER_LOGIN) || others.contains(OTHER_LOGIN)) {
      return false;
    }
    if (errors.isEmpty()) {
      errors = others;
    }
    return errors.isEmpty() ? isOld(token) : errors.contains("invalid_token");
  }

  private static List<String> errors(List<Challenge> challenges, String scheme) {
    return challenges.stream()
        .filter(challenge -> challenge.isScheme(scheme))
        .flatMap(challenge -> challenge.error().stream())
        .toList();
  }

  private boolean isOld(AccessToken token) {
    return token
        .obtainedAt()
        .map(since -> Duration.between(since, authorizer.wall().instant()))
        .map(age -> age.compareTo(TRUSTED_AGE) > 0)
        .orElse(true);
  }

  private static boolean isRedirect(int status) {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
  }

  private Decision redirected(List<String> locations) {
    if (!mayFollow()) {
      return DONE;
    }
    URI target = locations.isEmpty() ? null : sameOriginTarget(locations.get(0));
    if (target == null) {
      return DONE;
    }
    redirect = target;
    redirects++;
    Decision next = start();
    return next instanceof Decision.Wait wait
        ? orDone(wait)
        : new Decision.Wait(CompletableFuture.completedFuture(next));
  }

  private boolean mayFollow() {
    boolean isSafe = request.method().equals("GET") || request.method().equals("HEAD");
    return authorizer.followsRedirects()
        && isSafe
        && request.isReplayable()
        && redirects < MAX_REDIRECTS;
  }

  private static Decision orDone(Decision.Wait wait) {
    return new Decision.Wait(wait.next().exceptionally(error -> DONE));
  }

  private @Nullable URI sameOriginTarget(String location) {
    try {
      URI target = uri().resolve(location);
      return Origin.of(target).equals(origin) ? target : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  /** Without the token. */
  @Override
  public String toString() {
    return "Attempt[" + request.method() + (origin == null ? "" : " " + origin) + "]";
  }
}
