package dev.everbearer.e2e.keycloak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.everbearer.OAuthClient;
import dev.everbearer.OAuthClientBuilder;
import dev.everbearer.Registrar;
import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.grant.CibaHint;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.CibaNotifications;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.token.LoginFailedException;
import dev.everbearer.token.TokenSet;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A program that Keycloak tells when a person has decided (CIBA by ping). It registers itself, for
 * where it is told is another port in each run. No interval of its waits ends, so that what ends
 * them is the notification.
 */
@WithKeycloak
@Timeout(20)
class CibaPingTest {

  private final Keycloak keycloak;
  private final HttpServer told;
  private final Registrar registrar;
  private final BlockingQueue<Integer> answers = new LinkedBlockingQueue<>();
  private ClientRegistration registration;
  private OAuthClient client;

  CibaPingTest(Keycloak keycloak) throws IOException {
    this.keycloak = keycloak;
    this.told = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    this.registrar = at().registrar();
  }

  @BeforeEach
  void open() {
    registration =
        registrar.register(
            ClientMetadata.empty()
                .grantTypes("urn:openid:params:grant-type:ciba")
                .with("backchannel_token_delivery_mode", "ping")
                .with(
                    "backchannel_client_notification_endpoint",
                    "http://127.0.0.1:" + told.getAddress().getPort() + "/told"),
            keycloak.initialAccessToken());
    client =
        at().authentication(registration.authentication())
            .scheduler(new SettableClock().scheduler())
            .cibaPing()
            .build();
    told.createContext("/told", exchange -> notified(exchange, client.cibaNotifications()));
    told.start();
  }

  @AfterEach
  void close() {
    client.close();
    registrar.delete(registration);
    registrar.close();
    told.stop(0);
  }

  private OAuthClientBuilder at() {
    return OAuthClient.builder().issuer(keycloak.issuer());
  }

  private void notified(HttpExchange exchange, CibaNotifications notifications) throws IOException {
    String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    String authorization = exchange.getRequestHeaders().getFirst("Authorization");
    int status = notifications.notified(authorization, body);
    exchange.sendResponseHeaders(status, -1);
    exchange.close();
    answers.add(status);
  }

  private TokenSet login(Person person) {
    return client.fetch(Grant.ciba(CibaHint.loginHint(person.username())));
  }

  @Test
  @Spec({"CB-04", "CB-05"})
  void theNotificationHasTheTokensFetched() throws Exception {
    assertThat(login(Person.ALICE).validatedIdToken()).isPresent();
    assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo(204);
  }

  @Test
  @Spec({"CB-04", "CB-06"})
  void whoDeclinesIsToldOfAsWell() throws Exception {
    keycloak.device().refuse(Person.BOB);
    try {
      assertThatThrownBy(() -> login(Person.BOB))
          .isInstanceOfSatisfying(
              LoginFailedException.class, e -> assertThat(e.error()).contains("access_denied"));
      assertThat(answers.poll(10, TimeUnit.SECONDS)).isEqualTo(204);
    } finally {
      keycloak.device().agree(Person.BOB);
    }
  }
}
