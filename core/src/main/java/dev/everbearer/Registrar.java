package dev.everbearer;

import dev.everbearer.client.ClientIdDocument;
import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.protocol.RegistrationEndpoint;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.Transport;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Registers clients at one authorization server (RFC 7591), and manages what it registered (RFC
 * 7592). Thread-safe; owns its connections, so close it when it is done.
 *
 * <pre>{@code
 * try (Registrar registrar = OAuthClient.builder().issuer("https://id.example.com").registrar()) {
 *   ClientRegistration registration =
 *       registrar.register(ClientMetadata.nativeApp("http://127.0.0.1/callback"));
 * }
 * }</pre>
 */
public final class Registrar implements AutoCloseable {

  private static final String CLIENT_ID_DOCUMENTS = "client_id_metadata_document_supported";

  private final String serverName;
  private final RegistrationEndpoint endpoint;
  private final Transport transport;
  private final Duration exchangeTimeout;
  private final InstantSource wall;

  /** The registrations, by their tokens, that the server does not know any more. */
  private final Set<Secret> lost = ConcurrentHashMap.newKeySet();

  Registrar(
      String serverName,
      RegistrationEndpoint endpoint,
      Transport transport,
      Duration exchangeTimeout,
      InstantSource wall) {
    this.serverName = serverName;
    this.endpoint = endpoint;
    this.transport = transport;
    this.exchangeTimeout = exchangeTimeout;
    this.wall = wall;
  }

  /**
   * Registers a client. What the server registers counts, whatever was asked for; if the client
   * could not use that, it is refused. One attempt: the server may have registered the client
   * although its answer was lost.
   *
   * @throws dev.everbearer.token.OAuthErrorException with {@code invalid_redirect_uri}, {@code
   *     invalid_client_metadata}, {@code invalid_software_statement} or {@code
   *     unapproved_software_statement} when the server does not want it
   * @throws OAuthException when there is no registration that can be used; an interrupt keeps its
   *     flag
   */
  public ClientRegistration register(ClientMetadata metadata) {
    return registered(metadata, null);
  }

  /**
   * As {@link #register(ClientMetadata)}, where registering needs a token.
   *
   * @param initialAccessToken sent as a Bearer token
   */
  public ClientRegistration register(ClientMetadata metadata, Secret initialAccessToken) {
    return registered(metadata, Objects.requireNonNull(initialAccessToken, "initialAccessToken"));
  }

  private ClientRegistration registered(ClientMetadata metadata, @Nullable Secret token) {
    Objects.requireNonNull(metadata, "metadata");
    ClientRegistration registration =
        Blocking.get(
            "Registering a client", () -> endpoint.register(metadata, token, exchangeTimeout));
    return registration.secretObtainedAt(wall.instant());
  }

  /**
   * The registration as it is now. Keep what comes in place of what was: credentials may have
   * changed.
   *
   * @throws IllegalArgumentException if the server gave nothing to manage it by
   * @throws OAuthException when it cannot be had; after a 401 it is not asked for again
   */
  public ClientRegistration read(ClientRegistration registration) {
    return dated(
        registration, managed(registration, () -> endpoint.read(registration, exchangeTimeout)));
  }

  /**
   * Registers other metadata in place of all that was. Keep what comes in place of what was:
   * credentials may have changed.
   *
   * @throws IllegalArgumentException if the server gave nothing to manage it by
   * @throws OAuthException when it was not changed; after a 401 it is not tried again
   */
  public ClientRegistration update(ClientRegistration registration, ClientMetadata metadata) {
    Objects.requireNonNull(metadata, "metadata");
    return dated(
        registration,
        managed(registration, () -> endpoint.update(registration, metadata, exchangeTimeout)));
  }

  /** A secret that is another one than before was obtained just now. */
  private ClientRegistration dated(ClientRegistration before, ClientRegistration after) {
    boolean isSameSecret =
        after.clientSecret().equals(before.clientSecret())
            && after.secretExpiresAt().equals(before.secretExpiresAt());
    return isSameSecret ? after : after.secretObtainedAt(wall.instant());
  }

  /**
   * The registration with a secret that is good for a while: this one, or when the last fifth of
   * its secret's life has begun (a day at most, and a day where that life is not known), an updated
   * one. A server that does not rotate secrets answers the old secret; then there is nothing to be
   * done here.
   *
   * @throws IllegalArgumentException if the secret ends and the server gave nothing to manage it by
   * @throws OAuthException when it was not changed; after a 401 it is not tried again
   */
  public ClientRegistration refreshed(ClientRegistration registration) {
    return KeptRegistration.hasLastingSecret(registration, wall.instant())
        ? registration
        : update(registration, registration.metadata());
  }

  /**
   * Ends a registration: the client is no more.
   *
   * @throws IllegalArgumentException if the server gave nothing to manage it by
   * @throws OAuthException when it was not deleted; after a 401 it is not tried again
   */
  public void delete(ClientRegistration registration) {
    Boolean unused =
        managed(
            registration,
            () -> {
              endpoint.delete(registration, exchangeTimeout);
              return true;
            });
  }

  /** After a 401 the registration is gone, or its token is of no use: asking again cannot help. */
  private <T> T managed(ClientRegistration registration, Blocking.Work<T> work) {
    Secret token = registration.registrationAccessToken().orElse(null);
    if (token == null || registration.configurationUri().isEmpty()) {
      throw new IllegalArgumentException(
          "The server gave nothing to manage %s by.".formatted(registration));
    }
    if (lost.contains(token)) {
      throw gone(registration, null);
    }
    try {
      return Blocking.get("Managing " + registration, work);
    } catch (OAuthException e) {
      Failure failure = e.failure().orElse(null);
      if (failure != null && failure.status() == 401) {
        lost.add(token);
        throw gone(registration, failure);
      }
      throw e;
    }
  }

  private static OAuthException gone(ClientRegistration registration, @Nullable Failure failure) {
    Failure.Builder gone =
        Failure.builder(
                FailureKind.REFUSED,
                "%s is gone, or its registration access token is of no use any more. Register anew."
                    .formatted(registration))
            .status(401);
    if (failure != null) {
      failure.endpoint().ifPresent(gone::endpoint);
      failure.error().ifPresent(code -> gone.error(code, null, null));
    }
    return gone.build().toException();
  }

  /**
   * Whether the server takes the URL of a client ID metadata document as a client id. Unless its
   * metadata says so, the client needs another way, such as {@link #register}.
   *
   * @throws OAuthException when the server cannot be found
   */
  public boolean takes(ClientIdDocument document) {
    Objects.requireNonNull(document, "document");
    return Blocking.get("Asking for metadata", () -> endpoint.server().says(CLIENT_ID_DOCUMENTS));
  }

  @Override
  public void close() {
    transport.close();
  }

  @Override
  public String toString() {
    return "Registrar[at " + serverName + "]";
  }
}
