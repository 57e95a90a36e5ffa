package dev.everbearer.client;

import dev.everbearer.token.Secret;
import dev.everbearer.wire.JsonBody;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A client as a server has registered it (RFC 7591 section 3.2.1), with its credentials and those
 * by which it is managed (RFC 7592 section 3). Immutable and thread-safe; prints no secret.
 */
public final class ClientRegistration {

  private static final String ISSUER = "issuer";
  private static final String SECRET_OBTAINED_AT = "secret_obtained_at";

  private final @Nullable String issuer;
  private final String clientId;
  private final Map<String, Object> document;
  private final ClientMetadata metadata;
  private final @Nullable Instant secretObtainedAt;

  private ClientRegistration(
      @Nullable String issuer, Map<String, Object> document, @Nullable Instant secretObtainedAt) {
    this.issuer = issuer;
    this.document = new LinkedHashMap<>(document);
    this.metadata = ClientMetadata.of(document);
    this.secretObtainedAt = secretObtainedAt;
    this.clientId = Objects.requireNonNull(text("client_id"), "A registration has a client_id.");
  }

  /**
   * A registration after all checks, or one that a test makes up.
   *
   * @param issuer the server's issuer identifier; null when only endpoints are known
   * @param document the whole answer, with a {@code client_id}
   */
  public static ClientRegistration of(@Nullable String issuer, Map<String, Object> document) {
    return new ClientRegistration(issuer, document, null);
  }

  /** This registration, whose secret was first answered then; kept in whole seconds. */
  public ClientRegistration secretObtainedAt(Instant time) {
    return new ClientRegistration(issuer, document, time.truncatedTo(ChronoUnit.SECONDS));
  }

  /** The server's issuer identifier; empty when only endpoints are known. */
  public Optional<String> issuer() {
    return Optional.ofNullable(issuer);
  }

  /** The client id. */
  public String clientId() {
    return clientId;
  }

  /** The client secret; empty for a client that has none. */
  public Optional<Secret> clientSecret() {
    return secret("client_secret");
  }

  /** When the secret ends; empty when it never does, or the server did not say. */
  public Optional<Instant> secretExpiresAt() {
    return instant("client_secret_expires_at").filter(end -> end.getEpochSecond() > 0);
  }

  /** When this secret was first answered, by our clock; empty when that is not known. */
  public Optional<Instant> secretObtainedAt() {
    return Optional.ofNullable(secretObtainedAt);
  }

  /** When the client was registered; empty when the server did not say. */
  public Optional<Instant> issuedAt() {
    return instant("client_id_issued_at");
  }

  /** The token that reads, changes and deletes the registration; empty when it cannot be. */
  public Optional<Secret> registrationAccessToken() {
    return secret("registration_access_token");
  }

  /** Where the registration is managed; empty when it cannot be. */
  public Optional<URI> configurationUri() {
    return Optional.ofNullable(text("registration_client_uri")).map(URI::create);
  }

  /** What the server has registered, whatever was asked for. */
  public ClientMetadata metadata() {
    return metadata;
  }

  /**
   * How the client proves who it is, as it is registered.
   *
   * @throws IllegalStateException if it does so by a key or a certificate, which are not in here:
   *     make the {@link ClientAuthentication} with {@link #clientId}
   */
  public ClientAuthentication authentication() {
    String method = metadata.authMethod().orElse("client_secret_basic");
    String secret = clientSecret().map(Secret::reveal).orElse("");
    return switch (method) {
      case "none" -> ClientAuthentication.none(clientId);
      case "client_secret_basic" -> ClientAuthentication.clientSecretBasic(clientId, secret);
      case "client_secret_post" -> ClientAuthentication.clientSecretPost(clientId, secret);
      case "client_secret_jwt" -> ClientAuthentication.clientSecretJwt(clientId, secret);
      default ->
          throw new IllegalStateException(
              "This client is registered for %s, which needs more than its registration holds. Make"
                      .formatted(method)
                  + " the client authentication with its client id and your key.");
    };
  }

  /**
   * Everything in one text, credentials included, to be kept where secrets are kept: encrypted, and
   * by the issuer.
   */
  public Secret save() {
    Map<String, Object> all = new LinkedHashMap<>();
    if (issuer != null) {
      all.put(ISSUER, issuer);
    }
    all.put("registration", document);
    if (secretObtainedAt != null) {
      all.put(SECRET_OBTAINED_AT, secretObtainedAt.getEpochSecond());
    }
    return Secret.of(new JsonBody(all).encoded());
  }

  /**
   * What {@link #save} gave.
   *
   * @throws IllegalArgumentException if it is anything else; the message shows nothing of it
   */
  public static ClientRegistration load(Secret saved) {
    try {
      Map<String, Object> all = StrictJson.object(saved.reveal().getBytes(StandardCharsets.UTF_8));
      if (all.get("registration") instanceof Map<?, ?> document
          && document.get("client_id") instanceof String) {
        Map<String, Object> members = new LinkedHashMap<>();
        document.forEach((name, value) -> members.put(String.valueOf(name), value));
        Instant obtained =
            all.get(SECRET_OBTAINED_AT) instanceof Number seconds
                ? Instant.ofEpochSecond(seconds.longValue())
                : null;
        return new ClientRegistration((String) all.get(ISSUER), members, obtained);
      }
    } catch (BrokenJsonException | ClassCastException e) {
      // Refused below, without a word of what it was.
    }
    throw new IllegalArgumentException("This is not a saved client registration.");
  }

  /**
   * This registration as a later answer has it: what the answer brings replaces what was, and
   * credentials that it leaves out stay. When the secret was obtained is known of the old one
   * alone.
   */
  public ClientRegistration replacedBy(Map<String, Object> answer) {
    Map<String, Object> merged = new LinkedHashMap<>(answer);
    for (String name : ClientMetadata.SERVERS_OWN) {
      Object before = document.get(name);
      if (before != null) {
        merged.putIfAbsent(name, before);
      }
    }
    ClientRegistration replaced = new ClientRegistration(issuer, merged, secretObtainedAt);
    boolean isSameSecret =
        replaced.clientSecret().equals(clientSecret())
            && replaced.secretExpiresAt().equals(secretExpiresAt());
    return isSameSecret ? replaced : new ClientRegistration(issuer, merged, null);
  }

  private @Nullable String text(String name) {
    return document.get(name) instanceof String text && !text.isEmpty() ? text : null;
  }

  private Optional<Secret> secret(String name) {
    return Optional.ofNullable(text(name)).map(Secret::of);
  }

  private Optional<Instant> instant(String name) {
    return document.get(name) instanceof Number seconds
        ? Optional.of(Instant.ofEpochSecond(seconds.longValue()))
        : Optional.empty();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ClientRegistration that
        && Objects.equals(issuer, that.issuer)
        && Objects.equals(secretObtainedAt, that.secretObtainedAt)
        && document.equals(that.document);
  }

  @Override
  public int hashCode() {
    return document.hashCode();
  }

  /** The client id and the issuer. */
  @Override
  public String toString() {
    return "ClientRegistration[" + clientId + (issuer == null ? "" : " at " + issuer) + "]";
  }
}
