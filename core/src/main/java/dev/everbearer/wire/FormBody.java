package dev.everbearer.wire;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An {@code application/x-www-form-urlencoded} body in UTF-8 (RFC 6749 appendix B). The only place
 * that encodes parameters. Keeps order; sends nothing twice and nothing empty.
 */
public final class FormBody implements Body {

  private static final Set<String> REPEATABLE = Set.of("resource", "audience");

  private record Parameter(String name, String value) {

    /** The name only: the value may be secret. */
    @Override
    public String toString() {
      return name;
    }
  }

  private final List<Parameter> parameters = new ArrayList<>();

  /**
   * Adds a parameter.
   *
   * @throws IllegalArgumentException if it is empty, or there already and not repeatable
   */
  public FormBody add(String name, String value) {
    if (name.isEmpty() || value.isEmpty()) {
      throw new IllegalArgumentException("The parameter '" + name + "' is empty.");
    }
    if (!REPEATABLE.contains(name) && contains(name)) {
      throw new IllegalArgumentException(
          "The parameter '" + name + "' would be sent twice, which OAuth forbids.");
    }
    parameters.add(new Parameter(name, value));
    return this;
  }

  /** A body with the same parameters, to add more to. */
  public FormBody copy() {
    FormBody copy = new FormBody();
    copy.parameters.addAll(parameters);
    return copy;
  }

  /** Adds all parameters of a map. */
  public FormBody addAll(Map<String, String> all) {
    all.forEach(this::add);
    return this;
  }

  /**
   * Adds all parameters of a map, but for those that are there with the same value.
   *
   * @throws IllegalArgumentException if one is there with another value
   */
  public FormBody addMissing(Map<String, String> all) {
    all.forEach(
        (name, value) -> {
          if (!parameters.contains(new Parameter(name, value))) {
            add(name, value);
          }
        });
    return this;
  }

  /** The parameters by name, in order: a text, or a list of texts where a name comes again. */
  public Map<String, Object> members() {
    Map<String, List<String>> values = new LinkedHashMap<>();
    for (Parameter parameter : parameters) {
      values.computeIfAbsent(parameter.name(), name -> new ArrayList<>()).add(parameter.value());
    }
    Map<String, Object> members = new LinkedHashMap<>();
    values.forEach((name, all) -> members.put(name, all.size() == 1 ? all.get(0) : all));
    return members;
  }

  /** Whether a parameter of the name is in it. */
  public boolean contains(String name) {
    return parameters.stream().anyMatch(parameter -> parameter.name().equals(name));
  }

  /** The values of all parameters but those of the given names. */
  public List<String> valuesExcept(Set<String> names) {
    return parameters.stream()
        .filter(parameter -> !names.contains(parameter.name()))
        .map(Parameter::value)
        .toList();
  }

  @Override
  public String mediaType() {
    return "application/x-www-form-urlencoded";
  }

  @Override
  public String encoded() {
    StringBuilder body = new StringBuilder();
    for (Parameter parameter : parameters) {
      body.append(body.length() == 0 ? "" : "&")
          .append(encode(parameter.name()))
          .append('=')
          .append(encode(parameter.value()));
    }
    return body.toString();
  }

  /** One value in form encoding: a space as {@code +}, all but unreserved as percent UTF-8. */
  public static String encode(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  /**
   * Reads a form-encoded answer, as some old servers send one.
   *
   * @throws IllegalArgumentException if a name comes twice or an escape is broken
   */
  public static Map<String, Object> decode(String body) {
    Map<String, Object> decoded = new LinkedHashMap<>();
    for (String pair : body.split("&")) {
      int equals = pair.indexOf('=');
      if (equals <= 0) {
        throw new IllegalArgumentException("a pair has no name");
      }
      String name = URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8);
      String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
      if (decoded.put(name, value) != null) {
        throw new IllegalArgumentException("a name comes twice");
      }
    }
    return decoded;
  }

  /** Names only: values may be secret. */
  @Override
  public String toString() {
    return parameters.stream().map(Parameter::name).toList().toString();
  }
}
