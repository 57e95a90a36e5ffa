package dev.everbearer.testing.server;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** The endpoints of an authorization server by their names in the metadata document. */
final class Endpoints {

  /** What an endpoint does with the form of a request. */
  @FunctionalInterface
  interface FormEndpoint {
    Answer answer(RecordedRequest request, OAuthForm form);
  }

  private record Endpoint(String path, String query, Function<RecordedRequest, Answer> behaviour) {}

  private final Function<String, URI> places;
  private final String issuerPath;
  private final boolean strict;
  private final Map<String, Endpoint> byName = new LinkedHashMap<>();
  private final Map<String, Function<RecordedRequest, Answer>> pages = new LinkedHashMap<>();
  private final Map<String, UnaryOperator<Map<String, Object>>> alterations =
      new ConcurrentHashMap<>();

  /**
   * Without endpoints at first.
   *
   * @param places finds the place of a path on the server
   * @param strict whether forms must be without fault
   */
  Endpoints(Function<String, URI> places, String issuerPath, boolean strict) {
    this.places = places;
    this.issuerPath = issuerPath;
    this.strict = strict;
  }

  /** Adds an endpoint that takes whole requests. */
  void add(String name, String path, Function<RecordedRequest, Answer> behaviour) {
    byName.put(name, new Endpoint(issuerPath + path, "", behaviour));
  }

  /** Adds an endpoint that takes forms by POST. */
  void addForm(String name, String path, String query, FormEndpoint behaviour) {
    Function<RecordedRequest, Answer> checked = request -> answerForm(request, query, behaviour);
    byName.put(name, new Endpoint(issuerPath + path, query, checked));
  }

  private Answer answerForm(RecordedRequest request, String query, FormEndpoint behaviour) {
    if (!request.method().equals("POST")) {
      return Answers.onlyAllowed("POST");
    }
    if (strict && !request.query().orElse("").equals(query)) {
      throw OAuthError.invalidRequest("The query is not that of the published endpoint");
    }
    return behaviour.answer(request, OAuthForm.of(request, strict));
  }

  /**
   * Adds pages that the metadata says nothing about.
   *
   * @param pathPattern a regular expression for what comes behind the issuer's path
   */
  void addPages(String pathPattern, Function<RecordedRequest, Answer> behaviour) {
    pages.put(Pattern.quote(issuerPath) + pathPattern, behaviour);
  }

  /** Changes the JSON objects in the successful answers of an endpoint. */
  void alter(String name, UnaryOperator<Map<String, Object>> alteration) {
    alterations.put(path(name), alteration);
  }

  String issuer() {
    return places.apply(issuerPath).toString();
  }

  String path(String name) {
    return named(name).path();
  }

  /** The place of a path below the issuer. */
  URI place(String path) {
    return places.apply(issuerPath + path);
  }

  /** The published URI of an endpoint. */
  URI uri(String name) {
    Endpoint endpoint = named(name);
    String query = endpoint.query().isEmpty() ? "" : "?" + endpoint.query();
    return places.apply(endpoint.path() + query);
  }

  private Endpoint named(String name) {
    Endpoint endpoint = byName.get(name);
    if (endpoint == null) {
      throw new IllegalArgumentException("No endpoint has this name in the metadata: " + name);
    }
    return endpoint;
  }

  /** Puts the endpoints into the metadata document. */
  void describe(Map<String, Object> document) {
    byName.keySet().forEach(name -> document.put(name, uri(name).toString()));
  }

  Answer answer(RecordedRequest request) {
    for (Endpoint endpoint : byName.values()) {
      if (endpoint.path().equals(request.path())) {
        return altered(request.path(), answer(endpoint.behaviour(), request));
      }
    }
    return pages.entrySet().stream()
        .filter(each -> request.path().matches(each.getKey()))
        .findFirst()
        .map(each -> answer(each.getValue(), request))
        .orElseGet(Answers::notFound);
  }

  private Answer altered(String path, Answer answer) {
    UnaryOperator<Map<String, Object>> alteration = alterations.get(path);
    return alteration == null || answer.status() / 100 != 2
        ? answer
        : answer.alteredJson(alteration);
  }

  private static Answer answer(
      Function<RecordedRequest, Answer> behaviour, RecordedRequest request) {
    try {
      return behaviour.apply(request);
    } catch (OAuthError e) {
      return e.toAnswer();
    }
  }
}
