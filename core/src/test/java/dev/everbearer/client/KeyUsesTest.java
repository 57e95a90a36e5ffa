package dev.everbearer.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.client.ClientAuthentication.Target;
import dev.everbearer.jose.Keys;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.OAuthException;
import java.net.URI;
import java.security.KeyPair;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a key was used for is remembered in little room, and forbids as much. */
@Spec("JA-04")
class KeyUsesTest {

  /** Of its own for each test: what keys are used for is remembered beyond a test. */
  private final KeyPair pair = Keys.p256();

  private final SigningKey key = SigningKey.of(pair.getPrivate(), pair.getPublic());
  private final ClientAuthentication owner = ClientAuthentication.none("owner");

  private static Target at(int server, ProviderProfile profile) {
    String issuer = "https://s%d.example".formatted(server);
    AuthorizationServer known =
        AuthorizationServer.discovered(issuer, URI.create(issuer + "/token"), null, Map.of());
    return new Target(known, Endpoint.TOKEN, profile, InstantSource.system());
  }

  private static ProviderProfile exposing() {
    return ProviderProfile.builder().assertionForTokenEndpoint().build();
  }

  @Test
  void aKeyOfManyServersIsStillForbiddenToBeExposedAndFewAreRemembered() {
    for (int i = 0; i < 10_000; i++) {
      KeyUses.require(key, at(i, ProviderProfile.standard()), owner);
    }
    for (int server : new int[] {0, 9_999, 10_000}) {
      assertThatThrownBy(() -> KeyUses.require(key, at(server, exposing()), owner))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("is used at [")
          .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1000));
    }
    KeyUses.require(key, at(10_001, ProviderProfile.standard()), owner);
  }

  @Test
  void anExposedKeyStaysAtItsServerWhateverElseTheClientSigns() {
    KeyUses.require(key, at(0, exposing()), owner);
    ClientAuthentication other = ClientAuthentication.none("other");
    for (ClientAuthentication each : new ClientAuthentication[] {owner, other}) {
      assertThatThrownBy(() -> KeyUses.require(key, at(1, ProviderProfile.standard()), each))
          .isInstanceOf(OAuthException.class)
          .hasMessageContaining("https://s0.example");
    }
    KeyUses.require(key, at(0, ProviderProfile.standard()), other);
  }
}
