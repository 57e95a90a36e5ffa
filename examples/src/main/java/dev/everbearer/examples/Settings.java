package dev.everbearer.examples;

import java.net.URI;
import java.util.Map;

/**
 * What the examples need to know, taken from environment variables. There is no argument for the
 * secret: other users of a machine can read the arguments of every program that runs.
 *
 * @param tokenEndpoint where the authorization server gives tokens ({@code TOKEN_ENDPOINT})
 * @param clientId the name that the server gave to this program ({@code CLIENT_ID})
 * @param clientSecret what proves that it is this program ({@code CLIENT_SECRET})
 * @param api what to get from the API ({@code API_URL})
 */
record Settings(String tokenEndpoint, String clientId, String clientSecret, URI api) {

  static Settings of(Map<String, String> environment) {
    return new Settings(
        required(environment, "TOKEN_ENDPOINT"),
        required(environment, "CLIENT_ID"),
        required(environment, "CLIENT_SECRET"),
        URI.create(required(environment, "API_URL")));
  }

  private static String required(Map<String, String> environment, String name) {
    String value = environment.get(name);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException("Set the environment variable " + name + ".");
    }
    return value;
  }

  /** The API's origin: scheme, host and port. */
  String origin() {
    return api.getScheme() + "://" + api.getRawAuthority();
  }

  @Override
  public String toString() {
    return "Settings[" + clientId + " at " + tokenEndpoint + ", API " + api + "]";
  }
}
