package dev.everbearer.protocol;

import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientAuthentication.Parts;
import dev.everbearer.client.ClientAuthentication.Target;
import dev.everbearer.client.ClientCertificate;
import dev.everbearer.client.internal.DpopSender;
import dev.everbearer.jose.AttestationProofs;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.server.internal.ServerDirectory;
import dev.everbearer.wire.FormBody;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.HttpFailures;
import dev.everbearer.wire.Transport;
import dev.everbearer.wire.TransportException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Posts a form to an endpoint of the authorization server as an authenticated client: the one place
 * that does so, for every endpoint (RFC 6749 section 2.3). Thread-safe.
 */
public final class EndpointCaller {

  private static final int MAX_BODY = 256 * 1024;
  private static final Set<Endpoint> PROVEN =
      Set.of(Endpoint.TOKEN, Endpoint.PUSHED_AUTHORIZATION_REQUEST);

  private final ServerDirectory directory;
  private final ClientAuthentication authentication;
  private final @Nullable DpopSender sender;
  private final ProviderProfile profile;
  private final @Nullable ClientCertificate certificate;
  private final boolean usesCertificate;
  private final Transport transport;
  private final Map<String, String> headers;
  private final AttestationChallenges challenges;
  private final InstantSource wall;
  private final LongSupplier nanoTime;

  /**
   * The endpoints of one server for one client.
   *
   * @param certificate shown inside TLS; null when there is none of ours
   * @param sender the key that tokens are to be bound to; null when to none
   * @param headers sent with each request
   * @param wall stamps the moment of sending, as does {@code nanoTime}
   */
  public EndpointCaller(
      ServerDirectory directory,
      ClientAuthentication authentication,
      @Nullable ClientCertificate certificate,
      @Nullable DpopSender sender,
      ProviderProfile profile,
      Transport transport,
      Map<String, String> headers,
      InstantSource wall,
      LongSupplier nanoTime) {
    this.directory = directory;
    this.authentication = authentication;
    this.certificate = certificate;
    this.usesCertificate = certificate != null || authentication.usesCertificate();
    this.sender = sender;
    this.profile = profile;
    this.transport = transport;
    this.headers = Map.copyOf(headers);
    this.challenges =
        new AttestationChallenges(transport, this.headers, certificate, profile.isStrict());
    this.wall = wall;
    this.nanoTime = nanoTime;
  }

  /**
   * A form on its way to an endpoint.
   *
   * @param endpoint where to
   * @param form the body, before client authentication
   * @param deadline for the whole exchange, body included
   * @param isUnrepeatable whether it must not meet a dead pooled connection
   * @param accept the media type that is wanted; null leaves it at JSON
   */
  record Post(
      Endpoint endpoint,
      FormBody form,
      Duration deadline,
      boolean isUnrepeatable,
      @Nullable String accept) {

    Post(Endpoint endpoint, FormBody form, Duration deadline, boolean isUnrepeatable) {
      this(endpoint, form, deadline, isUnrepeatable, null);
    }

    Post within(Duration left) {
      return new Post(endpoint, form, left, isUnrepeatable, accept);
    }
  }

  /**
   * An answer, with what is needed to read it.
   *
   * @param answer what came
   * @param server who answered
   * @param sentAt when the request left, by the wall clock
   * @param sentNanos the same by the monotonic clock
   * @param profile how the server's deviations are taken
   * @param errors reads an error answer
   * @param redaction frees texts from what the request held in confidence
   * @param provenBy the key whose proof went with the request; null when none did
   * @param provesClient whether that proof stands for the client, too
   * @param gaveNonce whether the answer brought a nonce for the next proof
   * @param gaveChallenge whether it brought a challenge for the next proof of an attested client
   */
  record Exchange(
      HttpAnswer answer,
      AuthorizationServer server,
      Instant sentAt,
      long sentNanos,
      ProviderProfile profile,
      ErrorReader errors,
      Redaction redaction,
      @Nullable DpopSender provenBy,
      boolean provesClient,
      boolean gaveNonce,
      boolean gaveChallenge) {}

  /** Reads an answer; throws an {@code OAuthException} for all but success. */
  interface Reader<T> {
    T read(Exchange exchange);
  }

  /** What the server does beyond the specifications. */
  ProviderProfile profile() {
    return profile;
  }

  /** The client's own name for itself. */
  String clientId() {
    return authentication.clientId();
  }

  /** The key that tokens are to be bound to; null when to none. */
  @Nullable DpopSender sender() {
    return sender;
  }

  /**
   * The {@code dpop_jkt} of an authorization request (RFC 9449 section 10), pushed or not: binds
   * the code to the key whose proofs go with the token request. Null when it is to be left out, as
   * it is where such a proof stands for the client, too.
   */
  public @Nullable String dpopJkt(AuthorizationServer server) {
    if (authentication.dpopKey().isPresent()
        && authentication
            .method(new Target(server, Endpoint.TOKEN, profile, wall))
            .equals(AttestationProofs.METHOD_BY_DPOP)) {
      return null;
    }
    return sender != null && (sender.isRequired() || sender.isOfferedBy(server))
        ? sender.thumbprint()
        : null;
  }

