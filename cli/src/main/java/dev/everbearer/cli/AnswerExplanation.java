package dev.everbearer.cli;

import dev.everbearer.challenge.Challenge;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Explains an answer that is not the wanted one: what the API says, what that means, what to do.
 * What the API wrote is shown without anything that could steer a terminal.
 */
final class AnswerExplanation {

  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;

  private final URI url;
  private final ClientOptions options;
  private final int tokensTried;

  AnswerExplanation(URI url, ClientOptions options, int tokensTried) {
    this.url = url;
    this.options = options;
    this.tokensTried = tokensTried;
  }

  String of(int status, HttpHeaders headers) {
    List<String> lines = new ArrayList<>();
    lines.add("%s answered %d%s.".formatted(api(), status, meaning(status)));
    if (status / 100 == 3) {
      lines.add(redirect(headers));
    }
    if (status == UNAUTHORIZED || status == FORBIDDEN) {
      explainRefusal(status, headers, lines);
    }
    return String.join("\n", lines);
  }

  private String api() {
    return url.getScheme() + "://" + url.getRawAuthority();
  }

  private String meaning(int status) {
    return switch (status) {
      case UNAUTHORIZED ->
          tokensTried > 1
              ? ": it did not accept the token, nor the new one obtained after that"
              : ": it did not accept the token";
      case FORBIDDEN -> ": it knows the token and does not allow this call with it";
      case 404 -> ": there is nothing at " + path();
      case 429 -> ": too many calls; come back later";
      default -> status >= 500 ? ": it is in trouble" : "";
    };
  }

  private String path() {
    return url.getRawPath().isEmpty() ? "/" : url.getRawPath();
  }

  private static String redirect(HttpHeaders headers) {
    String target = headers.firstValue("Location").map(PrintableText::line).orElse("nowhere");
    return "It points to: "
        + target
        + "\nRedirects are not followed, for a token goes only to the origin that it is bound to."
        + " If you trust that place, call it directly.";
  }

  private void explainRefusal(int status, HttpHeaders headers, List<String> lines) {
    List<Challenge> challenges = Challenge.parse(headers.allValues("WWW-Authenticate"));
    challenges.forEach(challenge -> lines.add("It says: " + shown(challenge)));
    if (challenges.isEmpty() && status == UNAUTHORIZED) {
      lines.add("It gives no reason (no readable WWW-Authenticate header).");
    }
    lines.addAll(advice(status, challenges));
  }

  private static String shown(Challenge challenge) {
    String parameters =
        challenge.parameters().entrySet().stream()
            .map(entry -> "%s=\"%s\"".formatted(line(entry.getKey()), line(entry.getValue())))
            .collect(Collectors.joining(", "));
    return (line(challenge.scheme()) + " " + parameters).strip();
  }

  private static String line(String text) {
    return PrintableText.line(text);
  }

  // ---- what to do

  private List<String> advice(int status, List<Challenge> challenges) {
    List<Challenge> bearer = challenges.stream().filter(each -> each.isScheme("Bearer")).toList();
    if (bearer.isEmpty() && !challenges.isEmpty()) {
      return List.of(otherScheme(challenges));
    }
    List<String> advice = new ArrayList<>();
    for (Challenge challenge : bearer) {
      challenge.error().ifPresent(error -> advice.add(ofError(error, challenge)));
      challenge
          .parameter("resource_metadata")
          .ifPresent(where -> advice.add("What it wants is described at " + line(where)));
    }
    if (advice.isEmpty() && status == UNAUTHORIZED) {
      advice.add(withoutError());
    }
    return advice;
  }

  private static String otherScheme(List<Challenge> challenges) {
    String schemes =
        challenges.stream()
            .map(challenge -> line(challenge.scheme()))
            .distinct()
            .collect(Collectors.joining(", "));
    return "It wants %s authentication, and this command sends Bearer tokens. Check that the URL"
            .formatted(schemes)
        + " is that of an API for OAuth tokens.";
  }

  private String ofError(String error, Challenge challenge) {
    return switch (error) {
      case "invalid_token" ->
          "invalid_token: it holds the token to be expired, revoked or not meant for it. The token"
              + " is new, so check that the API trusts %s, and that it is the API the token is for"
                  .formatted(options.server)
              + " (--resource or --audience).";
      case "insufficient_scope" -> "insufficient_scope: " + scopeAdvice(challenge);
      case "invalid_request" ->
          "invalid_request: it cannot read the request. A gateway in between may have changed it.";
      default -> line(error) + " is no error of RFC 6750; look it up in the API's documentation.";
    };
  }

  private String scopeAdvice(Challenge challenge) {
    String asked = String.join(" ", options.scopes);
    return "the token does not have the scope that this call needs. Ask for it with --scope "
        + challenge.scope().map(scope -> "\"" + line(scope) + "\"").orElse("...")
        + (asked.isEmpty() ? " (none was asked for)." : " (asked for was \"" + asked + "\").");
  }

  private String withoutError() {
    return "A token was sent. Either the API does not see it (a gateway may have removed the"
        + " Authorization header), or it takes no tokens of "
        + options.server
        + ".";
  }
}
