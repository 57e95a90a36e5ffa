package dev.everbearer.benchmarks.faults;

import dev.everbearer.testing.server.Answer;
import java.net.URI;
import java.time.Duration;

/** What a token endpoint can do to a client. */
public enum Fault {
  /** An error of the server. */
  STATUS_500("500, no body", Answer.status(500)),
  /** A gateway without a server. */
  STATUS_502("502, a page", Answer.text(502, "text/html", "<h1>Bad Gateway</h1>")),
  /** Maintenance. */
  STATUS_503("503", Answer.status(503)),
  /** Maintenance with a hint. */
  STATUS_503_RETRY_AFTER("503, `Retry-After: 1`", Answer.status(503).header("Retry-After", "1")),
  /** Too many requests. */
  STATUS_429("429, `Retry-After: 1`", Answer.json(429, "{}").header("Retry-After", "1")),
  /** An error of the authorization server in OAuth's words. */
  SERVER_ERROR("400, `server_error`", Answer.json(400, "{\"error\":\"server_error\"}")),
  /** Overload in OAuth's words. */
  TEMPORARILY_UNAVAILABLE(
      "400, `temporarily_unavailable`",
      Answer.json(400, "{\"error\":\"temporarily_unavailable\"}")),
  /** A replica that does not know the client yet. */
  INVALID_CLIENT("401, `invalid_client`", Answer.json(401, "{\"error\":\"invalid_client\"}")),
  /** A route that is missing for a while. */
  STATUS_404("404, a page", Answer.text(404, "text/html", "<h1>Not Found</h1>")),
  /** A portal in between. */
  LOGIN_PAGE("200, a page", Answer.text(200, "text/html", "<h1>Log in</h1>")),
  /** A portal that sends elsewhere. */
  REDIRECT("302 to a page", Answer.redirect(302, URI.create("http://127.0.0.1:1/login"))),
  /** An answer that says nothing. */
  EMPTY("200, no body", Answer.status(200)),
  /** An object without a token. */
  NO_TOKEN("200, `{}`", Answer.json(200, "{}")),
  /** An error under the status of success. */
  ERROR_200("200, `server_error`", Answer.json(200, "{\"error\":\"server_error\"}")),
  /** JSON that ends too early, with the connection. */
  CUT("body cut", Answer.cutBody("{\"access_token\":\"abc", 200)),
  /** A connection that breaks in the body. */
  RESET_IN_BODY("reset in the body", Answer.resetInBody("{\"access_token\":\"abc", 200)),
  /** A connection that breaks before the answer. */
  RESET("reset before the answer", Answer.reset()),
  /** A connection that is closed before the answer. */
  CLOSED("closed before the answer", Answer.closeBeforeAnswer()),
  /** A server that says nothing. */
  HANG("hangs", Answer.hang()),
  /** A body that comes a byte at a time. */
  DRIP("a byte each 200 ms", Answer.drip("{\"access_token\":\"abc\"}", Duration.ofMillis(200)));

  private final String title;

  @SuppressWarnings("ImmutableEnumChecker") // An answer is immutable, though it does not say so.
  private final Answer answer;

  Fault(String title, Answer answer) {
    this.title = title;
    this.answer = answer;
  }

  String title() {
    return title;
  }

  Answer answer() {
    return answer;
  }
}
