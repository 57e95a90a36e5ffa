package dev.everbearer.store;

import dev.everbearer.grant.Request;
import dev.everbearer.token.Scope;
import dev.everbearer.wire.JsonText;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One access token inside a grant's record: what was asked for, never what was granted.
 *
 * @param scope the scope asked for
 * @param resources the resource indicators asked for
 * @param audiences the audiences asked for
 * @param parameters the extra parameters sent
 * @param senderKey the thumbprint of the key that the token was to be bound to; null when to none
 */
public record Variant(
    Scope scope,
    Set<URI> resources,
    Set<String> audiences,
    Map<String, String> parameters,
    @Nullable String senderKey) {

  /** Copies the collections. */
  public Variant {
    resources = Set.copyOf(resources);
    audiences = Set.copyOf(audiences);
    parameters = Map.copyOf(parameters);
  }

  /** The variant that a request asks for, bound to no key. */
  public static Variant of(Request request) {
    return of(request, null);
  }

  /**
   * The variant that a request asks for.
   *
   * @param senderKey the thumbprint of the key that the token is to be bound to; null when to none
   */
  public static Variant of(Request request, @Nullable String senderKey) {
    return new Variant(
        request.scope(), request.resources(), request.audiences(), parameters(request), senderKey);
  }

  /** With the authorization details as they are sent: equal ones give equal texts. */
  private static Map<String, String> parameters(Request request) {
    if (request.details().isEmpty()) {
      return request.parameters();
    }
    Map<String, String> all = new HashMap<>(request.parameters());
    all.put("authorization_details", JsonText.of(request.details()));
    return all;
  }

  /** Extra parameters by name only. */
  @Override
  public String toString() {
    return "Variant[scope=%s, resources=%s, audiences=%s, parameters=%s, senderKey=%s]"
        .formatted(scope, resources, audiences, parameters.keySet(), senderKey);
  }
}