  /**
   * The thumbprint of the certificate that is shown inside TLS; null when there is none of ours.
   */
  @Nullable String certificateThumbprint() {
    return certificate == null ? null : certificate.thumbprint();
  }

  /** Whether the client holds anything to prove itself with. */
  boolean isConfidential() {
    return authentication.isConfidential();
  }

  AuthorizationServer server() throws InterruptedException {
    return directory.server();
  }

  /**
   * Posts once; again if the server refused the client, and meanwhile its secret or key has
   * changed, or the server's clock explains why an assertion was refused; once if it wants to see a
   * challenge that it gave or a fresher attestation; and at most twice if it wants to see a nonce
   * that it gave.
   *
   * @throws dev.everbearer.token.OAuthException when the answer was no success
   * @throws InterruptedException when interrupted
   */
  <T> T post(Post post, Reader<T> reader) throws InterruptedException {
    long startedAt = nanoTime();
    Target target = new Target(directory.server(), post.endpoint(), profile, wall);
    return new EndpointCall<>(this, authentication, target, post, startedAt, reader).answer();
  }

  /** Whether the client shows an attestation there. */
  boolean isAttested(Target target) {
    return AttestationProofs.isMethod(authentication.method(target));
  }

  /**
   * With the challenge for the next proof of an attested client.
   *
   * @throws dev.everbearer.token.OAuthException when the server has challenges and gives none
   * @throws InterruptedException when interrupted
   */
  Target challenged(Target target, Duration deadline) throws InterruptedException {
    return target.withChallenge(
        challenges.next(found(target.server(), Endpoint.CHALLENGE).orElse(null), deadline));
  }

  /** The monotonic clock. */
  long nanoTime() {
    return nanoTime.getAsLong();
  }

  /**
   * One request and its answer.
   *
   * @param limit how long both may take; asked when all is ready to be sent
   */
  Exchange exchange(Target target, Post post, Parts parts, Supplier<Duration> limit)
      throws InterruptedException {
    FormBody form = post.form().copy().addMissing(parts.parameters());
    Map<String, String> allHeaders = new HashMap<>(headers);
    allHeaders.putAll(parts.headers());
    if (post.accept() != null) {
      allHeaders.put("Accept", post.accept());
    }
    String shown = certificateThumbprint();
    URI uri = uri(target.server(), post.endpoint());
    boolean isAttested = parts.headers().containsKey(AttestationProofs.ATTESTATION);
    boolean provesClient = isAttested && !parts.headers().containsKey(AttestationProofs.PROOF);
    DpopSender prover = addProof(allHeaders, target, uri, provesClient);
    Redaction redaction = Redaction.of(form, parts);
    Instant sentAt = wall.instant();
    long sentNanos = nanoTime.getAsLong();
    HttpAnswer answer = send(post.within(limit.get()), uri, allHeaders, form, shown);
    boolean gaveNonce =
        prover != null
            && prover.noteServerNonce(uri, answer.headers().getOrDefault("dpop-nonce", List.of()));
    boolean gaveChallenge = isAttested && challenges.note(answer);
    if (provesClient && gaveNonce && !gaveChallenge) {
      challenges.forget();
    }
    ErrorReader errors =
        new ErrorReader(
            post.endpoint(),
            authentication.method(target),
            profile.isStrict(),
            redaction,
            prover != null);
    return new Exchange(
        answer,
        target.server(),
        sentAt,
        sentNanos,
        profile,
        errors,
        redaction,
        prover,
        provesClient,
        gaveNonce,
        gaveChallenge);
  }

  /**
   * Where tokens are asked for, or asked for in advance, the key is proven, and everywhere when
   * that proves who the client is; null when it is not.
   */
  private @Nullable DpopSender addProof(
      Map<String, String> allHeaders, Target target, URI uri, boolean provesClient) {
    DpopSender key = provesClient || PROVEN.contains(target.endpoint()) ? sender : null;
    String challenge = provesClient ? target.challenge() : null;
    String proof = key == null ? null : key.serverProof(target.server(), uri, challenge);
    if (proof == null) {
      return null;
    }
    allHeaders.put("DPoP", proof);
    return key;
  }

  private URI uri(AuthorizationServer server, Endpoint endpoint) {
    return found(server, endpoint)
        .orElseThrow(() -> MissingEndpoint.failure(server, endpoint).toException());
  }

  private Optional<URI> found(AuthorizationServer server, Endpoint endpoint) {
    return usesCertificate ? server.mutualTlsEndpoint(endpoint) : server.endpoint(endpoint);
  }

  private HttpAnswer send(
      Post post, URI uri, Map<String, String> allHeaders, FormBody form, @Nullable String shown)
      throws InterruptedException {
    try {
      return transport.exchange(
          new Transport.Call(
              uri, allHeaders, form, MAX_BODY, post.deadline(), post.isUnrepeatable(), shown));
    } catch (TransportException e) {
      throw HttpFailures.ofTransport(post.endpoint().toString(), uri, e).toException();
    }
  }
}
