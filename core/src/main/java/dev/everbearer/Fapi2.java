package dev.everbearer;

import dev.everbearer.login.internal.FrontChannel;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.internal.ServerDirectory;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import dev.everbearer.wire.FormBody;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the FAPI 2.0 Security Profile asks of a client (sections 5.2, 5.3.3 and 5.4): of its
 * configuration when it is built, and of its server when that is known.
 */
final class Fapi2 {

  /** Section 5.4.1. {@code EdDSA} is the older name of {@code Ed25519}. */
  private static final Set<String> ALGORITHMS = Set.of("PS256", "ES256", "Ed25519", "EdDSA");

  private static final String ALGORITHM_LIST = "_signing_alg_values_supported";
  private static final List<String> ALGORITHM_LISTS =
      List.of(
          "id_token" + ALGORITHM_LIST,
          "authorization" + ALGORITHM_LIST,
          "request_object" + ALGORITHM_LIST,
          "token_endpoint_auth" + ALGORITHM_LIST);
  private static final String ISS = "authorization_response_iss_parameter_supported";

  private final List<String> problems = new ArrayList<>();

  static boolean isAllowed(String algorithm) {
    return ALGORITHMS.contains(algorithm);
  }

  // ---- the configuration

  /** Notes what is missing. */
  Fapi2 require(boolean isThere, String otherwise) {
    if (!isThere) {
      problems.add(otherwise);
    }
    return this;
  }

  /** Throws {@code IllegalStateException} that names all that is missing. */
  void finish() {
    if (!problems.isEmpty()) {
      throw new IllegalStateException(
          "FAPI 2.0 is switched on, and this configuration is weaker: "
              + String.join("; ", problems)
              + ".");
    }
  }

  // ---- the server

  /** The server as it may be used: of the algorithms that it lists, only those of the profile. */
  static ServerDirectory restricted(ServerDirectory directory) {
    return () -> restricted(directory.server());
  }

  private static AuthorizationServer restricted(AuthorizationServer server) {
    Map<String, Object> metadata = new LinkedHashMap<>(server.metadata());
    List<String> all = ALGORITHMS.stream().sorted().toList();
    ALGORITHM_LISTS.forEach(name -> metadata.putIfAbsent(name, all));
    metadata.replaceAll(
        (name, value) ->
            name.endsWith(ALGORITHM_LIST)
                ? server.listed(name).orElse(all).stream().filter(ALGORITHMS::contains).toList()
                : value);
    return AuthorizationServer.discovered(
        server.issuer().orElseThrow(),
        server.tokenEndpoint(),
        server.listed("token_endpoint_auth_methods_supported").orElse(null),
        metadata);
  }

  /** Logins only at servers that take pushed requests and name themselves in their answers. */
  static FrontChannel checked(FrontChannel delivery) {
    return (server, parameters) -> {
      requireForLogin(server, parameters);
      return delivery.inUrl(server, parameters);
    };
  }

  private static void requireForLogin(AuthorizationServer server, FormBody parameters) {
    if (server.endpoint(Endpoint.PUSHED_AUTHORIZATION_REQUEST).isEmpty()) {
      throw weak(server, "it has no endpoint for pushed authorization requests (RFC 9126)");
    }
    boolean isJwt = String.valueOf(parameters.members().get("response_mode")).endsWith("jwt");
    if (!isJwt && !server.says(ISS)) {
      throw weak(server, "it does not name itself in its answers (%s, RFC 9207)".formatted(ISS));
    }
  }

  private static OAuthException weak(AuthorizationServer server, String why) {
    return Failure.builder(
            FailureKind.REFUSED,
            "FAPI 2.0 is switched on, and nobody is sent to %s to log in: by its metadata %s. Ask its"
                    .formatted(server, why)
                + " operator, or leave fapi2() out.")
        .ofLogin()
        .build()
        .toException();
  }
}
