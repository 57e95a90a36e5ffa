package dev.everbearer.http;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** A GET request as an adapter of another HTTP client describes it. */
record PlainRequest(String url, boolean isReplayable) implements OutgoingRequest {

  @Override
  public URI uri() {
    return URI.create(url);
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public boolean hasAuthorization() {
    return false;
  }

  @Override
  public Optional<Duration> timeout() {
    return Optional.empty();
  }
}
