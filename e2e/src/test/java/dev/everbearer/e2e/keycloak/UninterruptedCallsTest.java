package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.grant.Grant;
import dev.everbearer.token.TokenSource;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Real time: tokens of five seconds, and an API that looks at each. */
@WithKeycloak
class UninterruptedCallsTest {

  private final URI userinfo;
  private final String issuer;
  private final ScheduledExecutorService callers = Executors.newScheduledThreadPool(2);

  UninterruptedCallsTest(Keycloak keycloak) {
    this.userinfo = keycloak.endpoint("userinfo");
    this.issuer = keycloak.issuer();
  }

  /** Calls the API all the time, over one grant. */
  private final class Caller {

    private final HttpClient api;
    private final TokenSource tokens;
    private final AtomicInteger failures = new AtomicInteger();
    private final Set<String> seen = ConcurrentHashMap.newKeySet();
    private final CountDownLatch threeTokens = new CountDownLatch(3);

    Caller(OAuthClient client, Grant grant) {
      this.api = client.httpClientFor(userinfo.resolve("/").toString(), grant);
      this.tokens = client.tokens(grant);
      callers.scheduleWithFixedDelay(this::call, 0, 50, TimeUnit.MILLISECONDS);
    }

    private void call() {
      try {
        HttpRequest request = HttpRequest.newBuilder(userinfo).build();
        if (api.send(request, BodyHandlers.discarding()).statusCode() != 200) {
          failures.incrementAndGet();
        }
        if (seen.add(tokens.token().value())) {
          threeTokens.countDown();
        }
      } catch (Exception e) {
        failures.incrementAndGet();
      }
    }

    void awaitThreeTokens() throws InterruptedException {
      assertThat(threeTokens.await(30, TimeUnit.SECONDS)).isTrue();
    }
  }

  @AfterEach
  void stop() {
    callers.shutdownNow();
  }

  @Test
  void noCallFailsOverThreeTokensOfFiveSeconds() throws Exception {
    Windows windows = new Windows(FormLogin.as(Person.ALICE));
    try (OAuthClient service = service();
        OAuthClient program = program(windows)) {
      Caller ofService = new Caller(service, Grant.clientCredentials().scope("openid"));
      Caller ofPerson = new Caller(program, Grant.authorizationCode().scope("openid"));
      ofService.awaitThreeTokens();
      ofPerson.awaitThreeTokens();
      callers.shutdown();
      assertThat(callers.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
      assertThat(ofService.failures).hasValue(0);
      assertThat(ofPerson.failures).hasValue(0);
      assertThat(windows.opened()).hasSize(1);
    }
  }

  private OAuthClient service() {
    return OAuthClient.builder()
        .issuer(issuer)
        .clientSecretBasic(RegisteredClient.SERVICE_5S.id(), RegisteredClient.SERVICE_5S.secret())
        .build();
  }

  private OAuthClient program(Windows windows) {
    return OAuthClient.builder()
        .issuer(issuer)
        .authentication(ClientAuthentication.none(RegisteredClient.NATIVE_5S.id()))
        .login(windows.asLogin())
        .build();
  }
}
