package dev.everbearer;

import dev.everbearer.grant.ConnectedGrant;
import dev.everbearer.renewal.internal.ManagedTokenSource;
import dev.everbearer.renewal.internal.Timing;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.SourceClosedException;
import dev.everbearer.token.TokenSource;
import dev.everbearer.token.TokenState;
import java.net.URI;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A user's tokens, for as long as somebody asks: what it works with is let go of when nobody does,
 * and is there again with the next call.
 */
final class UserSource implements TokenSource {

  final ConnectedGrant grant;
  private final UserSources sources;
  private final Timing timing;

  /** What it works with; null while it is let go of. Changed under its key in the map. */
  volatile @Nullable ManagedTokenSource engine;

  private volatile boolean isClosed;

  /** A plain field: a lost write only makes it look unused for a while. */
  private boolean isTouched;

  private volatile long usedAt;

  UserSource(ConnectedGrant grant, UserSources sources, Timing timing) {
    this.grant = grant;
    this.sources = sources;
    this.timing = timing;
    this.usedAt = timing.nanoTime().getAsLong();
  }

  void used() {
    usedAt = timing.nanoTime().getAsLong();
  }

  /** For how long nobody has used it, seen from now on. */
  long idleNanos() {
    if (isTouched) {
      isTouched = false;
      used();
      return 0;
    }
    return timing.nanoTime().getAsLong() - usedAt;
  }

  // ---- calls

  private ManagedTokenSource engine() {
    if (isClosed) {
      throw new SourceClosedException();
    }
    if (!isTouched) {
      isTouched = true;
    }
    ManagedTokenSource current = engine;
    return current != null ? current : sources.open(this);
  }

  /** Does something; once more when the engine was let go of in this very moment. */
  private <T> T call(Function<ManagedTokenSource, T> work) {
    while (true) {
      ManagedTokenSource used = engine();
      try {
        return work.apply(used);
      } catch (SourceClosedException e) {
        if (engine == used || isClosed) {
          throw e;
        }
      }
    }
  }

  /** The same for what is waited for. */
  private CompletionStage<AccessToken> callAsync(
      Function<ManagedTokenSource, CompletionStage<AccessToken>> work) {
    ManagedTokenSource used;
    try {
      used = engine();
    } catch (SourceClosedException e) {
      return CompletableFuture.failedStage(e);
    }
    return work.apply(used)
        .exceptionallyCompose(
            thrown -> {
              Throwable cause = thrown.getCause();
              Throwable error =
                  thrown instanceof CompletionException && cause != null ? cause : thrown;
              boolean isLetGo =
                  error instanceof SourceClosedException && engine != used && !isClosed;
              return isLetGo ? callAsync(work) : CompletableFuture.failedStage(error);
            });
  }

  @Override
  public AccessToken token() {
    return call(ManagedTokenSource::token);
  }

  @Override
  public AccessToken token(Duration maxWait) {
    return call(source -> source.token(maxWait));
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync() {
    return callAsync(ManagedTokenSource::tokenAsync);
  }

  @Override
  public CompletionStage<AccessToken> tokenAsync(Duration maxWait) {
    return callAsync(source -> source.tokenAsync(maxWait));
  }

  @Override
  public CompletionStage<AccessToken> freshTokenAsync(Duration maxWait) {
    return callAsync(source -> source.freshTokenAsync(maxWait));
  }

  @Override
  public CompletionStage<AccessToken> replacementAsync(
      AccessToken refused, URI api, Duration maxWait) {
    return callAsync(source -> source.replacementAsync(refused, api, maxWait));
  }

  @Override
  public void invalidate(AccessToken token) {
    engine().invalidate(token);
  }

  @Override
  public void healed(URI api) {
    engine().healed(api);
  }

  @Override
  public TokenState state() {
    ManagedTokenSource current = engine;
    return current == null ? TokenState.EMPTY : current.state();
  }

  @Override
  public String diagnose() {
    ManagedTokenSource current = engine;
    return current == null ? grant + ": nobody has used it lately." : current.diagnose();
  }

  @Override
  public TokenSource warmUp() {
    ManagedTokenSource unused = (ManagedTokenSource) engine().warmUp();
    return this;
  }

  @Override
  public void close() {
    isClosed = true;
    sources.close(this);
  }

  @Override
  public String toString() {
    return "TokenSource[" + grant + "]";
  }
}
