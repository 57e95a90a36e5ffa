package dev.everbearer.protocol;

import dev.everbearer.client.ClientCertificate;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.server.internal.ServerDirectory;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import dev.everbearer.token.SenderKey;
import dev.everbearer.wire.Body;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.HttpFailures;
import dev.everbearer.wire.Transport;
import dev.everbearer.wire.TransportException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Calls those endpoints of the authorization server that want a bearer token rather than client
 * authentication (RFC 6750 section 2.1). Thread-safe.
 */
public final class BearerCaller {

  private static final int MAX_BODY = 512 * 1024;

  private final ServerDirectory directory;
  private final @Nullable ClientCertificate certificate;
  private final ProviderProfile profile;
  private final Transport transport;
  private final Map<String, String> headers;

  /**
   * The endpoints of one server.
   *
   * @param certificate shown inside TLS; null when there is none of ours
   * @param headers sent with each request
   */
  public BearerCaller(
      ServerDirectory directory,
      @Nullable ClientCertificate certificate,
      ProviderProfile profile,
      Transport transport,
      Map<String, String> headers) {
    this.directory = directory;
    this.certificate = certificate;
    this.profile = profile;
    this.transport = transport;
    this.headers = Map.copyOf(headers);
  }

  /**
   * What a request is allowed by.
   *
   * @param authorization the value of the {@code Authorization} header
   * @param bound the token in it, if it must be shown with a proof of its key; null else
   */
  record Credential(Secret authorization, @Nullable AccessToken bound) {

    static Credential of(AccessToken token) {
      return new Credential(Secret.of(token.authorization()), token.needsProof() ? token : null);
    }

    static Credential bearer(Secret token) {
      return new Credential(Secret.of("Bearer " + token.reveal()), null);
    }
  }

  /**
   * A request.
   *
   * @param endpoint which endpoint, for people
   * @param method the HTTP method
   * @param uri where to
   * @param credential null when none is needed
   * @param body what it carries; null when nothing
   * @param accept the media type that is wanted
   */
  record Request(
      Endpoint endpoint,
      String method,
      URI uri,
      @Nullable Credential credential,
      @Nullable Body body,
      String accept) {}

  /** What the server does beyond the specifications. */
  ProviderProfile profile() {
    return profile;
  }

  AuthorizationServer server() throws InterruptedException {
    return directory.server();
  }

  /** Where an endpoint is. */
  URI uri(AuthorizationServer server, Endpoint endpoint) {
    Optional<URI> found =
        certificate == null ? server.endpoint(endpoint) : server.mutualTlsEndpoint(endpoint);
    return found.orElseThrow(() -> MissingEndpoint.failure(server, endpoint).toException());
  }

  /**
   * Sends it once; a second time if the server wants to see a nonce in the proof (RFC 9449 section
   * 9).
   *
   * @param deadline for each exchange, body included
   * @throws dev.everbearer.token.OAuthException when no whole answer came
   * @throws InterruptedException when interrupted
   */
  BearerAnswer call(Request request, Duration deadline) throws InterruptedException {
    AccessToken bound = request.credential() == null ? null : request.credential().bound();
    if (bound == null) {
      return new BearerAnswer(
          send(request, headers(request), deadline), errors(request), profile.isStrict());
    }
    SenderKey key = bound.senderKey().orElseThrow(() -> keyMissing(request));
    BearerAnswer answer = prove(request, bound, key, deadline);
    boolean hasNonce = key.noteNonce(request.uri(), answer.nonces());
    return hasNonce && answer.http().status() == 401
        ? prove(request, bound, key, deadline)
        : answer;
  }

  private BearerAnswer prove(Request request, AccessToken bound, SenderKey key, Duration deadline)
      throws InterruptedException {
    Map<String, String> all = headers(request);
    all.put("DPoP", key.proof(request.method(), request.uri(), bound));
    return new BearerAnswer(send(request, all, deadline), errors(request), profile.isStrict());
  }

  private static OAuthException keyMissing(Request request) {
    return Failure.builder(
            FailureKind.REFUSED,
            "The %s was not asked: the token is bound to a key that is not at hand. Give dpop(...)"
                    .formatted(request.endpoint())
                + " the key that it was obtained with.")
        .ofSenderKey()
        .build()
        .toException();
  }

  private Map<String, String> headers(Request request) {
    Map<String, String> all = new HashMap<>(headers);
    all.put("Accept", request.accept());
    if (request.credential() != null) {
      all.put("Authorization", request.credential().authorization().reveal());
    }
    return all;
  }

  private HttpAnswer send(Request request, Map<String, String> all, Duration deadline)
      throws InterruptedException {
    try {
      return transport.exchange(
          new Transport.Call(
              request.method(),
              request.uri(),
              all,
              request.body(),
              MAX_BODY,
              deadline,
              false,
              certificate == null ? null : certificate.thumbprint()));
    } catch (TransportException e) {
      throw HttpFailures.ofTransport(request.endpoint().toString(), request.uri(), e).toException();
    }
  }

  private ErrorReader errors(Request request) {
    Credential credential = request.credential();
    String value = credential == null ? "" : credential.authorization().reveal();
    return new ErrorReader(
        request.endpoint(),
        "this endpoint",
        profile.isStrict(),
        Redaction.of(List.of(value, value.substring(value.indexOf(' ') + 1))),
        credential != null && credential.bound() != null);
  }
}
