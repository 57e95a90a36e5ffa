package dev.everbearer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.OAuthErrorException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** When the secret's supplier is asked again. */
@ExtendWith(ScriptedServers.class)
class ChangedSecretTest {

  private static OAuthErrorException refusal(
      ScriptedAuthorizationServer server, Supplier<String> secret, String error) {
    server.answerNext(Answer.json(400, "{\"error\":\"" + error + "\"}"));
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .authentication(ClientAuthentication.clientSecretBasic("id", secret))
            .build()) {
      return catchThrowableOfType(
          OAuthErrorException.class, () -> client.fetch(Grant.clientCredentials()));
    }
  }

  @Test
  void anErrorThatIsNotAboutTheClientDoesNotAskForTheSecretAgain(
      ScriptedAuthorizationServer server) {
    AtomicInteger asked = new AtomicInteger();
    Supplier<String> counting = () -> "secret" + asked.incrementAndGet();

    assertThat(refusal(server, counting, "invalid_scope")).hasMessageContaining("invalid_scope");
    assertThat(asked).hasValue(1);
    assertThat(server.tokenRequests()).hasSize(1);
  }

  @Test
  void aSupplierThatThrowsDoesNotHideTheRefusal(ScriptedAuthorizationServer server) {
    AtomicInteger asked = new AtomicInteger();
    Supplier<String> onceOnly =
        () -> {
          if (asked.incrementAndGet() > 1) {
            throw new IllegalStateException("the vault is sealed");
          }
          return "secret";
        };

    OAuthErrorException refusal = refusal(server, onceOnly, "invalid_client");
    assertThat(refusal).hasMessageContaining("invalid_client");
    assertThat(refusal.getSuppressed()).hasSize(1);
    assertThat(server.tokenRequests()).hasSize(1);
  }
}
