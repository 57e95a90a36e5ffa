package dev.everbearer.protocol;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientAuthentication.Parts;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.server.internal.ServerDirectory;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.Scope;
import dev.everbearer.token.TokenSet;
import dev.everbearer.wire.FormBody;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.HttpFailures;
import dev.everbearer.wire.Transport;
import dev.everbearer.wire.TransportException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The exchange with the token endpoint (RFC 6749 section 3.2). Thread-safe. */
public final class TokenEndpoint {

  private static final int MAX_BODY = 256 * 1024;
  private static final String NAME = "token endpoint";

  private final ServerDirectory directory;
  private final ClientAuthentication authentication;
  private final ProviderProfile profile;
  private final Transport transport;
  private final Map<String, String> headers;
  private final InstantSource wall;
  private final LongSupplier nanoTime;

  /**
   * The token endpoint of one server for one client.
   *
   * @param headers sent with each request
   * @param wall stamps the moment of sending, as does {@code nanoTime}
   */
  public TokenEndpoint(
      ServerDirectory directory,
      ClientAuthentication authentication,
      ProviderProfile profile,
      Transport transport,
      Map<String, String> headers,
      InstantSource wall,
      LongSupplier nanoTime) {
    this.directory = directory;
    this.authentication = authentication;
    this.profile = profile;
    this.transport = transport;
    this.headers = Map.copyOf(headers);
    this.wall = wall;
    this.nanoTime = nanoTime;
  }

  /**
   * Who answers at this endpoint.
   *
   * @throws dev.everbearer.token.OAuthException when the server cannot be found
   * @throws InterruptedException when interrupted
   */
  public AuthorizationServer server() throws InterruptedException {
    return directory.server();
  }

  /**
   * What the server answered, with the moment the request left, from which its life counts.
   *
   * @param tokens the tokens
   * @param sentAt by the wall clock
   * @param sentNanos by the monotonic clock
   * @param server who answered
   * @param shortfall says that less was granted than is required, so that the access token must not
   *     be used (a new refresh token must be kept all the same); null when nothing is missing
   */
  public record Answer(
      TokenSet tokens,
      Instant sentAt,
      long sentNanos,
      AuthorizationServer server,
      @Nullable Failure shortfall) {}

  /**
   * Asks for tokens once; a second time only if the server refused the client and its secret has
   * changed meanwhile.
   *
   * @param deadline for the whole exchange, body included
   * @throws dev.everbearer.token.OAuthException when no usable token came
   * @throws InterruptedException when interrupted
   */
  public Answer request(TokenRequest request, Duration deadline) throws InterruptedException {
    AuthorizationServer server = directory.server();
    Parts parts = authentication.parts(server, profile);
    try {
      return exchange(server, request, parts, deadline);
    } catch (OAuthErrorException e) {
      if (!isClientRefused(e)) {
        throw e;
      }
      Parts current = partsAfter(e, server);
      if (current.equals(parts)) {
        throw e;
      }
      return exchange(server, request, current, deadline);
    }
  }

  /** Asks the secret's supplier again; when it cannot say, the refusal is what counts. */
  private Parts partsAfter(OAuthErrorException refusal, AuthorizationServer server) {
    try {
      return authentication.parts(server, profile);
    } catch (RuntimeException e) {
      if (e != refusal) {
        refusal.addSuppressed(e);
      }
      throw refusal;
    }
  }

  private static boolean isClientRefused(OAuthErrorException e) {
    return e.failure().map(Failure::kind).orElse(FailureKind.REFUSED) == FailureKind.INVALID_CLIENT;
  }

  private Answer exchange(
      AuthorizationServer server, TokenRequest request, Parts parts, Duration deadline)
      throws InterruptedException {
    FormBody form = request.formWith(parts.parameters());
    Map<String, String> allHeaders = new HashMap<>(headers);
    allHeaders.putAll(parts.headers());
    Instant sentAt = wall.instant();
    long sentNanos = nanoTime.getAsLong();
    HttpAnswer answer;
    try {
      answer =
          transport.exchange(
              new Transport.Call(
                  server.tokenEndpoint(),
                  allHeaders,
                  form,
                  MAX_BODY,
                  deadline,
                  request.isRefresh()));
    } catch (TransportException e) {
      throw HttpFailures.ofTransport(NAME, server.tokenEndpoint(), e).toException();
    }
    TokenSet tokens =
        new TokenAnswerReader(profile, authentication.method(server), Redaction.of(form, parts))
            .read(answer, request.scope(), sentAt);
    return new Answer(
        tokens, sentAt, sentNanos, server, shortfall(request.requiredScope(), tokens, answer));
  }

  private static @Nullable Failure shortfall(Scope required, TokenSet tokens, HttpAnswer answer) {
    Scope granted = tokens.scope().orElse(Scope.none());
    if (granted.containsAll(required)) {
      return null;
    }
    return Failure.builder(
            FailureKind.REFUSED,
            "The token endpoint %s granted the scope [%s], and the grant requires [%s]. Ask the"
                    .formatted(answer.uri(), granted, required)
                + " server's operator for the missing ones, or require less.")
        .endpoint(answer.uri())
        .status(answer.status())
        .scopes(required, granted)
        .build();
  }
}
