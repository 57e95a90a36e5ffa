package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.OAuthClient;
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
import org.junit.jupiter.api.Test;

/** Real time: tokens of five seconds, and an API that looks at each. */
@WithKeycloak
class UninterruptedCallsTest {

  private final AtomicInteger failures = new AtomicInteger();
  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final CountDownLatch threeTokens = new CountDownLatch(3);

  @Test
  void noCallFailsOverThreeTokensOfFiveSeconds(Keycloak keycloak) throws Exception {
    ScheduledExecutorService caller = Executors.newSingleThreadScheduledExecutor();
    try (OAuthClient client =
        OAuthClient.builder()
            .issuer(keycloak.issuer())
            .clientSecretBasic(
                RegisteredClient.SERVICE_5S.id(), RegisteredClient.SERVICE_5S.secret())
            .build()) {
      Grant grant = Grant.clientCredentials().scope("openid");
      URI userinfo = keycloak.endpoint("userinfo");
      HttpClient api = client.httpClientFor(userinfo.resolve("/").toString(), grant);
      TokenSource tokens = client.tokens(grant);
      caller.scheduleWithFixedDelay(
          () -> call(api, userinfo, tokens), 0, 50, TimeUnit.MILLISECONDS);
      assertThat(threeTokens.await(30, TimeUnit.SECONDS)).isTrue();
    } finally {
      caller.shutdown();
      assertThat(caller.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }
    assertThat(failures).hasValue(0);
  }

  private void call(HttpClient api, URI uri, TokenSource tokens) {
    try {
      int status =
          api.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.discarding()).statusCode();
      if (status != 200) {
        failures.incrementAndGet();
      }
      if (seen.add(tokens.token().value())) {
        threeTokens.countDown();
      }
    } catch (Exception e) {
      failures.incrementAndGet();
    }
  }
}
