package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.everbearer.CapturedLogs;
import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.testing.server.UserAgent;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Logins that go right and wrong, and everything that is said meanwhile. */
@Spec("SE-03")
@ExtendWith(ScriptedServers.class)
class LoginSecrecyTest {

  private static final List<String> OTHERS = List.of("jdk.", "java.", "sun.", "org.eclipse.jetty");

  private final ScriptedAuthorizationServer server;
  private final List<String> said = new ArrayList<>();
  private final Set<String> secrets = new HashSet<>();
  private final List<URI> seen = new CopyOnWriteArrayList<>();

  LoginSecrecyTest(ScriptedAuthorizationServer server) {
    this.server = server;
  }

  private void note(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    said.add(text.toString());
  }

  /** Codes, states, challenges and verifiers of all logins so far. */
  private void gatherSecrets() {
    for (URI url : seen) {
      WebLogin.parameters(url)
          .forEach(
              (name, values) -> {
                if (Set.of("state", "code", "code_challenge", "nonce").contains(name)) {
                  secrets.addAll(values);
                }
              });
    }
    server
        .tokenRequests()
        .forEach(
            request -> {
              secrets.addAll(request.form().get("code"));
              secrets.addAll(request.form().get("code_verifier"));
            });
  }

  @Test
  void noCodeVerifierOrStateIsSaid() throws Exception {
    try (CapturedLogs logs = CapturedLogs.of("")) {
      webLogins();
      programLogins();
      gatherSecrets();
      said.addAll(logs.everythingButOf(OTHERS));
    }
    assertThat(secrets).hasSizeGreaterThan(15);
    assertThat(said).hasSizeGreaterThan(10);
    for (String text : said) {
      assertThat(secrets).as(text).noneMatch(text::contains);
    }
  }

  private void webLogins() throws IOException {
    try (WebLogin web = new WebLogin(server)) {
      for (Answer answer :
          List.of(
              Answer.healthy(),
              Answer.reset(),
              Answer.json(200, "{"),
              Answer.json(400, "{\"error\":\"invalid_grant\"}"))) {
        server.answerNext(answer);
        AuthorizationRedirect redirect = web.flow.start();
        secrets.add(redirect.pending());
        URI callback = URI.create(web.callback(redirect));
        seen.addAll(List.of(redirect.url(), callback));
        AuthorizationResponse response = AuthorizationResponse.ofQuery(callback.getRawQuery());
        said.addAll(List.of(redirect.toString(), response.toString(), web.flow.toString()));
        for (int attempt = 0; attempt < 2; attempt++) {
          Throwable thrown = catchThrowable(() -> web.flow.finish(redirect.pending(), response));
          if (thrown != null) {
            note(thrown);
          }
        }
        String other = redirect.state() + "x";
        note(
            catchThrowable(
                () ->
                    web.flow.finish(
                        redirect.pending(),
                        AuthorizationResponse.ofQuery("code=c0d3&state=" + other))));
      }
    }
  }

  private void programLogins() {
    server.registerPublicClient("native");
    server.registerRedirectUris("native", "http://127.0.0.1/cb");
    UserAgent browser = new UserAgent();
    Login login =
        Login.inBrowser(
                url -> {
                  seen.add(url);
                  try {
                    browser.open(url);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                })
            .path("/cb");
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(server.issuer().toString())
            .authentication(ClientAuthentication.none("native"))
            .login(login)
            .build()) {
      server.authorization().denyNext("access_denied", "no");
      note(catchThrowable(() -> client.tokens(Grant.authorizationCode()).token()));
      server.answerNext(Answer.reset());
      note(catchThrowable(() -> client.fetch(Grant.authorizationCode())));
      client.fetch(Grant.authorizationCode());
      said.add(client.diagnose());
    }
  }
}
