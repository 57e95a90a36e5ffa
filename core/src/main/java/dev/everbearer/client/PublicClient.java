package dev.everbearer.client;

import java.util.Map;

/** Names itself in the body and sends no secret, not even an empty one (RFC 6749 section 3.2.1). */
final class PublicClient extends ClientAuthentication {

  PublicClient(String clientId) {
    super(clientId);
  }

  @Override
  public String method(Target target) {
    return "none";
  }

  @Override
  public boolean isConfidential() {
    return false;
  }

  @Override
  public Parts parts(Target target) {
    return new Parts(Map.of(), Map.of("client_id", clientId()), clientId());
  }
}
