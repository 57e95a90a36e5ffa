package dev.everbearer.server.internal;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ExpectedIssuer;
import dev.everbearer.server.internal.CachedDocument.Found;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.Transport;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Discovers metadata and keeps it for as long as its server says, between a minute and a day. */
public final class CachedDirectory implements ServerDirectory {

  private static final Duration MIN_AGE = Duration.ofMinutes(1);

  private final Discovery discovery;
  private final CachedDocument<AuthorizationServer> document;

  /**
   * A directory of one issuer; nothing is fetched before the first use.
   *
   * @param expected what the server calls itself; null when that is the issuer
   * @param headers sent with each request
   * @param background runs fetches that nobody waits for
   */
  public CachedDirectory(
      String issuer,
      @Nullable ExpectedIssuer expected,
      EndpointRules rules,
      Transport transport,
      Map<String, String> headers,
      Duration exchangeTimeout,
      LongSupplier nanoTime,
      Executor background) {
    this.discovery =
        new Discovery(
            issuer, expected, rules, new DocumentFetcher(transport, headers, exchangeTimeout));
    this.document =
        new CachedDocument<>(
            "The metadata of " + issuer, MIN_AGE, this::discover, nanoTime, background);
  }

  @Override
  public AuthorizationServer server() throws InterruptedException {
    return document.get();
  }

  private Found<AuthorizationServer> discover(@Nullable AuthorizationServer last)
      throws InterruptedException {
    Found<AuthorizationServer> found = discovery.find();
    if (last != null) {
      MetadataAudit.report(last, found.value());
    }
    return found;
  }
}
