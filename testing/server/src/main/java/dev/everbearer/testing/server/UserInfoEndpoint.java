package dev.everbearer.testing.server;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The healthy UserInfo endpoint (OpenID Connect Core section 5.3). */
final class UserInfoEndpoint {

  private final ResourceGate gate;
  private final ResourceRules rules = new ResourceRules().requireScope("openid");
  private final ClientRegistry clients;
  private final ResponseJwts jwts;
  private volatile Map<String, Object> claims = Map.of();

  UserInfoEndpoint(ResourceGate gate, ClientRegistry clients, ResponseJwts jwts) {
    this.gate = gate;
    this.clients = clients;
    this.jwts = jwts;
  }

  void claims(Map<String, ?> values) {
    claims = Map.copyOf(values);
  }

  Answer answer(RecordedRequest request) {
    if (!request.method().equals("GET") && !request.method().equals("POST")) {
      return Answers.onlyAllowed("GET, POST");
    }
    return gate.guard(request, rules, token -> describe(token.grant()));
  }

  private Answer describe(Grant grant) {
    @Nullable Login login = grant.login();
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("sub", login == null ? grant.clientId() : login.subject());
    document.putAll(claims);
    RegisteredClient client = clients.find(grant.clientId()).orElse(null);
    if (client == null || client.text("userinfo_signed_response_alg").isEmpty()) {
      return Answers.uncached(Answer.json(200, Json.write(document)));
    }
    String jwt = jwts.compact(JwtKind.USERINFO, Objects.requireNonNull(client), document);
    return Answers.uncached(Answer.text(200, "application/jwt", jwt));
  }
}
