package dev.everbearer.okhttp;

import dev.everbearer.http.Decision;
import dev.everbearer.http.Origin;
import dev.everbearer.http.OutgoingRequest;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** A caller's request: described for the decision, and copied for each sending. */
final class CallersRequest implements OutgoingRequest {

  private final Request request;
  private final @Nullable RequestBody body;
  private final long timeoutNanos;
  private @Nullable URI uri;

  /**
   * The caller's request.
   *
   * @param bufferedBytes up to which size a one-shot body is kept for a replay; 0 keeps none
   */
  CallersRequest(Interceptor.Chain chain, int bufferedBytes) {
    this.request = chain.request();
    this.timeoutNanos = chain.call().timeout().timeoutNanos();
    RequestBody original = request.body();
    boolean buffers =
        bufferedBytes > 0 && original != null && original.isOneShot() && !original.isDuplex();
    this.body = buffers ? new BufferingBody(original, bufferedBytes) : original;
  }

  /** As it stands on the wire, if that is a URI; a URL may have characters that no URI has. */
  private static URI uri(HttpUrl url) {
    try {
      return new URI(url.toString());
    } catch (URISyntaxException e) {
      return url.uri();
    }
  }

  /** Made only when it is asked for: that takes longer than all the rest. */
  @Override
  public URI uri() {
    URI known = uri;
    if (known == null) {
      known = uri(request.url());
      uri = known;
    }
    return known;
  }

  @Override
  public boolean isPlainlyAt(Origin origin) {
    HttpUrl url = request.url();
    return origin.scheme().equals(url.scheme())
        && origin.host().equals(url.host())
        && origin.port() == url.port()
        && url.username().isEmpty()
        && url.password().isEmpty();
  }

  @Override
  public String method() {
    return request.method();
  }

  @Override
  public boolean hasAuthorization() {
    return request.header("Authorization") != null;
  }

  /** A body says so itself, and OkHttp goes by it, too. */
  @Override
  public boolean isReplayable() {
    return body == null || !(body.isOneShot() || body.isDuplex());
  }

  /** OkHttp does when a connection breaks, and after some 408, 421 and 503. */
  @Override
  public boolean mayRepeatItself() {
    return true;
  }

  @Override
  public Optional<Duration> timeout() {
    return timeoutNanos == 0 ? Optional.empty() : Optional.of(Duration.ofNanos(timeoutNanos));
  }

  /** Whether it asks for another protocol, as web sockets do. */
  boolean isHandshake() {
    return request.header("Upgrade") != null;
  }

  /** One sending, without what is attached: the caller's own request unless that has to differ. */
  Request toSend(Decision.Send send) {
    HttpUrl url = url(send);
    boolean isKept = body instanceof BufferingBody;
    if (url.equals(request.url()) && !isKept) {
      return request;
    }
    Request.Builder copy = request.newBuilder().url(url);
    return isKept ? copy.method(request.method(), body).build() : copy.build();
  }

  private HttpUrl url(Decision.Send send) {
    URI redirect = send.redirect();
    return redirect == null
        ? asDecided(request.url())
        : Objects.requireNonNull(HttpUrl.get(redirect), "url of a redirect");
  }

  /** A proof is for the path of the URI, which has no brackets. */
  private HttpUrl asDecided(HttpUrl url) {
    if (uri == null || uri.getRawPath().equals(url.encodedPath())) {
      return url;
    }
    return url.newBuilder().encodedPath(uri.getRawPath()).build();
  }

  /** One sending, with what is attached. */
  Request toSendAttached(Decision.Send send) {
    Request.Builder copy = toSend(send).newBuilder();
    send.headers().forEach(copy::header);
    return copy.build();
  }

  /** An answer as the caller sees it: with the caller's own request. */
  Response answer(Response response, Decision.Send send) {
    Request shown = shown(send);
    return response.request() == shown ? response : response.newBuilder().request(shown).build();
  }

  /** As {@link #answer}, without our headers in what was sent. */
  Response answerToAttached(Response response, Decision.Send send) {
    return response
        .newBuilder()
        .request(shown(send))
        .networkResponse(bare(response.networkResponse(), send))
        .priorResponse(bare(response.priorResponse(), send))
        .build();
  }

  private Request shown(Decision.Send send) {
    return send.redirect() == null ? request : request.newBuilder().url(url(send)).build();
  }

  private static @Nullable Response bare(@Nullable Response response, Decision.Send send) {
    if (response == null) {
      return null;
    }
    Request.Builder bare = response.request().newBuilder();
    send.headers().keySet().forEach(bare::removeHeader);
    Response.Builder copy = response.newBuilder().request(bare.build());
    if (response.networkResponse() != null || response.priorResponse() != null) {
      copy.networkResponse(bare(response.networkResponse(), send));
      copy.priorResponse(bare(response.priorResponse(), send));
    }
    return copy.build();
  }
}
