package dev.everbearer.testing.server;

import com.nimbusds.jose.jwk.JWK;
import java.security.cert.X509Certificate;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The registered clients. Thread-safe. */
final class ClientRegistry {

  private final Map<String, RegisteredClient> clients = new ConcurrentHashMap<>();

  Optional<RegisteredClient> find(String id) {
    return Optional.ofNullable(clients.get(id));
  }

  void register(String id, @Nullable String secret) {
    change(id, client -> client.withSecret(secret));
  }

  void registerKey(String id, String publicJwk) {
    JWK key = publicKey(publicJwk);
    change(id, client -> client.withMetadata(Map.of("jwks", Map.of("keys", keys(client, key)))));
  }

  void registerCertificate(String id, X509Certificate certificate) {
    Map<String, Object> entries =
        Map.of(
            "token_endpoint_auth_method",
            ClientAuthMethod.SELF_SIGNED_TLS_CLIENT_AUTH.metadataName(),
            "jwks",
            Map.of("keys", List.of(CertificateJwk.of(certificate).toJSONObject())));
    change(id, client -> client.withMetadata(entries));
  }

  void metadata(String id, Map<String, ?> entries) {
    change(id, client -> client.withMetadata(entries));
  }

  void put(RegisteredClient client) {
    clients.put(client.id(), client);
  }

  void remove(String id) {
    clients.remove(id);
  }

  private void change(String id, UnaryOperator<RegisteredClient> change) {
    clients.compute(
        id,
        (key, known) ->
            change.apply(known != null ? known : new RegisteredClient(id, null, Map.of())));
  }

  private static JWK publicKey(String publicJwk) {
    try {
      JWK key = JWK.parse(publicJwk);
      if (key.isPrivate()) {
        throw new IllegalArgumentException("A client registers its public key, not the private");
      }
      return key;
    } catch (ParseException e) {
      throw new IllegalArgumentException("No JWK", e);
    }
  }

  private static List<Object> keys(RegisteredClient client, JWK added) {
    List<Object> keys = new ArrayList<>();
    client.keys().getKeys().forEach(each -> keys.add(each.toJSONObject()));
    keys.add(added.toJSONObject());
    return keys;
  }
}
