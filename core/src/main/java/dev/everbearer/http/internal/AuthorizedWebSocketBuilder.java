package dev.everbearer.http.internal;

import dev.everbearer.http.Attempt;
import dev.everbearer.http.BearerAuthorizer;
import dev.everbearer.http.Decision;
import dev.everbearer.http.OutgoingRequest;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Attaches a token to the opening handshake, and heals its 401 as for any other request. */
final class AuthorizedWebSocketBuilder implements WebSocket.Builder {

  private final Supplier<WebSocket.Builder> plain;
  private final BearerAuthorizer authorizer;
  private final Closing closing;
  private final List<UnaryOperator<WebSocket.Builder>> settings = new ArrayList<>();
  private @Nullable Duration connectTimeout;
  private boolean hasAuthorization;

  AuthorizedWebSocketBuilder(
      Supplier<WebSocket.Builder> plain, BearerAuthorizer authorizer, Closing closing) {
    this.plain = plain;
    this.authorizer = authorizer;
    this.closing = closing;
  }

  @Override
  public WebSocket.Builder header(String name, String value) {
    hasAuthorization |= name.equalsIgnoreCase("Authorization");
    // A builder of the platform adds and never replaces, and there must be one proof only.
    return name.equalsIgnoreCase("DPoP")
        ? with(builder -> hasAuthorization ? builder.header(name, value) : builder)
        : with(builder -> builder.header(name, value));
  }

  @Override
  public WebSocket.Builder connectTimeout(Duration timeout) {
    connectTimeout = timeout;
    return with(builder -> builder.connectTimeout(timeout));
  }

  @Override
  public WebSocket.Builder subprotocols(String mostPreferred, String... lesserPreferred) {
    String[] others = lesserPreferred.clone();
    return with(builder -> builder.subprotocols(mostPreferred, others));
  }

  private WebSocket.Builder with(UnaryOperator<WebSocket.Builder> setting) {
    settings.add(setting);
    return this;
  }

  @Override
  public CompletableFuture<WebSocket> buildAsync(URI uri, WebSocket.Listener listener) {
    Objects.requireNonNull(uri, "uri");
    Objects.requireNonNull(listener, "listener");
    try {
      closing.enter();
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
    CompletableFuture<WebSocket> opening = open(uri, listener);
    CompletableFuture<?> unused = opening.whenComplete((socket, error) -> closing.leave());
    return opening;
  }

  private CompletableFuture<WebSocket> open(URI uri, WebSocket.Listener listener) {
    try {
      Attempt attempt = authorizer.begin(new Handshake(uri, hasAuthorization, connectTimeout));
      return carryOut(attempt.start(), new Opening(uri, attempt, List.copyOf(settings), listener));
    } catch (OAuthException e) {
      return CompletableFuture.failedFuture(Errors.atSurface(e));
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private record Handshake(URI uri, boolean hasAuthorization, @Nullable Duration limit)
      implements OutgoingRequest {

    @Override
    public Optional<Duration> timeout() {
      return Optional.ofNullable(limit);
    }

    @Override
    public String method() {
      return "GET";
    }

    @Override
    public boolean isReplayable() {
      return true;
    }
  }

  /** One opening of a socket, which may take a handshake with a second token. */
  private record Opening(
      URI uri,
      Attempt attempt,
      List<UnaryOperator<WebSocket.Builder>> settings,
      WebSocket.Listener listener) {}

  private CompletableFuture<WebSocket> carryOut(Decision decision, Opening opening) {
    if (decision instanceof Decision.Wait wait) {
      return wait.next()
          .toCompletableFuture()
          .exceptionallyCompose(error -> CompletableFuture.failedStage(Errors.unwrapped(error)))
          .thenCompose(next -> carryOut(next, opening));
    }
    if (decision instanceof Decision.Send send) {
      return connect(send, opening);
    }
    return CompletableFuture.failedFuture(new IllegalStateException("Nothing to be sent."));
  }

  private CompletableFuture<WebSocket> connect(Decision.Send send, Opening opening) {
    WebSocket.Builder builder = plain.get();
    for (UnaryOperator<WebSocket.Builder> setting : opening.settings()) {
      builder = setting.apply(builder);
    }
    for (Map.Entry<String, String> header : send.headers().entrySet()) {
      builder = builder.header(header.getKey(), header.getValue());
    }
    return builder
        .buildAsync(opening.uri(), opening.listener())
        .exceptionallyCompose(error -> refused(error, opening));
  }

  private CompletableFuture<WebSocket> refused(Throwable error, Opening opening) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : error;
    if (!(cause instanceof WebSocketHandshakeException handshake)
        || handshake.getResponse() == null) {
      return CompletableFuture.failedFuture(cause);
    }
    HttpResponse<?> response = handshake.getResponse();
    Decision decision =
        opening.attempt().judge(response.statusCode(), name -> headers(response, name));
    if (!(decision instanceof Decision.Wait wait)) {
      return CompletableFuture.failedFuture(cause);
    }
    return wait.next()
        .toCompletableFuture()
        .exceptionallyCompose(failed -> CompletableFuture.failedStage(Errors.unwrapped(failed)))
        .thenCompose(
            next ->
                next instanceof Decision.Send
                    ? carryOut(next, opening)
                    : CompletableFuture.failedFuture(cause));
  }

  /** A redirect of a handshake is the caller's affair: it leads to an http URL. */
  private static List<String> headers(HttpResponse<?> response, String name) {
    return name.equalsIgnoreCase("Location") ? List.of() : response.headers().allValues(name);
  }
}
