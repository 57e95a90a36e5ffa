package dev.everbearer.protocol;

import dev.everbearer.client.ClientCertificate;
import dev.everbearer.jose.AttestationProofs;
import dev.everbearer.server.Endpoint;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.HttpFailures;
import dev.everbearer.wire.Transport;
import dev.everbearer.wire.TransportException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The challenges that one server wants to see in the proofs of an attested client
 * (draft-ietf-oauth-attestation-based-client-auth-10 section 6). Thread-safe.
 */
final class AttestationChallenges {

  private static final int MAX_BODY = 64 * 1024;
  private static final Pattern SYNTAX = Pattern.compile("[\\x21-\\x7e]{1,2048}");
  private static final String HEADER = AttestationProofs.CHALLENGE.toLowerCase(Locale.ROOT);

  private final Transport transport;
  private final Map<String, String> headers;
  private final @Nullable ClientCertificate certificate;
  private final ErrorReader errors;
  private final boolean isStrict;

  private final AtomicReference<@Nullable String> unused = new AtomicReference<>();
  private volatile @Nullable String newest;

  /**
   * The challenges of a server.
   *
   * @param headers sent with each request
   * @param certificate shown inside TLS; null when there is none of ours
   * @param isStrict whether answers are held to the letter
   */
  AttestationChallenges(
      Transport transport,
      Map<String, String> headers,
      @Nullable ClientCertificate certificate,
      boolean isStrict) {
    this.transport = transport;
    this.headers = headers;
    this.certificate = certificate;
    this.isStrict = isStrict;
    this.errors =
        new ErrorReader(
            Endpoint.CHALLENGE, AttestationProofs.METHOD, isStrict, Redaction.of(List.of()), false);
  }

  /**
   * The challenge for the next proof: the one that came with an answer, the first time; else one
   * that is fetched; else the newest that came with an answer. Null when the server gives none.
   *
   * @param endpoint where to fetch one; null when nowhere
   * @throws dev.everbearer.token.OAuthException when it cannot be fetched
   * @throws InterruptedException when interrupted
   */
  @Nullable String next(@Nullable URI endpoint, Duration deadline) throws InterruptedException {
    String given = unused.getAndSet(null);
    if (given != null) {
      return given;
    }
    return endpoint == null ? newest : fetch(endpoint, deadline);
  }

  /**
   * Takes note of the challenge in an answer, whatever its status (section 6.2).
   *
   * @return whether there was exactly one, and well-formed
   */
  boolean note(HttpAnswer answer) {
    List<String> fields = answer.headers().getOrDefault(HEADER, List.of());
    if (fields.size() != 1 || !SYNTAX.matcher(fields.get(0)).matches()) {
      return false;
    }
    newest = fields.get(0);
    unused.set(fields.get(0));
    return true;
  }

  /** The server wants something else to be seen again. */
  void forget() {
    newest = null;
    unused.set(null);
  }

  private @Nullable String fetch(URI endpoint, Duration deadline) throws InterruptedException {
    // 1. An object with status 200 (section 6.1).
    ObjectAnswer answer = new ObjectAnswer(send(endpoint, deadline), errors, isStrict);
    Object challenge = answer.members().get("attestation_challenge");
    // 2. None at all says that the endpoint is there for other things.
    if (challenge == null) {
      return null;
    }
    if (!(challenge instanceof String text) || !SYNTAX.matcher(text).matches()) {
      throw answer.unusable("its attestation_challenge is not 1 to 2048 visible characters");
    }
    return text;
  }

  private HttpAnswer send(URI endpoint, Duration deadline) throws InterruptedException {
    String shown = certificate == null ? null : certificate.thumbprint();
    try {
      return transport.exchange(
          new Transport.Call("POST", endpoint, headers, null, MAX_BODY, deadline, false, shown));
    } catch (TransportException e) {
      throw HttpFailures.ofReading(Endpoint.CHALLENGE.toString(), endpoint, e).toException();
    }
  }
}
