package dev.everbearer.client.internal;

import dev.everbearer.client.DpopKey;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.SenderKey;
import dev.everbearer.wire.Untrusted;
import dev.everbearer.wire.Urls;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One client's DPoP key at work (RFC 9449): proofs for its authorization server and for APIs, with
 * the nonces of each kept apart. Thread-safe.
 */
public final class DpopSender implements SenderKey {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.client");
  private static final String ALGORITHMS = "dpop_signing_alg_values_supported";

  private final DpopKey given;
  private final boolean isRequired;
  private final InstantSource wall;
  private final DpopNonces serverNonces = new DpopNonces();
  private final DpopNonces apiNonces = new DpopNonces();
  private final AtomicBoolean hasSaidBearer = new AtomicBoolean();

  /** The given key, signing by an algorithm that the server lists. */
  private volatile DpopKey key;

  /**
   * A key at work.
   *
   * @param isRequired whether tokens that are not bound to the key are refused
   * @param wall stamps the proofs
   */
  public DpopSender(DpopKey key, boolean isRequired, InstantSource wall) {
    this.given = key;
    this.key = key;
    this.isRequired = isRequired;
    this.wall = wall;
  }

  /** Whether tokens that are not bound to the key are refused. */
  public boolean isRequired() {
    return isRequired;
  }

  @Override
  public String thumbprint() {
    return given.thumbprint();
  }

  // ---- the authorization server

  /**
   * Whether the server may be expected to bind tokens to the key: it lists an algorithm of the
   * key's, or nothing is known of it.
   */
  public boolean isOfferedBy(AuthorizationServer server) {
    return server
        .listed(ALGORITHMS)
        .map(listed -> given.forAlgorithms(listed).isPresent())
        .orElse(server.issuer().isEmpty());
  }

  /** Whether the server's metadata says that it knows DPoP. */
  public boolean isListedBy(AuthorizationServer server) {
    return server.listed(ALGORITHMS).isPresent();
  }

  /**
   * The value of the {@code DPoP} header field for one request to the authorization server (section
   * 5); null when the server does not offer DPoP and the client can do without.
   *
   * @param challenge what stands in place of the newest nonce when the proof is that of an attested
   *     client; null leaves it at the nonce
   * @throws dev.everbearer.token.OAuthException when the key cannot sign, or by no algorithm that
   *     the server takes
   */
  public @Nullable String serverProof(
      AuthorizationServer server, URI uri, @Nullable String challenge) {
    if (!isRequired && !isOfferedBy(server)) {
      return null;
    }
    List<String> listed = server.listed(ALGORITHMS).orElse(null);
    if (listed != null) {
      key = given.forAlgorithms(listed).orElseThrow(() -> noAlgorithm(server, listed));
    }
    return proof("POST", uri, null, challenge == null ? serverNonces.of(uri) : challenge);
  }

  private RuntimeException noAlgorithm(AuthorizationServer server, List<String> listed) {
    return Failure.builder(
            FailureKind.REFUSED,
            "The server %s takes DPoP proofs signed by %s, and the client's key signs by %s. Give"
                    .formatted(
                        server, Untrusted.printable(listed.toString(), 200), given.algorithm())
                + " dpop(...) a key that signs by one of them.")
        .endpoint(server.tokenEndpoint())
        .ofSenderKey()
        .build()
        .toException();
  }

  /**
   * Takes note of the nonce in an answer of the authorization server.
   *
   * @param nonces the values of all {@code DPoP-Nonce} lines
   * @return whether there was one
   */
  public boolean noteServerNonce(URI uri, List<String> nonces) {
    return serverNonces.note(uri, nonces);
  }

  /** Says, once, that the tokens of this client are not bound to its key. */
  public void sayBearer(URI endpoint) {
    if (!hasSaidBearer.getAndSet(true)) {
      LOG.log(
          System.Logger.Level.WARNING,
          "The tokens of {0} are not bound to the client''s DPoP key: the server gives Bearer"
              + " tokens, which whoever steals them can use. dpop() in place of dpopWhenOffered()"
              + " refuses them.",
          Urls.shown(endpoint));
    }
  }

  // ---- APIs

  @Override
  public String proof(String method, URI uri, AccessToken token) {
    return proof(method, uri, token.value(), apiNonces.of(uri));
  }

  @Override
  public boolean noteNonce(URI uri, List<String> nonces) {
    return apiNonces.note(uri, nonces);
  }

  /**
   * What a signer of the user's throws may quote anything, so it goes no further than its class.
   */
  private String proof(
      String method, URI uri, @Nullable String accessToken, @Nullable String nonce) {
    try {
      return key.proof(method, uri, accessToken, nonce, wall.instant());
    } catch (RuntimeException e) {
      throw Failure.builder(
              FailureKind.SERVER_TROUBLE,
              "Nothing was sent to %s: the DPoP key could not sign (%s). Check the key, or the"
                      .formatted(Urls.shown(uri), e.getClass().getName())
                  + " service that signs with it.")
          .ofSenderKey()
          .build()
          .toException();
    }
  }

  @Override
  public String toString() {
    return "DpopSender[" + thumbprint() + (isRequired ? "" : ", when offered") + "]";
  }
}
