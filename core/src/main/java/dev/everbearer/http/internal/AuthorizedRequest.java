package dev.everbearer.http.internal;

import dev.everbearer.http.Decision;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A caller's request with the header fields of a decision. It stands in for a copy by the
 * platform's builder, which takes several times as long.
 */
final class AuthorizedRequest extends HttpRequest {

  private final HttpRequest request;
  private final URI uri;
  private final HttpHeaders headers;
  private final @Nullable BodyPublisher body;
  private final @Nullable Duration timeout;

  /**
   * What is put on the wire.
   *
   * @param body in place of the caller's; null for none
   * @param timeout in place of the caller's; null for none
   */
  AuthorizedRequest(
      HttpRequest request,
      Decision.Send send,
      @Nullable BodyPublisher body,
      @Nullable Duration timeout) {
    this.request = request;
    this.uri = Objects.requireNonNullElse(send.redirect(), request.uri());
    this.headers = headers(request.headers().map(), send.headers());
    this.body = body;
    this.timeout = timeout;
  }

  /** Ours take the place of the caller's of the same name. */
  private static HttpHeaders headers(Map<String, List<String>> callers, Map<String, String> ours) {
    Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    all.putAll(callers);
    ours.forEach((name, value) -> all.put(name, List.of(value)));
    return HttpHeaders.of(all, (name, value) -> true);
  }

  @Override
  public Optional<BodyPublisher> bodyPublisher() {
    return Optional.ofNullable(body);
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public Optional<Duration> timeout() {
    return Optional.ofNullable(timeout);
  }

  @Override
  public boolean expectContinue() {
    return request.expectContinue();
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public Optional<HttpClient.Version> version() {
    return request.version();
  }

  @Override
  public HttpHeaders headers() {
    return headers;
  }

  /** Without the header fields. */
  @Override
  public String toString() {
    return uri + " " + method();
  }
}
