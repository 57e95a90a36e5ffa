package dev.everbearer.protocol;

import dev.everbearer.client.internal.DpopSender;
import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.protocol.EndpointCaller.Post;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.IdToken;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Scope;
import dev.everbearer.token.TokenSet;
import dev.everbearer.wire.HttpAnswer;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The exchange with the token endpoint (RFC 6749 section 3.2). Thread-safe. */
public final class TokenEndpoint {

  private static final String CERTIFICATE_BOUND = "tls_client_certificate_bound_access_tokens";

  private final EndpointCaller caller;

  /** The token endpoint among the endpoints of a server. */
  public TokenEndpoint(EndpointCaller caller) {
    this.caller = caller;
  }

  /**
   * Who answers at this endpoint.
   *
   * @throws dev.everbearer.token.OAuthException when the server cannot be found
   * @throws InterruptedException when interrupted
   */
  public AuthorizationServer server() throws InterruptedException {
    return caller.server();
  }

  /** As {@link EndpointCaller#dpopJkt}. */
  public @Nullable String dpopJkt(AuthorizationServer server) {
    return caller.dpopJkt(server);
  }

  /**
   * What the server answered, with the moment the request left, from which its life counts.
   *
   * @param tokens the tokens
   * @param sentAt by the wall clock
   * @param sentNanos by the monotonic clock
   * @param server who answered
   * @param shortfall says that less was granted than is required, or no bound token, so that the
   *     access token must not be used (a new refresh token must be kept all the same); null when
   *     nothing is missing
   * @param boundKey the thumbprint of the key that a refresh token is bound to (RFC 9449 section
   *     5); null when it is bound to none
   */
  public record Answer(
      TokenSet tokens,
      Instant sentAt,
      long sentNanos,
      AuthorizationServer server,
      @Nullable Failure shortfall,
      @Nullable String boundKey) {

    /** The same answer, whose access token must not be used, for one more reason. */
    public Answer withShortfall(Failure reason) {
      return new Answer(tokens, sentAt, sentNanos, server, reason, boundKey);
    }

    /**
     * The tokens, for who manages them himself.
     *
     * @param keeper is given them when the access token must not be used and there is a refresh
     *     token, which would be lost
     * @throws dev.everbearer.token.OAuthException when something is missing; what the keeper throws
     *     goes with it
     */
    public TokenSet usable(Consumer<TokenSet> keeper) {
      if (shortfall == null) {
        return tokens;
      }
      OAuthException refusal = shortfall.toException();
      if (tokens.refreshToken().isPresent()) {
        try {
          keeper.accept(tokens);
        } catch (RuntimeException e) {
          refusal.addSuppressed(e);
        }
      }
      throw refusal;
    }

    /** The same answer, whose ID token was validated. */
    public Answer with(IdToken idToken) {
      return new Answer(
          tokens.toBuilder().validatedIdToken(idToken).build(),
          sentAt,
          sentNanos,
          server,
          shortfall,
          boundKey);
    }
  }

  /**
   * Asks for tokens once; a second time only if the server refused the client and its secret has
   * changed meanwhile.
   *
   * @param deadline for the whole exchange, body included
   * @throws dev.everbearer.token.OAuthException when no usable token came
   * @throws InterruptedException when interrupted
   */
  public Answer request(TokenRequest request, Duration deadline) throws InterruptedException {
    if (!request.details().isEmpty()) {
      DetailTypes.require(caller.server(), request.details());
    }
    return caller.post(
        new Post(Endpoint.TOKEN, request.form(), deadline, request.isUnrepeatable()),
        exchange -> answer(request, exchange));
  }

  private Answer answer(TokenRequest request, Exchange exchange) {
    TokenSet tokens =
        new TokenAnswerReader(exchange).read(exchange.answer(), request, exchange.sentAt());
    return new Answer(
        tokens,
        exchange.sentAt(),
        exchange.sentNanos(),
        exchange.server(),
        shortfall(request.requiredScope(), tokens, exchange.answer()),
        boundKey(tokens.accessToken(), exchange));
  }

  /**
   * A public client's refresh token is bound to the key that was proven, even where the access
   * token is not (RFC 9449 section 5), or to its certificate (RFC 8705 section 4); an attested
   * client's is bound to the key that it is attested by; another confidential client's never is.
   */
  private @Nullable String boundKey(AccessToken token, Exchange exchange) {
    if (!caller.isConfidential() && exchange.server().says(CERTIFICATE_BOUND)) {
      String certificate = caller.certificateThumbprint();
      if (certificate != null) {
        return certificate;
      }
    }
    DpopSender key = exchange.provenBy();
    if (key != null && exchange.provesClient()) {
      return key.thumbprint();
    }
    boolean isBinding = token.needsProof() || (key != null && key.isListedBy(exchange.server()));
    return key == null || caller.isConfidential() || !isBinding ? null : key.thumbprint();
  }

  private @Nullable Failure shortfall(Scope required, TokenSet tokens, HttpAnswer answer) {
    DpopSender key = caller.sender();
    AccessToken token = tokens.accessToken();
    if (key == null || token.needsProof() || !token.isSendable()) {
      return missingScope(required, tokens, answer);
    }
    if (key.isRequired()) {
      return notBound(answer);
    }
    key.sayBearer(answer.uri());
    return missingScope(required, tokens, answer);
  }

  private static Failure notBound(HttpAnswer answer) {
    return Failure.builder(
            FailureKind.REFUSED,
            "The token endpoint %s answered a Bearer token, and this client takes only tokens that"
                    .formatted(answer.uri())
                + " are bound to its DPoP key. Have the server's operator switch DPoP on for it, or"
                + " take Bearer tokens where it is off with dpopWhenOffered().")
        .endpoint(answer.uri())
        .status(answer.status())
        .ofSenderKey()
        .build();
  }

  private static @Nullable Failure missingScope(
      Scope required, TokenSet tokens, HttpAnswer answer) {
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
