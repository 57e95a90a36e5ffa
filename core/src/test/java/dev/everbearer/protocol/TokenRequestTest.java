package dev.everbearer.protocol;

import static dev.everbearer.Exchanges.ID;
import static dev.everbearer.Exchanges.SECRET;
import static dev.everbearer.Exchanges.clientOf;
import static dev.everbearer.Exchanges.onlyRequest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.ClientCredentialsGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a token request looks like on the wire (RFC 6749 sections 3.2 and 4.4.2). */
@ExtendWith(ScriptedServers.class)
class TokenRequestTest {

  private static final String FORM = "application/x-www-form-urlencoded";

  @Test
  @Spec("TOK-01")
  void aTokenRequestIsAPostWithAFormBodyAndNothingInTheUrl(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(Grant.clientCredentials().scope("read:x", "write"));
    }

    RecordedRequest request = onlyRequest(server);
    assertThat(request.method()).isEqualTo("POST");
    assertThat(request.target()).isEqualTo("/token");
    assertThat(request.headers("Content-Type")).containsExactly(FORM);
    assertThat(request.bodyText()).isEqualTo("grant_type=client_credentials&scope=read%3Ax+write");
  }

  @Test
  @Spec("TOK-01")
  void valuesBeyondAsciiAreSentInUtf8(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(Grant.clientCredentials().parameter("tenant", "Zürich €"));
    }

    assertThat(onlyRequest(server).bodyText())
        .isEqualTo("grant_type=client_credentials&tenant=Z%C3%BCrich+%E2%82%AC");
  }

  @Test
  @Spec("TOK-02")
  void theQueryOfTheConfiguredEndpointIsKept() {
    try (ScriptedAuthorizationServer server =
            ScriptedAuthorizationServer.builder().tokenEndpointQuery("tenant=a&v=2").start();
        OAuthClient client = clientOf(server).build()) {
      client.fetch(Grant.clientCredentials());

      assertThat(onlyRequest(server).target()).isEqualTo("/token?tenant=a&v=2");
      assertThat(onlyRequest(server).bodyText()).isEqualTo("grant_type=client_credentials");
    }
  }

  @Test
  @Spec("TOK-02")
  void anEndpointWithAFragmentFailsAtConfiguration() {
    assertThatThrownBy(
            () ->
                OAuthClient.builder()
                    .tokenEndpoint("https://id.example.com/t?key=cAnArY#x")
                    .clientSecretBasic("id", "secret")
                    .build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("must not have a fragment")
        .hasMessageContaining("https://id.example.com/t")
        .hasMessageNotContaining("cAnArY");
  }

  @Test
  void theQueryOfTheEndpointIsNotShown() {
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint("https://id.example.com/t?key=cAnArY")
            .clientSecretBasic("id", "secret")
            .build()) {
      assertThat(client.toString() + client.tokens(Grant.clientCredentials()).diagnose())
          .contains("https://id.example.com/t")
          .doesNotContain("cAnArY");
    }
  }

  @ParameterizedTest
  @Spec({"TOK-03", "O1-01"})
  @ValueSource(
      strings = {
        "grant_type",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
        "scope",
        "resource",
        "refresh_token",
        "code",
        "code_verifier",
        "redirect_uri"
      })
  void anExtraParameterCannotReplaceWhatTheLibrarySets(String name) {
    ClientCredentialsGrant grant = Grant.clientCredentials();
    assertThatThrownBy(() -> grant.parameter(name, "cAnArY"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(name + " is set by the library; an extra parameter cannot replace it.");
  }

  @Test
  @Spec({"TOK-03", "O1-01"})
  void anExtraParameterIsSentOnce(ScriptedAuthorizationServer server) {
    ClientCredentialsGrant grant = Grant.clientCredentials().parameter("tenant", "a");
    assertThatThrownBy(() -> grant.parameter("tenant", "b"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("tenant is set already");
    assertThatThrownBy(() -> grant.parameter("x", ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The value of the parameter x is empty");
    assertThatThrownBy(() -> grant.parameter("", "x")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> grant.audience("")).isInstanceOf(IllegalArgumentException.class);

    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(grant);
    }
    assertThat(onlyRequest(server).bodyText()).isEqualTo("grant_type=client_credentials&tenant=a");
  }

  @Test
  @Spec({"TOK-03", "O1-01"})
  void onlyResourceAndAudienceRepeat(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(
          Grant.clientCredentials()
              .resource("https://a.example.com/")
              .resource("https://b.example.com/x?y=z")
              .audience("one")
              .parameter("audience", "two"));
    }

    assertThat(onlyRequest(server).bodyText())
        .isEqualTo(
            "grant_type=client_credentials&resource=https%3A%2F%2Fa.example.com%2F"
                + "&resource=https%3A%2F%2Fb.example.com%2Fx%3Fy%3Dz&audience=one&audience=two");
  }

  @Test
  @Spec("TOK-05")
  void theRequestAsksForJsonAndNamesTheProduct(ScriptedAuthorizationServer server) {
    try (OAuthClient client = clientOf(server).build()) {
      client.fetch(Grant.clientCredentials());
    }

    RecordedRequest request = onlyRequest(server);
    assertThat(request.headers("Accept")).containsExactly("application/json");
    assertThat(request.headers("User-Agent")).hasSize(1);
    assertThat(request.headers("User-Agent").get(0)).matches("Everbearer/\\d[\\w.-]*");
    assertThat(request.headers("Accept-Encoding")).isEmpty();
  }

  @Test
  @Spec("TOK-05")
  void aCacheableAnswerIsNotTakenFromACache(ScriptedAuthorizationServer server) {
    server.answerAlways(Answer.healthy().header("Cache-Control", "public, max-age=3600"));
    try (OAuthClient client = clientOf(server).build()) {
      String first = client.fetch(Grant.clientCredentials()).accessToken().value();
      String second = client.fetch(Grant.clientCredentials()).accessToken().value();

      assertThat(second).isNotEqualTo(first);
      assertThat(server.tokenRequests()).hasSize(2);
    }
  }

  @Test
  @Spec("TOK-06")
  void aPublicClientSendsItsIdInTheBodyAndNoSecret(ScriptedAuthorizationServer server) {
    server.registerPublicClient("app");
    String refreshToken = server.issueRefreshToken("app");
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .authentication(ClientAuthentication.none("app"))
            .build()) {
      client.fetch(Grant.refreshToken(refreshToken));
    }

    RecordedRequest request = onlyRequest(server);
    assertThat(request.header("Authorization")).isEmpty();
    assertThat(request.bodyText())
        .isEqualTo("grant_type=refresh_token&refresh_token=" + refreshToken + "&client_id=app");
    assertThat(request.form()).doesNotContainKey("client_secret");
  }

  @Test
  @Spec("TOK-06")
  void aConfidentialClientSendsItsSecret(ScriptedAuthorizationServer server) {
    server.registerClient(ID, SECRET);
    try (OAuthClient client =
        OAuthClient.builder()
            .tokenEndpoint(server.tokenEndpoint().toString())
            .clientSecretPost(ID, SECRET)
            .build()) {
      client.fetch(Grant.clientCredentials());
    }
    assertThat(onlyRequest(server).form())
        .containsEntry("client_id", List.of(ID))
        .containsEntry("client_secret", List.of(SECRET));
    assertThat(onlyRequest(server).header("Authorization")).isEmpty();
  }
}
