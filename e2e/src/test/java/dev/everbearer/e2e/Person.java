package dev.everbearer.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.CookieManager;
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

/** A person with a browser, who fills in the login page that the server shows. */
final class Person {

  private static final Pattern CSRF = Pattern.compile("name=\"_csrf\"[^>]*value=\"([^\"]+)\"");

  private final HttpClient browser =
      HttpClient.newBuilder().cookieHandler(new CookieManager()).build();
  private final URI server;

  Person(URI server) {
    this.server = server;
  }

  /** Logs in where a URL asks for it, and gives the first address that is not the server's. */
  URI logIn(URI url) {
    try {
      HttpResponse<String> answer = get(url);
      for (int step = 0; step < 10; step++) {
        if (answer.statusCode() == 200) {
          answer = submit(answer);
        }
        assertThat(answer.statusCode()).as("%s: %s", answer.uri(), answer.body()).isEqualTo(302);
        URI next = answer.uri().resolve(answer.headers().firstValue("Location").orElseThrow());
        if (!next.getAuthority().equals(server.getAuthority())) {
          return next;
        }
        answer = get(next);
      }
      throw new AssertionError("the redirects do not end");
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** Logs in, and goes where the server sends the browser in the end. */
  void logInAndReturn(URI url) {
    try {
      assertThat(get(logIn(url)).statusCode()).isEqualTo(200);
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private HttpResponse<String> get(URI url) throws IOException, InterruptedException {
    return browser.send(
        HttpRequest.newBuilder(url).header("Accept", "text/html").build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> submit(HttpResponse<String> page)
      throws IOException, InterruptedException {
    Matcher csrf = CSRF.matcher(page.body());
    assertThat(csrf.find()).as(page.body()).isTrue();
    String form =
        "username=%s&password=%s&_csrf=%s"
            .formatted(
                encoded(LoginServer.USER), encoded(LoginServer.PASSWORD), encoded(csrf.group(1)));
    return browser.send(
        HttpRequest.newBuilder(server.resolve("/login"))
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(form))
            .build(),
        BodyHandlers.ofString());
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
