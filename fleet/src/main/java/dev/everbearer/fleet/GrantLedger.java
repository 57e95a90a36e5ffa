package dev.everbearer.fleet;

import dev.everbearer.store.Fingerprint;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RefreshPolicy;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * The server, which ends a grant whose refresh token comes twice, and what is known of each grant
 * there: so that a grant that is over can be told from one that was lost. Thread-safe.
 */
final class GrantLedger implements AutoCloseable {

  private static final Duration LIFETIME = Duration.ofSeconds(2);

  /** A grant as somebody logged in last. */
  private static final class Entry {
    private int login;
    private String refreshToken = "";
    private Fingerprint lastGiven = new Fingerprint("");
  }

  private final ScriptedAuthorizationServer server =
      ScriptedAuthorizationServer.builder().recording(false).start();
  private final Map<String, Entry> grants = new HashMap<>(); // guarded by this
  private final Set<Fingerprint> kept = new HashSet<>(); // guarded by this

  GrantLedger() {
    server.registerClient(NodeClient.ID, NodeClient.SECRET);
    server.refreshPolicy(RefreshPolicy.STRICT);
    server.accessTokenLifetime(LIFETIME);
    server.alterAnswers("token_endpoint", this::given);
  }

  URI tokenEndpoint() {
    return server.tokenEndpoint();
  }

  /** By its scope the answer is known to be for a grant. */
  private synchronized Map<String, Object> given(Map<String, Object> answer) {
    Entry entry = grants.get(String.valueOf(answer.get("scope")));
    if (entry != null) {
      entry.lastGiven = Fingerprint.of(Secret.of(String.valueOf(answer.get("refresh_token"))));
    }
    return answer;
  }

  /** Somebody logs in; all of the grant before is over. */
  synchronized void login(String name) {
    Entry entry = grants.computeIfAbsent(name, unused -> new Entry());
    entry.login++;
    entry.refreshToken = server.issueRefreshToken(NodeClient.ID, name);
    entry.lastGiven = Fingerprint.of(Secret.of(entry.refreshToken));
    kept.add(entry.lastGiven);
  }

  /** What nodes are told of a grant. */
  synchronized String order(String name) {
    Entry entry = grants.get(name);
    if (entry == null) {
      throw new IllegalArgumentException("Nobody logged in: " + name);
    }
    return "grant %s %d %s".formatted(name, entry.login, entry.refreshToken);
  }

  /** A node has an answer on its disk. */
  synchronized void kept(Fingerprint refreshToken) {
    kept.add(refreshToken);
  }

  synchronized boolean isOfNow(String name, int login) {
    Entry entry = grants.get(name);
    return entry != null && entry.login == login;
  }

  /** Whether the last token that the server gave for a grant was on the disk of a node. */
  synchronized boolean wasKept(String name) {
    Entry entry = grants.get(name);
    return entry != null && kept.contains(entry.lastGiven);
  }

  long rotations() {
    return server.rotations();
  }

  long requests() {
    return server.requestCount();
  }

  // ---- faults

  /** The next request is carried out, and its answer lost. */
  void loseNextAnswer() {
    server.answerNext(Answer.healthy().sentAs(Answer.closeBeforeAnswer()), Answer.healthy());
  }

  /** The next requests are answered late, but in time. */
  void delayNextAnswers(Duration delay) {
    Answer late = Answer.healthy().delayed(delay);
    server.answerNext(late, late, late, Answer.healthy());
  }

  void recover() {
    server.answerHealthy();
  }

  @Override
  public void close() {
    server.close();
  }
}
