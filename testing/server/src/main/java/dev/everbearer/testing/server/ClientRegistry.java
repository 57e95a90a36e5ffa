package dev.everbearer.testing.server;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The registered clients, and the check whether a request comes from one. Thread-safe. */
final class ClientRegistry {

  private record Credentials(ClientAuthMethod method, String id, String secret) {}

  private static final String NO_SECRET = "";

  private final Map<String, String> secrets = new ConcurrentHashMap<>();
  private volatile Set<ClientAuthMethod> accepted = EnumSet.allOf(ClientAuthMethod.class);

  void register(String id, String secret) {
    secrets.put(id, secret);
  }

  void registerPublic(String id) {
    secrets.put(id, NO_SECRET);
  }

  boolean isPublic(String id) {
    return NO_SECRET.equals(secrets.get(id));
  }

  void acceptOnly(Set<ClientAuthMethod> methods) {
    accepted = EnumSet.copyOf(methods);
  }

  List<String> acceptedNames() {
    return accepted.stream().map(ClientAuthMethod::metadataName).toList();
  }

  /**
   * The id of the client that a request comes from.
   *
   * @throws OAuthError if that cannot be told or the proof is wrong
   */
  String authenticate(RecordedRequest request, OAuthForm form) {
    Credentials credentials = credentials(request, form);
    if (!accepted.contains(credentials.method())) {
      throw OAuthError.invalidClient(
          credentials.method().metadataName() + " is not accepted here, only " + acceptedNames());
    }
    String secret = secrets.get(credentials.id());
    if (secret == null || !secret.equals(credentials.secret())) {
      throw OAuthError.invalidClient("The client is unknown or its secret is wrong");
    }
    if (secret.equals(NO_SECRET) != (credentials.method() == ClientAuthMethod.NONE)) {
      throw OAuthError.invalidClient("The client must use another authentication method");
    }
    return credentials.id();
  }

  private static Credentials credentials(RecordedRequest request, OAuthForm form) {
    List<String> authorizations = request.headers("Authorization");
    boolean assertion = form.has("client_assertion") || form.has("client_assertion_type");
    int methods = authorizations.size() + (form.has("client_secret") ? 1 : 0) + (assertion ? 1 : 0);
    if (methods > 1) {
      throw OAuthError.invalidRequest("The request uses more than one client authentication");
    }
    if (assertion) {
      throw OAuthError.invalidClient("Client assertions are not accepted here");
    }
    return authorizations.isEmpty()
        ? fromForm(form)
        : fromHeader(authorizations.get(0), form.first("client_id").orElse(null));
  }

  private static Credentials fromForm(OAuthForm form) {
    Optional<String> id = form.first("client_id");
    Optional<String> secret = form.first("client_secret");
    if (id.isEmpty()) {
      throw OAuthError.invalidClient("The request carries no client authentication");
    }
    return secret.isPresent()
        ? new Credentials(ClientAuthMethod.CLIENT_SECRET_POST, id.get(), secret.get())
        : new Credentials(ClientAuthMethod.NONE, id.get(), NO_SECRET);
  }

  private static Credentials fromHeader(String authorization, @Nullable String idInForm) {
    if (!authorization.toLowerCase(Locale.ROOT).startsWith("basic ")) {
      throw OAuthError.invalidClient("The Authorization scheme must be Basic");
    }
    Credentials credentials = fromUserPass(userPass(authorization.substring(6).strip()));
    if (idInForm != null && !idInForm.equals(credentials.id())) {
      throw OAuthError.invalidRequest("The client_id is not that of the Authorization header");
    }
    return credentials;
  }

  private static String userPass(String base64) {
    try {
      return new String(Base64.getDecoder().decode(base64), StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException e) {
      throw OAuthError.invalidClient("The Authorization header is not Base64");
    }
  }

  private static Credentials fromUserPass(String userPass) {
    int colon = userPass.indexOf(':');
    if (colon < 0) {
      throw OAuthError.invalidClient("The Authorization header holds no colon");
    }
    try {
      String id = FormData.decode(userPass.substring(0, colon));
      String secret = FormData.decode(userPass.substring(colon + 1));
      return new Credentials(ClientAuthMethod.CLIENT_SECRET_BASIC, id, secret);
    } catch (IllegalArgumentException e) {
      throw OAuthError.invalidClient("Id and secret must be form-encoded: " + e.getMessage());
    }
  }
}
