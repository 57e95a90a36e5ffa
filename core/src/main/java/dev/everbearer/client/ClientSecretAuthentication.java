package dev.everbearer.client;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.FormBody;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** A shared secret, in the header or in the body (RFC 6749 section 2.3.1). */
final class ClientSecretAuthentication extends ClientAuthentication {

  private static final String BASIC = "client_secret_basic";
  private static final String POST = "client_secret_post";

  private final Supplier<String> clientSecret;
  private final String configuredMethod;

  /**
   * A secret with its way of being sent.
   *
   * @param configuredMethod empty leaves it to the server's metadata
   */
  ClientSecretAuthentication(
      String clientId, Supplier<String> clientSecret, String configuredMethod) {
    super(clientId);
    this.clientSecret = Objects.requireNonNull(clientSecret, "clientSecret");
    this.configuredMethod = configuredMethod;
  }

  @Override
  public String method(Target target) {
    if (!configuredMethod.isEmpty()) {
      return configuredMethod;
    }
    AuthorizationServer server = target.server();
    List<String> supported = server.authMethods(target.endpoint());
    if (supported.contains(POST)) {
      return POST;
    }
    if (supported.contains(BASIC)) {
      return BASIC;
    }
    throw Failure.builder(
            FailureKind.REFUSED,
            "The %s of %s takes no client secret, only %s. Give the client one of these methods; the"
                    .formatted(target.endpoint(), server, supported)
                + " secret was not sent.")
        .endpoint(server.tokenEndpoint())
        .build()
        .toException();
  }

  @Override
  boolean isSupportedAt(Target target) {
    List<String> supported = target.server().authMethods(target.endpoint());
    return configuredMethod.isEmpty()
        ? supported.contains(POST) || supported.contains(BASIC)
        : supported.contains(configuredMethod);
  }

  @Override
  public boolean isConfidential() {
    return true;
  }

  @Override
  public Optional<Supplier<String>> clientSecret() {
    return Optional.of(clientSecret);
  }

  @Override
  public Parts parts(Target target) {
    String secret = requireSendable("client secret", clientSecret.get());
    Secret credential = Secret.of(secret);
    if (method(target).equals(POST)) {
      return new Parts(
          Map.of(), Map.of("client_id", clientId(), "client_secret", secret), credential);
    }
    ProviderProfile profile = target.profile();
    return new Parts(
        Map.of("Authorization", basic(secret, profile)),
        profile.sendsClientIdWithBasic() ? Map.of("client_id", clientId()) : Map.of(),
        credential);
  }

  private String basic(String secret, ProviderProfile profile) {
    String pair =
        profile.isBasicRaw()
            ? clientId() + ":" + secret
            : FormBody.encode(clientId()) + ":" + FormBody.encode(secret);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
  }
}
