package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.OAuthClient;
import dev.everbearer.ResourceClient;
import dev.everbearer.ResourceClientBuilder;
import dev.everbearer.challenge.StepUp;
import dev.everbearer.client.ClientAuthentication;
import dev.everbearer.client.ClientMetadata;
import dev.everbearer.grant.AuthorizationCodeGrant;
import dev.everbearer.grant.DeviceGrant;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A start from an API's URL where there is no browser, or nothing that one could open. */
@ExtendWith(ScriptedServers.class)
@Spec("NA-08")
class DeviceStartTest {

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final ScriptedApi api;
  private final List<DeviceCode> shown = new CopyOnWriteArrayList<>();

  DeviceStartTest(SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = server;
    this.api = api;
    server.registerPublicClient("native");
    api.metadata().publish("/mcp");
  }

  private void approve(DeviceCode code) {
    shown.add(code);
    server.device().approve(code.userCode());
  }

  private ResourceClientBuilder start(Login login) {
    return OAuthClient.forResource(api.uri("/mcp").toString())
        .trust(server.issuer().toString())
        .scope("read")
        .configure(
            client -> {
              RemoteLogin.byClock(client, clock);
              client.login(login);
            });
  }

  private ResourceClientBuilder registered(Login login) {
    return start(login).registered(server.issuer().toString(), ClientAuthentication.none("native"));
  }

  private int get(ResourceClient found) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(api.uri("/mcp")).build();
    return found.http().send(request, BodyHandlers.ofString()).statusCode();
  }

  @Test
  void aProgramWithoutABrowserShowsACode() throws Exception {
    try (ResourceClient found = registered(Login.onAnotherDevice(this::approve)).connect()) {
      assertThat(found.grant()).isInstanceOf(DeviceGrant.class);
      assertThat(found.grant().request().resources()).containsExactly(api.uri("/mcp"));
      assertThat(found.grant().scope().toString()).isEqualTo("read");
      assertThat(shown).isEmpty();
      assertThat(get(found)).isEqualTo(200);
    }
    assertThat(shown).hasSize(1);
  }

  @Test
  void aServerWithoutAnAuthorizationEndpointIsAskedByACodeWhereThatIsAllowed() {
    Login either = Login.inBrowser().orOnAnotherDevice(this::approve);
    try (ResourceClient found = registered(either).connect()) {
      assertThat(found.grant()).isInstanceOf(AuthorizationCodeGrant.class);
    }
    server.withoutMetadata("authorization_endpoint");
    try (ResourceClient found = registered(either).connect()) {
      assertThat(found.grant()).isInstanceOf(DeviceGrant.class);
    }
    try (ResourceClient found = registered(Login.inBrowser()).connect()) {
      assertThatThrownBy(() -> get(found)).hasMessageContaining("no authorization endpoint");
    }
    assertThat(shown).isEmpty();
  }

  @Test
  @Spec("MC-06")
  void aProgramRegistersForTheDeviceGrantAsWell() throws Exception {
    ResourceClientBuilder builder =
        start(Login.onAnotherDevice(this::approve)).register(ClientMetadata.nativeApp());
    try (ResourceClient found = builder.connect()) {
      assertThat(get(found)).isEqualTo(200);
    }
    assertThat(server.requestsTo("registration_endpoint"))
        .singleElement()
        .matches(request -> request.bodyText().contains("grant-type:device_code"));
  }

  @Test
  @Spec({"MC-04", "SU-02"})
  void moreScopesAreAskedForOnTheOtherDeviceAndAnotherLoginIsNot() throws Exception {
    StepUp scope =
        StepUp.in(403, List.of("Bearer error=\"insufficient_scope\", scope=\"write\""))
            .orElseThrow();
    StepUp age =
        StepUp.in(401, List.of("Bearer error=\"insufficient_user_authentication\", max_age=\"60\""))
            .orElseThrow();
    try (ResourceClient found = registered(Login.onAnotherDevice(this::approve)).connect()) {
      HttpRequest request = HttpRequest.newBuilder(api.uri("/mcp")).build();
      assertThat(found.http(scope).send(request, BodyHandlers.ofString()).statusCode())
          .isEqualTo(200);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> found.http(age))
          .withMessageContaining("max_age=60 s");
    }
    assertThat(server.requestsTo("device_authorization_endpoint"))
        .singleElement()
        .matches(request -> request.bodyText().contains("scope=read+write"));
  }

  private int answered(ResourceClient found, int status, String challenge) throws Exception {
    api.answerNext(Answer.status(status).header("WWW-Authenticate", challenge));
    HttpRequest request = HttpRequest.newBuilder(api.uri("/mcp")).build();
    return found.http().send(request, BodyHandlers.ofString()).statusCode();
  }

  @Test
  @Spec({"MC-04", "SU-02"})
  void byItselfTooMoreScopesAreAskedForOnTheOtherDeviceAndAnotherLoginIsNot() throws Exception {
    try (ResourceClient found =
        registered(Login.onAnotherDevice(this::approve)).stepUp().connect()) {
      String age = "Bearer error=\"insufficient_user_authentication\", max_age=\"60\"";
      assertThat(answered(found, 401, age)).as("handed to the caller").isEqualTo(401);
      assertThat(shown).hasSize(1);
      String scope = "Bearer error=\"insufficient_scope\", scope=\"write\"";
      assertThat(answered(found, 403, scope)).isEqualTo(200);
      assertThat(shown).hasSize(2);
    }
  }
}
