package dev.everbearer.login.internal;

import dev.everbearer.login.Logout;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.token.OAuthException;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.FormBody;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The logout request (OpenID Connect RP-Initiated Logout 1.0 section 2). */
public final class EndSession {

  /** Longer ones are refused by some servers and by what stands before them. */
  private static final int MAX_URL = 2000;

  private EndSession() {}

  /**
   * What is asked for.
   *
   * @param idToken the {@code id_token_hint}; null when there is none
   * @param returnTo the {@code post_logout_redirect_uri}; null when the browser stays there
   */
  public record Request(String clientId, @Nullable Secret idToken, @Nullable String returnTo) {}

  /**
   * The request at a server that has the endpoint, or no request.
   *
   * @param failure what went wrong before; null when nothing did
   */
  public static Logout at(
      AuthorizationServer server, Request request, @Nullable OAuthException failure) {
    String name = server.toString();
    URI endpoint = server.endpoint(Endpoint.END_SESSION).orElse(null);
    if (endpoint == null) {
      return new Logout(name, null, null, null, failure);
    }
    String state = request.returnTo() == null ? null : Unguessable.text();
    Map<String, String> parameters = parameters(request, state);
    String url = url(endpoint, parameters);
    return url.length() <= MAX_URL
        ? new Logout(name, URI.create(url), null, state, failure)
        : new Logout(name, null, page(endpoint, parameters), state, failure);
  }

  private static Map<String, String> parameters(Request request, @Nullable String state) {
    Map<String, String> parameters = new LinkedHashMap<>();
    if (request.idToken() != null) {
      parameters.put("id_token_hint", request.idToken().reveal());
    }
    parameters.put("client_id", request.clientId());
    if (request.returnTo() != null && state != null) {
      parameters.put("post_logout_redirect_uri", request.returnTo());
      parameters.put("state", state);
    }
    return parameters;
  }

  private static String url(URI endpoint, Map<String, String> parameters) {
    String query = new FormBody().addAll(parameters).encoded();
    return endpoint + (endpoint.getRawQuery() == null ? "?" : "&") + query;
  }

  /** The same parameters by POST, which the section allows as well. */
  private static String page(URI endpoint, Map<String, String> parameters) {
    StringBuilder page =
        new StringBuilder(
            "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Logout</title>"
                + "</head><body onload=\"document.forms[0].submit()\"><form method=\"post\""
                + " action=\"");
    page.append(escaped(endpoint.toString())).append("\">");
    parameters.forEach(
        (name, value) ->
            page.append("<input type=\"hidden\" name=\"")
                .append(escaped(name))
                .append("\" value=\"")
                .append(escaped(value))
                .append("\">"));
    return page.append("<button>Log out</button></form></body></html>\n").toString();
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
