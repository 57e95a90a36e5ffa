package dev.everbearer.protocol;

import static dev.everbearer.Exchanges.assertRefusal;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.granted;
import static dev.everbearer.Exchanges.onlyRequest;
import static dev.everbearer.Exchanges.read;
import static dev.everbearer.Exchanges.refuse;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.challenge.Challenge;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.MalformedAnswerException;
import dev.everbearer.token.Scope;
import dev.everbearer.token.TokenSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Control characters in whatever could come near a header. */
@ExtendWith(ScriptedServers.class)
class HeaderInjectionTest {

  static Stream<String> controlCharacters() {
    return IntStream.concat(IntStream.rangeClosed(0, 0x1f), IntStream.of(0x7f, 0x85))
        .mapToObj(Character::toString);
  }

  @ParameterizedTest
  @Spec("SE-14")
  @MethodSource("controlCharacters")
  void everyFieldIsRefusedWhereItEnters(String control) {
    String bad = "cAnArY" + control + "X-Injected: 1";
    Map<String, ThrowingCallable> entries = new LinkedHashMap<>();
    entries.put("token", () -> AccessToken.bearer(bad));
    entries.put("fixed token", () -> TokenSource.fixed(bad));
    entries.put("refresh token", () -> Grant.refreshToken(bad));
    entries.put("scope", () -> Scope.of(bad.replace(" ", "")));
    entries.put("scope of a grant", () -> Grant.clientCredentials().scope(bad.replace(" ", "")));
    entries.put("id, basic", () -> ClientAuthentication.clientSecretBasic(bad, "s"));
    entries.put("id, post", () -> ClientAuthentication.clientSecretPost(bad, "s"));
    entries.put("id, none", () -> ClientAuthentication.none(bad));
    entries.put("secret, basic", () -> ClientAuthentication.clientSecretBasic("i", bad));
    entries.put("secret, post", () -> ClientAuthentication.clientSecretPost("i", bad));
    entries.put("header name", () -> OAuthClient.builder().header(bad, "v"));
    if (!control.equals("\t")) {
      entries.put("header value", () -> OAuthClient.builder().header("X-A", bad));
    }

    entries.forEach(
        (name, entry) ->
            assertThatThrownBy(entry)
                .as(name)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("cAnArY")
                .hasMessageContaining("character"));
  }

  @Test
  @Spec("SE-14")
  void theSameFieldsWithoutControlCharactersGoOut(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).header("X-Tenant", "a b\tc").build()) {
      client.fetch(Grant.clientCredentials().scope("a"));
    }
    assertThat(onlyRequest(server).headers("X-Tenant")).containsExactly("a b\tc");
    assertThatThrownBy(() -> OAuthClient.builder().header("X-A", "\u00e9"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> OAuthClient.builder().header("Authorization", "Basic cAnArY"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Authorization is set by the library.");
  }

  @ParameterizedTest
  @Spec("SE-14")
  @MethodSource("controlCharacters")
  void everyTokenOfAnAnswerIsRefused(String control, ScriptedAuthorizationServer server) {
    String escaped = "cAnArY\\u%04x".formatted((int) control.charAt(0));
    ProviderProfile lenient = ProviderProfile.builder().anyTokenCharacter().build();
    for (ProviderProfile profile : List.of(ProviderProfile.standard(), lenient)) {
      Answer access =
          Answer.json(200, "{\"access_token\":\"" + escaped + "\",\"token_type\":\"Bearer\"}");
      assertRefusal(
          refuse(server, access, profile, MalformedAnswerException.class),
          FailureKind.MALFORMED,
          200,
          "its access_token has characters that must not stand in a header");
    }
    for (String member : List.of("refresh_token", "id_token")) {
      assertRefusal(
          refuse(
              server,
              granted("\"" + member + "\":\"" + escaped + "\""),
              MalformedAnswerException.class),
          FailureKind.MALFORMED,
          200,
          "its " + member + " has a control character");
    }
    assertThat(read(server, granted("\"scope\":\"a " + escaped + "\"")).scope().orElseThrow())
        .isEqualTo(Scope.of("a"));
  }

  @ParameterizedTest
  @Spec("SE-14")
  @MethodSource("controlCharacters")
  void aSecretThatASupplierBringsIsRefusedWhereItLeaves(
      String control, ScriptedAuthorizationServer server) {
    for (ClientAuthentication method :
        List.of(
            ClientAuthentication.clientSecretBasic("id", () -> "cAnArY" + control),
            ClientAuthentication.clientSecretPost("id", () -> "cAnArY" + control))) {
      try (OAuthClient client =
          OAuthClient.builder()
              .tokenEndpoint(server.tokenEndpoint().toString())
              .authentication(method)
              .build()) {
        assertThatThrownBy(() -> client.fetch(Grant.clientCredentials()))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("a line break at the end of a file is the usual reason")
            .hasMessageNotContaining("cAnArY");
      }
    }
    assertThat(server.totalConnections()).isZero();
  }

  @ParameterizedTest
  @Spec("SE-14")
  @MethodSource("controlCharacters")
  void aChallengeWithAControlCharacterIsNotRead(String control) {
    if (control.equals("\t") || control.equals("\u0085")) {
      return; // Allowed inside of a quoted string (RFC 9110 section 5.6.4).
    }
    assertThat(Challenge.parse(List.of("Bearer scope=\"a" + control + "b\"")))
        .allSatisfy(challenge -> assertThat(challenge.scope()).isEmpty());
    assertThat(Challenge.parse(List.of("Bearer scope=\"a b\"")).get(0).scope()).contains("a b");
  }
}
