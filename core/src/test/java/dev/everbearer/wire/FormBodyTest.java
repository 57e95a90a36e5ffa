package dev.everbearer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.Exchanges;
import dev.everbearer.OAuthClient;
import dev.everbearer.RandomInputs;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The one encoder of parameters (RFC 6749 appendix B). */
class FormBodyTest {

  private static final String SMUGGLED = "a&redirect_uri=https://evil.example/?x=1;%26+ #";

  @Test
  @Spec("TOK-04")
  void everyUnicodeStringRoundTrips() {
    RandomInputs.generators(2000)
        .forEach(
            random ->
                roundTrips(RandomInputs.unicode(random, 40), RandomInputs.unicode(random, 40)));
  }

  private static void roundTrips(String name, String value) {
    String encoded = new FormBody().add(name, value).add("n" + name, "n" + value).encoded();

    assertThat(encoded).matches("[A-Za-z0-9.*_+%=&-]+");
    assertThat(encoded.chars().filter(c -> c == '&').count()).isEqualTo(1);
    assertThat(FormBody.decode(encoded)).isEqualTo(Map.of(name, value, "n" + name, "n" + value));
  }

  @Test
  @Spec("TOK-04")
  void aServerDecodesWhatTheClientWasGiven() {
    try (ScriptedAuthorizationServer server = ScriptedAuthorizationServer.start()) {
      server.registerClient(SMUGGLED, SMUGGLED + "\u00e9\uD83D\uDE00");
      try (OAuthClient client =
          OAuthClient.builder()
              .tokenEndpoint(server.tokenEndpoint().toString())
              .clientSecretPost(SMUGGLED, SMUGGLED + "\u00e9\uD83D\uDE00")
              .build()) {
        client.fetch(Grant.clientCredentials().audience(SMUGGLED).parameter(SMUGGLED, SMUGGLED));
      }

      RecordedRequest request = Exchanges.onlyRequest(server);
      assertThat(request.form())
          .isEqualTo(
              Map.of(
                  "grant_type",
                  List.of("client_credentials"),
                  "audience",
                  List.of(SMUGGLED),
                  SMUGGLED,
                  List.of(SMUGGLED),
                  "client_id",
                  List.of(SMUGGLED),
                  "client_secret",
                  List.of(SMUGGLED + "\u00e9\uD83D\uDE00")));
    }
  }

  @Test
  @Spec("TOK-04")
  void aSpaceBecomesAPlusAndAllElsePercentUtf8() {
    assertThat(FormBody.encode(" %&+\u00a3\u20ac")).isEqualTo("+%25%26%2B%C2%A3%E2%82%AC");
  }

  @Test
  @Spec("TOK-03")
  void nothingIsSentTwiceOrEmpty() {
    FormBody form = new FormBody().add("a", "1").add("resource", "x").add("resource", "y");
    assertThatThrownBy(() -> form.add("a", "cAnArY"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The parameter 'a' would be sent twice, which OAuth forbids.");
    assertThatThrownBy(() -> form.add("b", "")).isInstanceOf(IllegalArgumentException.class);
    assertThat(form.encoded()).isEqualTo("a=1&resource=x&resource=y");
    assertThat(form).hasToString("[a, resource, resource]");
  }

  @Test
  void aBrokenFormIsRefused() {
    for (String broken : List.of("", "a", "=a", "a=1&a=2", "a=%zz", "a=%4", "a=1&&b=2")) {
      assertThatThrownBy(() -> FormBody.decode(broken))
          .as(broken)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
