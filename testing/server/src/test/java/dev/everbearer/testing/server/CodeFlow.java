package dev.everbearer.testing.server;

import static dev.everbearer.testing.server.Http.encode;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a client without fault sends in the authorization code flow; a test changes parts of it. */
final class CodeFlow {

  static final String VERIFIER = "a-verifier-of-at-least-43-unreserved-characters~";
  static final String REDIRECT = "https://client.example/callback";

  private final Http http = new Http();
  private final ScriptedAuthorizationServer server;
  final Map<String, String> parameters = new LinkedHashMap<>();

  CodeFlow(ScriptedAuthorizationServer server, String clientId) {
    this.server = server;
    parameters.put("response_type", "code");
    parameters.put("client_id", clientId);
    parameters.put("redirect_uri", REDIRECT);
    parameters.put("state", "state 1&2");
    parameters.put("code_challenge", Pkce.challenge(VERIFIER));
    parameters.put("code_challenge_method", "S256");
  }

  CodeFlow with(String name, String value) {
    parameters.put(name, value);
    return this;
  }

  CodeFlow without(String name) {
    parameters.remove(name);
    return this;
  }

  static String form(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(each -> encode(each.getKey()) + "=" + encode(each.getValue()))
        .collect(Collectors.joining("&"));
  }

  String form() {
    return form(parameters);
  }

  URI uri() {
    return URI.create(server.endpoint("authorization_endpoint") + "?" + form());
  }

  HttpResponse<String> ask() throws IOException {
    return http.get(uri());
  }

  /** The parameters that the answer carries to the redirect URI in its query. */
  Map<String, List<String>> answer() throws IOException {
    URI location = new UserAgent().redirectOf(uri());
    return FormData.parse(location.getRawQuery());
  }

  String code() throws IOException {
    return answer().get("code").get(0);
  }

  Map<String, String> tokenRequest(String code) {
    Map<String, String> request = new LinkedHashMap<>();
    request.put("grant_type", "authorization_code");
    request.put("code", code);
    request.put("redirect_uri", parameters.getOrDefault("redirect_uri", REDIRECT));
    request.put("code_verifier", VERIFIER);
    request.put("client_id", parameters.get("client_id"));
    return request;
  }

  HttpResponse<String> redeem(Map<String, String> tokenRequest, String... headers)
      throws IOException {
    return http.post(server.tokenEndpoint(), form(tokenRequest), headers);
  }

  HttpResponse<String> login() throws IOException {
    return redeem(tokenRequest(code()));
  }
}
