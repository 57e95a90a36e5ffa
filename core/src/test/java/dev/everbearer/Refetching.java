package dev.everbearer;

import java.util.concurrent.Executor;

/** Lets a test decide which thread fetches metadata again. */
public final class Refetching {

  private Refetching() {}

  /** On the thread of whoever finds the copy stale, so that it is done when the call returns. */
  public static OAuthClientBuilder onTheSpot(OAuthClientBuilder builder) {
    return on(Runnable::run, builder);
  }

  /** On this executor. */
  public static OAuthClientBuilder on(Executor executor, OAuthClientBuilder builder) {
    return builder.refetcher(executor);
  }
}
