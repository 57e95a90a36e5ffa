package dev.everbearer.testing.server;

import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An API for tests that wants the access tokens of a {@link ScriptedAuthorizationServer}, on an
 * origin of its own.
 *
 * <p>Every path is there. With a good token in an {@code Authorization: Bearer} header field the
 * answer is 200 and {@code {"path":"/the/path"}}, without one it is 401 with a {@code
 * WWW-Authenticate: Bearer} challenge (RFC 6750). A token in the query or in the body is refused
 * with 400, whatever the header says. A WebSocket handshake with a good token is accepted on {@code
 * /ws}; no frame ever follows.
 *
 * <p>{@link #answerNext}, {@link #answerAlways} and {@link #answerHealthy()} script all paths that
 * have no script of their own. Thread-safe.
 */
public final class ScriptedApi extends ScriptedServer {

  private static final String CHALLENGE = "Bearer realm=\"api\"";

  private final AnswerScript main = new AnswerScript();
  private final @Nullable ScriptedAuthorizationServer guard;

  private ScriptedApi(
      InstantSource clock, boolean recording, @Nullable ScriptedAuthorizationServer guard) {
    super(clock, recording);
    this.guard = guard;
  }

  /**
   * Starts an API that takes the tokens of an authorization server; clock and recording are that
   * server's. Closing the one does not close the other.
   */
  public static ScriptedApi protectedBy(ScriptedAuthorizationServer server) {
    return started(new ScriptedApi(server.clock(), server.isRecording(), server));
  }

  /**
   * Starts an API that wants no token and answers 200 to everything: a foreign host that records
   * what a client lets slip.
   */
  public static ScriptedApi open() {
    return started(new ScriptedApi(InstantSource.system(), true, null));
  }

  private static ScriptedApi started(ScriptedApi api) {
    api.accept();
    return api;
  }

  @Override
  AnswerScript fallbackScript() {
    return main;
  }

  @Override
  AnswerScript mainScript() {
    return main;
  }

  @Override
  Answer healthyAnswer(RecordedRequest request) {
    if (guard == null) {
      return content(request);
    }
    List<String> authorizations = request.headers("Authorization");
    if (authorizations.size() > 1 || carriesTokenElsewhere(request)) {
      return refused(400, ", error=\"invalid_request\"");
    }
    if (authorizations.isEmpty()) {
      return refused(401, "");
    }
    return isGood(guard, authorizations.get(0))
        ? content(request)
        : refused(401, ", error=\"invalid_token\"");
  }

  private static boolean isGood(ScriptedAuthorizationServer guard, String authorization) {
    return authorization.toLowerCase(Locale.ROOT).startsWith("bearer ")
        && guard.hasActiveAccessToken(authorization.substring(7).strip());
  }

  private static boolean carriesTokenElsewhere(RecordedRequest request) {
    boolean isForm =
        request
            .header("Content-Type")
            .map(type -> type.toLowerCase(Locale.ROOT))
            .filter(type -> type.startsWith("application/x-www-form-urlencoded"))
            .isPresent();
    return namesToken(request.query()) || (isForm && namesToken(Optional.of(request.bodyText())));
  }

  private static boolean namesToken(Optional<String> form) {
    return form.map(text -> ("&" + text).contains("&access_token=")).orElse(false);
  }

  private static Answer refused(int status, String error) {
    return Answer.status(status).header("WWW-Authenticate", CHALLENGE + error);
  }

  private static Answer content(RecordedRequest request) {
    return WebSocketHandshake.isIn(request)
        ? WebSocketHandshake.accept(request)
        : Answer.json(200, Json.write(Map.of("path", request.path())));
  }
}
