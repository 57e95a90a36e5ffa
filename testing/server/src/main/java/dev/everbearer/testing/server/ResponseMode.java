package dev.everbearer.testing.server;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;

/**
 * How an answer reaches the redirect URI (OAuth 2.0 Multiple Response Type Encoding Practices,
 * OAuth 2.0 Form Post Response Mode, JARM).
 *
 * @param way {@code query}, {@code fragment} or {@code form_post}
 * @param isJwt whether the parameters are in a JWT
 */
record ResponseMode(String way, boolean isJwt) {

  static final List<String> SUPPORTED =
      List.of("query", "form_post", "jwt", "query.jwt", "form_post.jwt");

  static void requireKnown(String name) {
    if (!SUPPORTED.contains(name)) {
      throw OAuthError.invalidRequest("The response_mode must be one of " + SUPPORTED);
    }
  }

  /** Reads a name; what is not known goes by the query. */
  static ResponseMode named(String name) {
    boolean jwt = name.equals("jwt") || name.endsWith(".jwt");
    String way = name.equals("jwt") ? "query" : name.replace(".jwt", "");
    return new ResponseMode(List.of("fragment", "form_post").contains(way) ? way : "query", jwt);
  }

  Answer send(String redirectUri, AuthorizationResponse response) {
    return switch (way) {
      case "form_post" -> page(redirectUri, response);
      case "fragment" -> redirect(redirectUri + "#" + encoded(response));
      default ->
          redirect(redirectUri + (redirectUri.contains("?") ? "&" : "?") + encoded(response));
    };
  }

  private static Answer redirect(String location) {
    return Answers.uncached(Answer.status(302).header("Location", location));
  }

  private static String encoded(AuthorizationResponse response) {
    return response.parameters().stream()
        .map(each -> encode(each.name()) + "=" + encode(each.value()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static Answer page(String action, AuthorizationResponse response) {
    String fields =
        response.parameters().stream()
            .map(
                each ->
                    "<input type=\"hidden\" name=\"%s\" value=\"%s\"/>\n"
                        .formatted(Html.escape(each.name()), Html.escape(each.value())))
            .collect(Collectors.joining());
    return Html.page(
        "<form method=\"post\" action=\"%s\">\n%s</form>\n<script>document.forms[0].submit()</script>"
            .formatted(Html.escape(action), fields));
  }
}
