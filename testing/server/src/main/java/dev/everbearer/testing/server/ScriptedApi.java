package dev.everbearer.testing.server;

import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * An API for tests that wants the access tokens of a {@link ScriptedAuthorizationServer}, on an
 * origin of its own.
 *
 * <p>Every path is there. With a good token in an {@code Authorization: Bearer} header field the
 * answer is 200 and {@code {"path":"/the/path"}}, without one it is 401 with a {@code
 * WWW-Authenticate: Bearer} challenge (RFC 6750). A token in the query or in the body is refused
 * with 400, whatever the header says. A token that is bound to a DPoP key goes with {@code
 * Authorization: DPoP} and a proof (RFC 9449), and with nothing else. A WebSocket handshake with a
 * good token is accepted on {@code /ws}; no frame ever follows.
 *
 * <p>{@link #answerNext}, {@link #answerAlways} and {@link #answerHealthy()} script all paths that
 * have no script of their own. Thread-safe.
 */
public final class ScriptedApi extends ScriptedServer {

  private final AnswerScript main = new AnswerScript();
  private final DpopRules dpop = new DpopRules();
  private final ResourceRules rules = new ResourceRules();
  private final Map<String, ResourceRules> rulesOfPaths = new ConcurrentHashMap<>();
  private final ProtectedResourceMetadata metadata;
  private final @Nullable ResourceGate gate;

  private ScriptedApi(
      InstantSource clock,
      boolean recording,
      @Nullable TlsOptions tls,
      @Nullable ScriptedAuthorizationServer guard) {
    super(clock, recording, tls);
    metadata =
        new ProtectedResourceMetadata(
            this::origin, () -> guard == null ? "" : guard.issuer().toString(), dpop);
    gate =
        guard == null
            ? null
            : new ResourceGate(
                clock,
                guard::activeAccessToken,
                dpop,
                new DpopProofs(clock, dpop),
                "api",
                metadata::urlFor);
  }

  /**
   * Starts an API that takes the tokens of an authorization server; clock, recording and TLS are
   * that server's. Closing the one does not close the other.
   */
  public static ScriptedApi protectedBy(ScriptedAuthorizationServer server) {
    return started(
        new ScriptedApi(server.clock(), server.isRecording(), server.tlsOptions(), server));
  }

  /**
   * Starts an API that wants no token and answers 200 to everything: a foreign host that records
   * what a client lets slip.
   */
  public static ScriptedApi open() {
    return started(new ScriptedApi(InstantSource.system(), true, null, null));
  }

  private static ScriptedApi started(ScriptedApi api) {
    api.accept();
    return api;
  }

  /** What is wanted of tokens on all paths that have no rules of their own. */
  public ResourceRules rules() {
    return rules;
  }

  /** What is wanted of tokens on one path, in place of the general rules. */
  public ResourceRules rules(String path) {
    return rulesOfPaths.computeIfAbsent(path, unused -> new ResourceRules());
  }

  /** What the API publishes about its resources (RFC 9728). */
  public ProtectedResourceMetadata metadata() {
    return metadata;
  }

  /** What is wanted of DPoP proofs. */
  public DpopRules dpop() {
    return dpop;
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
    if (metadata.isAt(request)) {
      return metadata.answer(request);
    }
    if (gate == null) {
      return content(request);
    }
    ResourceRules rules = rulesOfPaths.getOrDefault(request.path(), rules());
    return dpop.withNonce(gate.guard(request, rules, token -> content(request)));
  }

  private static Answer content(RecordedRequest request) {
    return WebSocketHandshake.isIn(request)
        ? WebSocketHandshake.accept(request)
        : Answer.json(200, Json.write(Map.of("path", request.path())));
  }
}
