package dev.everbearer.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.Exchanges;
import dev.everbearer.OAuthClient;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scopes as sets of tokens (RFC 6749 section 3.3). */
@ExtendWith(ScriptedServers.class)
class ScopeTest {

  @Test
  @Spec("SC-01")
  void everyAllowedCharacterIsTaken() {
    String allowed =
        IntStream.rangeClosed(0x21, 0x7e)
            .filter(c -> c != '"' && c != '\\')
            .mapToObj(Character::toString)
            .collect(Collectors.joining());
    assertThat(Scope.of(allowed).tokens()).containsExactly(allowed);
  }

  @ParameterizedTest
  @Spec("SC-01")
  @ValueSource(
      strings = {"a\"b", "a\\b", "\u00e9", "\t", "a\nb", "a\u007f", "\u0000", "\uD83D\uDE00"})
  void everyOtherCharacterIsRefused(String token) {
    assertThatThrownBy(() -> Scope.of(token))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("RFC 6749 section 3.3 does not allow")
        .hasMessageNotContaining(token);
    assertThatThrownBy(() -> Grant.clientCredentials().scope("good", token))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @Spec("SC-01")
  @ValueSource(strings = {"", " ", "a  b", " a", "a "})
  void anEmptyTokenIsRefused(String scope) {
    assertThatThrownBy(() -> Scope.of(scope))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leave the scope out to ask for none");
  }

  @Test
  @Spec("SC-01")
  void tokensAreJoinedByOneSpaceAndNoneOmitTheParameter(ScriptedAuthorizationServer server) {
    try (OAuthClient client = Exchanges.clientOf(server).build()) {
      client.fetch(Grant.clientCredentials().scope("a b", "c", "a"));
      assertThat(Exchanges.lastRequest(server).bodyText())
          .isEqualTo("grant_type=client_credentials&scope=a+b+c");

      client.fetch(Grant.clientCredentials().scope(new String[0]));
      assertThat(Exchanges.lastRequest(server).bodyText())
          .isEqualTo("grant_type=client_credentials");
    }
  }

  @Test
  @Spec("SC-02")
  void scopesAreComparedAsSetsWithCase() {
    assertThat(Scope.of("b a")).isEqualTo(Scope.of("a", "b")).hasSameHashCodeAs(Scope.of("a b"));
    assertThat(Scope.of("A b")).isNotEqualTo(Scope.of("a b"));
    assertThat(Scope.of("a b").containsAll(Scope.of("b"))).isTrue();
    assertThat(Scope.of("a b").containsAll(Scope.of("B"))).isFalse();
  }

  @Test
  @Spec("SC-02")
  void grantsOfTheSameSetShareOneToken(ScriptedAuthorizationServer server) {
    try (OAuthClient client = Exchanges.clientOf(server).build()) {
      TokenSource ab = client.tokens(Grant.clientCredentials().scope("a", "b"));
      assertThat(client.tokens(Grant.clientCredentials().scope("b a"))).isSameAs(ab);
      assertThat(client.tokens(Grant.clientCredentials().scope("A b"))).isNotSameAs(ab);
    }
  }
}
