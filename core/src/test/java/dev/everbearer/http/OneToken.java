package dev.everbearer.http;

import dev.everbearer.token.AccessToken;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A source of one token that is never renewed. */
record OneToken(AccessToken token) implements TokenSource {

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
    return CompletableFuture.failedStage(new IllegalStateException());
  }

  @Override
  public void invalidate(AccessToken refused) {}

  @Override
  public TokenState state() {
    return TokenState.FRESH;
  }

  @Override
  public String diagnose() {
    return "One token.";
  }

  @Override
  public TokenSource warmUp() {
    return this;
  }

  @Override
  public void close() {}
}
