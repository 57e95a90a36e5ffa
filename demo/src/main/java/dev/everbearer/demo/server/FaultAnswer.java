package dev.everbearer.demo.server;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.catalina.connector.Response;
import org.apache.coyote.ActionCode;

/** Gives the answer of a {@link TokenFault} to one request. */
final class FaultAnswer {

  private static final String TOKEN =
      "{\"access_token\":\"never\",\"token_type\":\"Bearer\",\"expires_in\":60}";
  private static final int CUT_AFTER = 20;
  private static final int BRACKETS = 200_000;
  private static final int PIECE = 8192;

  /** Far more than any client reads. */
  private static final int PIECES = 2048;

  /** Longer than any client of the demo waits for an answer. */
  private static final long HANG_MILLIS = 20_000;

  private static final long DRIP_MILLIS = 200;

  private final Response response;
  private final CountDownLatch end;

  /**
   * An answer.
   *
   * @param end down when nothing may take any longer
   */
  FaultAnswer(Response response, CountDownLatch end) {
    this.response = response;
    this.end = end;
  }

  void give(TokenFault fault) throws IOException {
    switch (fault) {
      case STATUS_500 -> status(500);
      case STATUS_502 -> body(502, "text/html", "<html>Bad gateway</html>");
      case STATUS_503 -> status(503);
      case STATUS_429 -> status(429);
      case STATUS_429_RETRY_AFTER -> retryAfter(429, seconds());
      case STATUS_503_RETRY_AFTER -> retryAfter(503, seconds());
      case STATUS_503_RETRY_AT -> retryAfter(503, date());
      case TEMPORARILY_UNAVAILABLE -> json(400, "{\"error\":\"temporarily_unavailable\"}");
      case GARBAGE -> bytes(200, "application/json", new byte[] {1, 2, 3, -1});
      case HTML_WITH_200 -> body(200, "text/html", "<html>Welcome</html>");
      case EMPTY -> json(200, "");
      case NO_TOKEN -> json(200, "{\"token_type\":\"Bearer\"}");
      case ERROR_WITH_200 -> json(200, "{\"error\":\"server_error\"}");
      case CUT -> cut();
      case CLOSED -> close();
      case HANG -> hang();
      case DRIP -> drip();
      case ENDLESS -> endless();
      case REDIRECT -> redirect();
      case BAD_CHARACTERS -> json(200, TOKEN.replace("never", "never\\r\\nX: y"));
      case DEEP -> json(200, "{\"a\":" + "[".repeat(BRACKETS));
      case STATUS_400 -> body(400, "text/plain", "no");
      case STATUS_401 -> body(401, "text/html", "<html>Who?</html>");
    }
  }

  private void status(int code) {
    response.setStatus(code);
  }

  private void retryAfter(int code, String when) {
    status(code);
    response.setHeader("Retry-After", when);
  }

  private static String seconds() {
    return Long.toString(TokenFault.RETRY_AFTER.toSeconds());
  }

  private static String date() {
    return DateTimeFormatter.RFC_1123_DATE_TIME.format(
        InstantSource.system().instant().plus(TokenFault.RETRY_AFTER).atOffset(ZoneOffset.UTC));
  }

  private void json(int code, String body) throws IOException {
    body(code, "application/json", body);
  }

  private void body(int code, String type, String body) throws IOException {
    bytes(code, type, body.getBytes(UTF_8));
  }

  private void bytes(int code, String type, byte[] body) throws IOException {
    begin(code, type, body.length);
    response.getOutputStream().write(body);
  }

  private void begin(int code, String type, int length) {
    status(code);
    response.setContentType(type);
    response.setContentLength(length);
  }

  private void redirect() {
    status(307);
    response.setHeader("Location", "http://127.0.0.1:9/elsewhere");
  }

  private void cut() throws IOException {
    begin(200, "application/json", TOKEN.length());
    response.getOutputStream().write(TOKEN.getBytes(UTF_8), 0, CUT_AFTER);
    response.flushBuffer();
    close();
  }

  private void close() {
    response.getCoyoteResponse().action(ActionCode.CLOSE_NOW, null);
  }

  private void hang() {
    if (goesOnAfter(HANG_MILLIS)) {
      close();
    }
  }

  private void drip() throws IOException {
    begin(200, "application/json", TOKEN.length());
    for (byte next : TOKEN.getBytes(UTF_8)) {
      response.getOutputStream().write(next);
      response.flushBuffer();
      if (!goesOnAfter(DRIP_MILLIS)) {
        break;
      }
    }
    close();
  }

  private void endless() throws IOException {
    status(200);
    response.setContentType("application/json");
    byte[] piece = " ".repeat(PIECE).getBytes(UTF_8);
    for (int i = 0; i < PIECES && end.getCount() > 0; i++) {
      response.getOutputStream().write(piece);
    }
    close();
  }

  /** Waits; says whether it was not ended meanwhile. */
  private boolean goesOnAfter(long millis) {
    try {
      return !end.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
