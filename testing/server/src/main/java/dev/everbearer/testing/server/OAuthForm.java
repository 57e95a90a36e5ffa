package dev.everbearer.testing.server;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The parameters of a request to one of the OAuth endpoints, checked. */
final class OAuthForm {

  private static final String CONTENT_TYPE = "application/x-www-form-urlencoded";
  private static final Set<String> REPEATABLE = Set.of("resource", "audience");

  private final Map<String, List<String>> parameters;

  private OAuthForm(Map<String, List<String>> parameters) {
    this.parameters = parameters;
  }

  /**
   * Reads the form of a request.
   *
   * @param strict whether to refuse what RFC 6749 forbids a client to send, rather than to make the
   *     best of it
   */
  static OAuthForm of(RecordedRequest request, boolean strict) {
    if (strict) {
      checkContentType(request);
    }
    return of(parse(() -> request.form()), strict);
  }

  /** Reads the query of a request, given without its question mark. */
  static OAuthForm ofQuery(String query, boolean strict) {
    return of(parse(() -> FormData.parse(query)), strict);
  }

  /** Takes parameters that are decoded already. */
  static OAuthForm of(Map<String, List<String>> parameters, boolean strict) {
    if (strict) {
      parameters.forEach(OAuthForm::check);
    }
    Map<String, List<String>> withValues = new LinkedHashMap<>();
    parameters.forEach((name, values) -> keepValues(withValues, name, values));
    return new OAuthForm(withValues);
  }

  private static Map<String, List<String>> parse(Supplier<Map<String, List<String>>> source) {
    try {
      return source.get();
    } catch (IllegalArgumentException e) {
      throw OAuthError.invalidRequest("The parameters are no form: " + e.getMessage());
    }
  }

  private static void checkContentType(RecordedRequest request) {
    List<String> types = request.headers("Content-Type");
    String type = types.isEmpty() ? "" : types.get(0).toLowerCase(Locale.ROOT);
    boolean isForm = type.equals(CONTENT_TYPE) || type.matches(CONTENT_TYPE + "\\s*;.*");
    if (types.size() != 1 || !isForm) {
      throw OAuthError.invalidRequest("The Content-Type must be " + CONTENT_TYPE + ": " + types);
    }
  }

  private static void check(String name, List<String> values) {
    if (values.size() > 1 && !REPEATABLE.contains(name)) {
      throw OAuthError.invalidRequest("The parameter is sent more than once: " + name);
    }
    if (values.contains("")) {
      throw OAuthError.invalidRequest("The parameter has no value: " + name);
    }
  }

  private static void keepValues(
      Map<String, List<String>> target, String name, List<String> values) {
    List<String> kept = new ArrayList<>(values);
    kept.removeIf(String::isEmpty);
    if (!kept.isEmpty()) {
      target.put(name, List.copyOf(kept));
    }
  }

  static boolean isRepeatable(String name) {
    return REPEATABLE.contains(name);
  }

  Set<String> names() {
    return parameters.keySet();
  }

  OAuthForm without(Set<String> names) {
    Map<String, List<String>> rest = new LinkedHashMap<>(parameters);
    rest.keySet().removeAll(names);
    return new OAuthForm(rest);
  }

  OAuthForm with(String name, String value) {
    Map<String, List<String>> more = new LinkedHashMap<>(parameters);
    more.put(name, List.of(value));
    return new OAuthForm(more);
  }

  boolean has(String name) {
    return parameters.containsKey(name);
  }

  List<String> all(String name) {
    return parameters.getOrDefault(name, List.of());
  }

  Optional<String> first(String name) {
    return all(name).stream().findFirst();
  }

  String required(String name) {
    return first(name)
        .orElseThrow(() -> OAuthError.invalidRequest("The parameter is missing: " + name));
  }

  /** The scope tokens asked for; empty without a scope parameter. */
  List<String> scope() {
    return first("scope").map(OAuthForm::scopeTokens).orElse(List.of());
  }

  private static List<String> scopeTokens(String scope) {
    if (!scope.matches("[!#-\\[\\]-~]+( [!#-\\[\\]-~]+)*")) {
      throw OAuthError.of("invalid_scope", "The scope is malformed: " + scope);
    }
    return List.of(scope.split(" "));
  }

  /** The resources and audiences asked for, resources first. */
  List<String> audience() {
    List<String> audience = new ArrayList<>();
    for (String resource : all("resource")) {
      if (!resource.matches("[A-Za-z][A-Za-z0-9+.-]*:[^#]+")) {
        throw OAuthError.of("invalid_target", "The resource is no absolute URI: " + resource);
      }
      audience.add(resource);
    }
    audience.addAll(all("audience"));
    return List.copyOf(audience);
  }
}
