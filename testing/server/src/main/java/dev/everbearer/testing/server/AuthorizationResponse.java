package dev.everbearer.testing.server;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The parameters of an answer of the authorization endpoint, in the order in which they are sent:
 * {@code code}, {@code state} and {@code iss}, or an {@code error}, or {@code response} if the
 * answer is a JWT. Immutable.
 */
public final class AuthorizationResponse {

  record Parameter(String name, String value) {}

  private final List<Parameter> parameters;

  private AuthorizationResponse(List<Parameter> parameters) {
    this.parameters = List.copyOf(parameters);
  }

  static AuthorizationResponse empty() {
    return new AuthorizationResponse(List.of());
  }

  /** With a parameter, in place of those of the same name. */
  public AuthorizationResponse with(String name, String value) {
    return without(name).and(name, value);
  }

  /** With one more parameter, whether there is one of the same name or not. */
  public AuthorizationResponse and(String name, String value) {
    List<Parameter> more = new ArrayList<>(parameters);
    more.add(new Parameter(name, value));
    return new AuthorizationResponse(more);
  }

  /** Without the parameters of a name. */
  public AuthorizationResponse without(String name) {
    return new AuthorizationResponse(
        parameters.stream().filter(each -> !each.name().equals(name)).toList());
  }

  /** The first value of a parameter. */
  public Optional<String> value(String name) {
    return parameters.stream()
        .filter(each -> each.name().equals(name))
        .map(Parameter::value)
        .findFirst();
  }

  List<Parameter> parameters() {
    return parameters;
  }
}
