package dev.everbearer.testing.server;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** The healthy client configuration endpoint (RFC 7592 section 2). */
final class ClientConfigurationEndpoint {

  private final Registrations registrations;
  private final Supplier<List<String>> grantTypes;

  ClientConfigurationEndpoint(Registrations registrations, Supplier<List<String>> grantTypes) {
    this.registrations = registrations;
    this.grantTypes = grantTypes;
  }

  Answer answer(RecordedRequest request) {
    String clientId = request.path().replaceFirst(".*/", "");
    if (!registrations.isRightToken(clientId, BearerToken.of(request))) {
      return BearerToken.refuse();
    }
    return switch (request.method()) {
      case "GET" -> document(registrations.describe(clientId));
      case "PUT" -> document(update(clientId, ClientMetadata.in(request)));
      case "DELETE" -> delete(clientId);
      default -> Answers.onlyAllowed("GET, PUT, DELETE");
    };
  }

  private Map<String, Object> update(String clientId, Map<String, Object> asked) {
    if (!clientId.equals(asked.remove("client_id"))) {
      throw OAuthError.invalidRequest("The client_id must be that of the client");
    }
    for (String name : Registrations.SERVERS_OWN) {
      if (asked.containsKey(name)) {
        throw OAuthError.invalidRequest("A client does not send " + name);
      }
    }
    Object secret = asked.remove("client_secret");
    if (secret != null) {
      registrations.checkSecret(clientId, secret);
    }
    return registrations.put(clientId, ClientMetadata.checked(asked, grantTypes.get()));
  }

  private Answer delete(String clientId) {
    registrations.remove(clientId);
    return Answers.uncached(Answer.status(204));
  }

  private static Answer document(Map<String, Object> document) {
    return Answers.uncached(Answer.json(200, Json.write(document)));
  }
}
