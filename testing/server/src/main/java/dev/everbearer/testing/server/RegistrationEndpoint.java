package dev.everbearer.testing.server;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The healthy client registration endpoint (RFC 7591 section 3). */
final class RegistrationEndpoint {

  private final Registrations registrations;
  private final RegistrationScript script;
  private final Supplier<List<String>> grantTypes;

  RegistrationEndpoint(
      Registrations registrations, RegistrationScript script, Supplier<List<String>> grantTypes) {
    this.registrations = registrations;
    this.script = script;
    this.grantTypes = grantTypes;
  }

  Answer answer(RecordedRequest request) {
    if (!request.method().equals("POST")) {
      return Answers.onlyAllowed("POST");
    }
    // 1. The initial access token, if one is wanted.
    String wanted = script.initialAccessToken();
    if (wanted != null && !wanted.equals(BearerToken.of(request))) {
      return BearerToken.refuse();
    }
    // 2. What is to be registered.
    Map<String, Object> asked = ClientMetadata.in(request);
    if (asked.containsKey("client_id") || asked.containsKey("client_secret")) {
      throw ClientMetadata.invalid("A client does not choose its client_id and client_secret");
    }
    checkStatement(asked);
    Map<String, Object> metadata = ClientMetadata.checked(asked, grantTypes.get());
    // 3. The new client.
    Map<String, Object> document = registrations.put(RandomValues.next("client-"), metadata);
    return Answers.uncached(Answer.json(201, Json.write(document)));
  }

  private void checkStatement(Map<String, Object> asked) {
    Object statement = asked.get("software_statement");
    if (statement == null) {
      return;
    }
    try {
      ReceivedJwt.parse(String.valueOf(statement));
    } catch (BadJwt e) {
      throw OAuthError.of("invalid_software_statement", e.description());
    }
    if (!script.isApproving()) {
      throw OAuthError.of("unapproved_software_statement", "Nobody approved it");
    }
  }
}
