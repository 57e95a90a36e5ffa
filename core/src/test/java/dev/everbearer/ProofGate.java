package dev.everbearer;

import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A server that checks proofs as strictly as RFC 9449 section 4.3 allows: a token endpoint that
 * binds tokens to the key, or an API that wants the tokens of such an endpoint. Each wants its own
 * nonce, once it has one.
 */
public final class ProofGate {

  private final ScriptedServer server;
  private final @Nullable ProofGate issuer;
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Map<String, String> keysOfTokens = new ConcurrentHashMap<>();
  private final Set<String> given = ConcurrentHashMap.newKeySet();
  private final List<String> strangers = new CopyOnWriteArrayList<>();
  private final AtomicInteger issued = new AtomicInteger();
  private volatile @Nullable String nonce;
  private volatile String tokenType = "DPoP";

  private ProofGate(ScriptedServer server, @Nullable ProofGate issuer) {
    this.server = server;
    this.issuer = issuer;
  }

  /** Lets a token endpoint bind tokens; it takes every client and every refresh token. */
  public static ProofGate at(ScriptedAuthorizationServer server) {
    ProofGate gate = new ProofGate(server, null);
    server.answerAlways(Answer.computedFrom(gate::token));
    return gate;
  }

  /** Lets an API take the tokens of that endpoint, and nothing else. */
  public static ProofGate at(ScriptedApi api, ProofGate issuer) {
    ProofGate gate = new ProofGate(api, issuer);
    api.answerAlways(Answer.computedFrom(gate::content));
    return gate;
  }

  /** From now on only proofs with this nonce are good, and every answer brings it. */
  public ProofGate wants(String newNonce) {
    given.add(newNonce);
    nonce = newNonce;
    return this;
  }

  /** The nonces that it was shown and never gave. */
  public List<String> strangeNonces() {
    return strangers;
  }

  /** What the token endpoint writes into {@code token_type}. */
  public ProofGate tokenType(String type) {
    tokenType = type;
    return this;
  }

  /** Answers as this gate does. */
  public Answer answer() {
    return Answer.computedFrom(issuer == null ? this::token : this::content);
  }

  /** Ends all tokens so far. */
  public void revokeTokens() {
    keysOfTokens.clear();
  }

  private Answer token(RecordedRequest request) {
    String error = error(request, null);
    if (error != null) {
      return withNonce(Answer.json(400, "{\"error\":\"" + error + "\"}"));
    }
    String token = "bound-" + issued.incrementAndGet();
    keysOfTokens.put(token, Proof.of(request).thumbprint());
    return withNonce(
        Answer.json(
            200,
            "{\"access_token\":\"%s\",\"token_type\":\"%s\",\"expires_in\":300%s}"
                .formatted(
                    token,
                    tokenType,
                    isRefresh(request) ? ",\"refresh_token\":\"next-" + issued + "\"" : "")));
  }

  private static boolean isRefresh(RecordedRequest request) {
    return request.form().getOrDefault("grant_type", List.of()).contains("refresh_token");
  }

  private Answer content(RecordedRequest request) {
    String authorization = request.header("Authorization").orElse("");
    if (!authorization.startsWith("DPoP ")) {
      return refused("invalid_token");
    }
    String token = authorization.substring(5);
    String error = error(request, token);
    if (error == null) {
      String key = Objects.requireNonNull(issuer).keysOfTokens.get(token);
      error = Proof.of(request).thumbprint().equals(key) ? null : "invalid_token";
    }
    return error == null
        ? withNonce(Answer.json(200, "{\"path\":\"" + request.path() + "\"}"))
        : refused(error);
  }

  private Answer refused(String error) {
    return withNonce(
        Answer.json(401, "{\"refused\":true}")
            .header("WWW-Authenticate", "DPoP algs=\"ES256\", error=\"" + error + "\""));
  }

  private Answer withNonce(Answer answer) {
    return nonce == null ? answer : answer.header("DPoP-Nonce", nonce);
  }

  private @Nullable String error(RecordedRequest request, @Nullable String token) {
    if (request.headers("DPoP").size() != 1) {
      return "invalid_dpop_proof";
    }
    Proof proof = Proof.of(request);
    boolean isForThis =
        proof.claim("htm").equals(request.method())
            && proof.claim("htu").equals(server.uri(request.path()).toString())
            && Objects.equals(proof.claim("ath"), token == null ? null : Proof.hash(token));
    if (!isForThis || !seen.add(proof.claim("jti"))) {
      return "invalid_dpop_proof";
    }
    String shown = proof.claim("nonce");
    if (shown != null && !given.contains(shown)) {
      strangers.add(shown);
    }
    return Objects.equals(shown, nonce) ? null : "use_dpop_nonce";
  }
}
