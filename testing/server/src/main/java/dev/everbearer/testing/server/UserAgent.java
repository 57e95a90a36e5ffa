package dev.everbearer.testing.server;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A person's browser without a screen: it follows redirects, also to other hosts, and submits the
 * pages that submit themselves. Thread-safe.
 */
public final class UserAgent {

  private static final int MOST_STEPS = 10;
  private static final Pattern FORM = Pattern.compile("<form method=\"post\" action=\"([^\"]*)\">");
  private static final Pattern FIELD =
      Pattern.compile("<input type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"/>");

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A browser that has seen nothing yet. */
  public UserAgent() {}

  /**
   * Opens an address and goes wherever that leads.
   *
   * @return the answer that leads no further
   */
  public HttpResponse<String> open(URI uri) throws IOException {
    HttpResponse<String> response = ask(uri);
    for (int step = 0; step < MOST_STEPS; step++) {
      HttpRequest.Builder next = next(response);
      if (next == null) {
        return response;
      }
      response = send(next);
    }
    throw new IOException("The redirects lead nowhere");
  }

  /** Opens an address and goes nowhere from there. */
  public HttpResponse<String> ask(URI uri) throws IOException {
    return send(HttpRequest.newBuilder(uri));
  }

  /**
   * Where an address redirects to.
   *
   * @throws IOException if it redirects to nowhere
   */
  public URI redirectOf(URI uri) throws IOException {
    HttpResponse<String> response = ask(uri);
    return response
        .headers()
        .firstValue("Location")
        .map(URI::create)
        .orElseThrow(
            () ->
                new IOException(
                    "No redirect but %d: %s".formatted(response.statusCode(), response.body())));
  }

  private static HttpRequest.@Nullable Builder next(HttpResponse<String> response) {
    if (response.statusCode() / 100 == 3) {
      URI location = response.uri().resolve(response.headers().firstValue("Location").orElse(""));
      return HttpRequest.newBuilder(location);
    }
    Matcher form = FORM.matcher(response.body());
    if (!form.find()) {
      return null;
    }
    return HttpRequest.newBuilder(response.uri().resolve(Html.unescape(form.group(1))))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(BodyPublishers.ofString(fields(response.body())));
  }

  private static String fields(String page) {
    StringBuilder body = new StringBuilder();
    Matcher field = FIELD.matcher(page);
    while (field.find()) {
      body.append(body.isEmpty() ? "" : "&")
          .append(encoded(field.group(1)))
          .append('=')
          .append(encoded(field.group(2)));
    }
    return body.toString();
  }

  private static String encoded(String html) {
    return URLEncoder.encode(Html.unescape(html), StandardCharsets.UTF_8);
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws IOException {
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted", e);
    }
  }
}
