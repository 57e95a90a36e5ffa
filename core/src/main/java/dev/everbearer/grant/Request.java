package dev.everbearer.grant;

import dev.everbearer.token.AuthorizationDetail;
import dev.everbearer.token.Scope;
import java.net.URI;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What a grant asks for, whatever kind of grant it is.
 *
 * @param scope the scope to ask for; empty leaves the parameter out
 * @param requiredScope what must be granted; less is an error
 * @param resources the resource indicators (RFC 8707), in order
 * @param audiences the audiences, in order
 * @param parameters free extra parameters, by name
 * @param details the authorization details (RFC 9396), in order
 */
public record Request(
    Scope scope,
    Scope requiredScope,
    Set<URI> resources,
    Set<String> audiences,
    Map<String, String> parameters,
    List<AuthorizationDetail> details) {

  static final Request EMPTY =
      new Request(Scope.none(), Scope.none(), Set.of(), Set.of(), Map.of(), List.of());

  /** What no grant sends as a free parameter. */
  private static final Set<String> RESERVED_FOR_ALL =
      Set.of(
          "grant_type",
          "client_id",
          "client_secret",
          "client_assertion",
          "client_assertion_type",
          "scope",
          "resource",
          "authorization_details",
          "password",
          "request",
          "request_uri");

  /** What some grant sends by itself. */
  private static final Set<String> RESERVED =
      Set.of(
          "refresh_token",
          "code",
          "code_verifier",
          "redirect_uri",
          "username",
          "assertion",
          "subject_token",
          "subject_token_type",
          "actor_token",
          "actor_token_type",
          "requested_token_type",
          "device_code",
          "auth_req_id");

  static boolean isReservedForAll(String parameter) {
    return RESERVED_FOR_ALL.contains(parameter);
  }

  static boolean isReserved(String parameter) {
    return isReservedForAll(parameter) || RESERVED.contains(parameter);
  }

  Request withScope(Scope newScope) {
    return new Request(newScope, requiredScope, resources, audiences, parameters, details);
  }

  Request withRequiredScope(Scope newRequired) {
    return new Request(scope, newRequired, resources, audiences, parameters, details);
  }

  /** Adds a resource indicator: an absolute URI without a fragment (RFC 8707 section 2). */
  Request withResource(URI resource) {
    if (!resource.isAbsolute() || resource.getRawFragment() != null) {
      throw new IllegalArgumentException(
          "A resource is an absolute URI without a fragment (RFC 8707 section 2), and this is not: "
              + resource);
    }
    return new Request(
        scope, requiredScope, plus(resources, resource), audiences, parameters, details);
  }

  Request withAudience(String audience) {
    requireNotEmpty("audience", audience);
    return new Request(
        scope, requiredScope, resources, plus(audiences, audience), parameters, details);
  }

  Request withDetails(List<AuthorizationDetail> newDetails) {
    return new Request(
        scope, requiredScope, resources, audiences, parameters, List.copyOf(newDetails));
  }

  /** Adds a free parameter; names that the library sets itself are refused. */
  Request withParameter(String name, String value, Predicate<String> isReserved) {
    requireNotEmpty("name of a parameter", name);
    requireNotEmpty("value of the parameter " + name, value);
    if (name.startsWith("client_assertion") && value.contains("saml")) {
      throw new IllegalArgumentException(
          "A SAML assertion does not prove who a client is: the update of RFC 7523 forbids its new"
              + " use. Take a client authentication method of ClientAuthentication.");
    }
    if (isReserved.test(name)) {
      throw new IllegalArgumentException(
          name + " is set by the library; an extra parameter cannot replace it.");
    }
    if (parameters.containsKey(name)) {
      throw new IllegalArgumentException(
          "The parameter " + name + " is set already; OAuth forbids to send one twice.");
    }
    if (name.equals("audience")) {
      return withAudience(value);
    }
    return withOwn(name, value);
  }

  /** Sets a parameter of the library's own, in place of an earlier one of its name. */
  Request withOwn(String name, String value) {
    requireNotEmpty("value of the parameter " + name, value);
    Map<String, String> all = new TreeMap<>(parameters);
    all.put(name, value);
    return new Request(
        scope, requiredScope, resources, audiences, Collections.unmodifiableMap(all), details);
  }

  private static void requireNotEmpty(String what, String value) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(
          "The " + what + " is empty; OAuth counts an empty parameter as one that is not sent.");
    }
  }

  private static <T> Set<T> plus(Collection<T> values, T added) {
    Set<T> all = new LinkedHashSet<>(values);
    all.add(added);
    return Collections.unmodifiableSet(all);
  }

  /** Names what is asked for; extra parameters by name only, for their values may be secret. */
  @Override
  public String toString() {
    return "scope=%s resources=%s audiences=%s parameters=%s details=%s"
        .formatted(scope, resources, audiences, parameters.keySet(), details);
  }
}
