package dev.everbearer.token;

import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.regex.Pattern;

/** Always the same token; there is nothing to renew. */
final class FixedTokenSource implements TokenSource {

  private static final Pattern TOKEN68 = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private final AccessToken token;

  FixedTokenSource(String token) {
    this.token = AccessToken.bearer(token);
    if (!TOKEN68.matcher(token).matches()) {
      throw new IllegalArgumentException(
          "The access token has a character that RFC 6750 section 2.1 does not allow.");
    }
  }

  @Override
  public AccessToken token() {
    return token;
  }

  @Override
  public AccessToken token(Duration maxWait) {
    return token;
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync() {
    return CompletableFuture.completedStage(token);
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync(Duration maxWait) {
    return tokenAsync();
  }

  @Override
  public CompletionStage<AccessToken> freshTokenAsync(Duration maxWait) {
    return tokenAsync();
  }

  @Override
  public CompletionStage<AccessToken> replacementAsync(
      AccessToken refused, URI api, Duration maxWait) {
    return CompletableFuture.failedStage(
        new LoginRequiredException(
            LoginRequiredException.Reason.REFUSED,
            api + " refused a fixed token, which cannot be renewed. Hand in another one.",
            null));
  }

  @Override
  public void invalidate(AccessToken refused) {
    // A fixed token has no successor, so it stays.
  }

  @Override
  public TokenState state() {
    return TokenState.FRESH;
  }

  @Override
  public String diagnose() {
    return "A fixed token; it is never renewed.";
  }

  @Override
  public TokenSource warmUp() {
    return this;
  }

  @Override
  public void close() {
    // Nothing is held.
  }
}
