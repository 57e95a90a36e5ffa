package dev.everbearer.protocol;

import dev.everbearer.client.ClientMetadata;
import dev.everbearer.jose.SignatureAlgorithm;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.Untrusted;
import java.math.BigDecimal;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Checks what a server says it has registered (RFC 7591 section 3.2.1): its word counts, whatever
 * was asked for, and so it must be something that the client can live with.
 */
final class RegistrationReader {

  private static final Set<String> WITH_SECRET =
      Set.of("client_secret_basic", "client_secret_post", "client_secret_jwt");
  private static final String AUTH_METHOD = "token_endpoint_auth_method";
  private static final String SECRET_END = "client_secret_expires_at";
  private static final String CONFIGURATION_URI = "registration_client_uri";

  private final EndpointRules rules;
  private final boolean isStrict;
  private final URI endpoint;

  RegistrationReader(EndpointRules rules, boolean isStrict, URI endpoint) {
    this.rules = rules;
    this.isStrict = isStrict;
    this.endpoint = endpoint;
  }

  /** What was registered is of no use; the message says why, and shows no secret. */
  static final class UnusableRegistrationException extends Exception {

    private static final long serialVersionUID = 1L;

    UnusableRegistrationException(String message) {
      super(message);
    }
  }

  /**
   * Checks an answer.
   *
   * @param asked what was asked for
   * @param hasSecret whether the client has a secret already
   */
  void check(Map<String, Object> answer, ClientMetadata asked, boolean hasSecret)
      throws UnusableRegistrationException {
    // 1. Who the client is.
    require(text(answer, "client_id") != null, "it has no client_id");
    // 2. The secret, and when it ends.
    boolean gotSecret = answer.get("client_secret") != null;
    require(!gotSecret || text(answer, "client_secret") != null, "its secret is not a string");
    if (gotSecret) {
      requireSecretEnd(answer.get(SECRET_END));
    }
    // 3. Where it is managed.
    requireConfigurationUri(answer.get(CONFIGURATION_URI));
    // 4. What was registered in place of what was asked for.
    requireMethod(answer, asked, gotSecret || hasSecret);
    requireAll(answer, asked, "grant_types");
    requireAll(answer, asked, "redirect_uris");
    requireAlgorithms(answer, asked);
  }

  /** Zero is never; whole seconds since 1970 else. */
  private void requireSecretEnd(@Nullable Object value) throws UnusableRegistrationException {
    boolean isGood = value instanceof BigDecimal seconds && seconds.signum() >= 0;
    if (isGood) {
      return;
    }
    String complaint =
        value == null
            ? "client_secret_expires_at is missing beside a client_secret"
            : "client_secret_expires_at is not a number of seconds";
    require(!isStrict, complaint);
    Complaints.once(endpoint, complaint + "; when the secret ends is not known");
  }

  private void requireConfigurationUri(@Nullable Object value)
      throws UnusableRegistrationException {
    if (value == null) {
      return;
    }
    try {
      rules.check(CONFIGURATION_URI, URI.create(String.valueOf(value)));
    } catch (IllegalArgumentException e) {
      throw new UnusableRegistrationException("its registration_client_uri is not an https URL");
    }
  }

  private static void requireMethod(
      Map<String, Object> answer, ClientMetadata asked, boolean hasSecret)
      throws UnusableRegistrationException {
    String wanted = asked.authMethod().orElse("client_secret_basic");
    String given = text(answer, AUTH_METHOD) == null ? wanted : text(answer, AUTH_METHOD);
    boolean isUsable =
        WITH_SECRET.contains(given) ? hasSecret : wanted.equals(given) || "none".equals(given);
    require(
        isUsable,
        "it was registered for %s, for which the client has nothing; asked for was %s"
            .formatted(shown(given), wanted));
  }

  private static void requireAll(Map<String, Object> answer, ClientMetadata asked, String name)
      throws UnusableRegistrationException {
    Object given = answer.get(name);
    if (given == null) {
      return;
    }
    List<String> wanted = asked.texts(name);
    require(
        given instanceof List<?> list && list.containsAll(wanted),
        "of its %s some are missing: asked for were %s".formatted(name, wanted));
  }

  /** Signed by what we can verify, and not encrypted unless that was asked for. */
  private static void requireAlgorithms(Map<String, Object> answer, ClientMetadata asked)
      throws UnusableRegistrationException {
    for (Map.Entry<String, Object> member : answer.entrySet()) {
      String name = member.getKey();
      boolean isAsked = member.getValue().equals(asked.members().get(name));
      if (name.endsWith("_signed_response_alg") && !isAsked) {
        require(
            SignatureAlgorithm.named(member.getValue()) != null,
            "its %s is %s, which cannot be verified"
                .formatted(shown(name), shown(member.getValue())));
      }
      require(
          isAsked || !name.endsWith("_encrypted_response_alg"),
          "answers would be encrypted (%s), and that was not asked for".formatted(shown(name)));
    }
  }

  private static @Nullable String text(Map<String, Object> members, String name) {
    return members.get(name) instanceof String text && !text.isEmpty() ? text : null;
  }

  private static String shown(@Nullable Object value) {
    return Untrusted.printable(String.valueOf(value), 100);
  }

  private static void require(boolean holds, String otherwise)
      throws UnusableRegistrationException {
    if (!holds) {
      throw new UnusableRegistrationException(otherwise);
    }
  }
}
