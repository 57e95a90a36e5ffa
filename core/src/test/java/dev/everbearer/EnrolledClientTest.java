package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.RecordedRequest;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A running client whose server does not take its registration any more. */
@ExtendWith(ScriptedServers.class)
class EnrolledClientTest {

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final RegisteredProgram program;

  EnrolledClientTest(SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = server;
    this.program = new RegisteredProgram(clock, server, api);
  }

  /** As a sibling does that shares the store. */
  private void rotateElsewhere() {
    server.registration().rotateCredentials(true);
    try (Registrar registrar = program.registrar()) {
      ClientRegistration kept = program.kept();
      program.store.put(program.issuer, registrar.update(kept, kept.metadata()));
    }
    server.clearRequests();
  }

  @Test
  @Spec({"DR-05", "MC-06"})
  void aSecretThatSomebodyElseRotatedIsTakenFromTheStore() throws Exception {
    try (ResourceClient found = program.start().connect()) {
      assertThat(program.get(found)).isEqualTo(200);
      String id = program.kept().clientId();
      rotateElsewhere();
      clock.advance(Duration.ofHours(2));
      assertThat(program.get(found)).isEqualTo(200);
      assertThat(program.kept().clientId()).isEqualTo(id);
    }
    assertThat(program.registrations()).isEmpty();
    assertThat(program.managements()).isEmpty();
    assertThat(program.logins).as("the client is the same, and so is its grant").hasSize(1);
  }

  @Test
  @Spec({"DR-03", "DR-05"})
  void aSecretThatEndsIsUpdatedWhileTheClientRunsAndOnceMoreWhenThatEnds() throws Exception {
    server.registration().secretLifetime(Duration.ofDays(10)).rotateCredentials(true);
    try (ResourceClient found = program.start().connect()) {
      assertThat(program.get(found)).isEqualTo(200);
      String id = program.kept().clientId();
      for (int end = 1; end <= 3; end++) {
        clock.advance(Duration.ofDays(11));
        assertThat(program.get(found)).as("end " + end).isEqualTo(200);
        assertThat(program.kept().clientId()).isEqualTo(id);
        assertThat(program.managements()).hasSize(end);
      }
    }
    assertThat(program.registrations()).hasSize(1);
    assertThat(program.logins).hasSize(1);
  }

  @Test
  @Spec("DR-05")
  void aSecretThatEndsAndStaysTheSameLeadsToANewRegistration() throws Exception {
    server.registration().secretLifetime(Duration.ofDays(10));
    try (ResourceClient found = program.start().connect()) {
      assertThat(program.get(found)).isEqualTo(200);
      String id = program.kept().clientId();
      clock.advance(Duration.ofDays(11));
      assertThat(program.get(found)).isEqualTo(200);
      assertThat(program.kept().clientId()).isNotEqualTo(id);
    }
    assertThat(program.registrations()).hasSize(2);
  }

  /** Each answer about a registration has other metadata. */
  private void countAnswers() {
    AtomicInteger answers = new AtomicInteger();
    server
        .registration()
        .alterMetadata(
            metadata -> {
              metadata.put("answer", answers.incrementAndGet());
              return metadata;
            });
  }

  @Test
  @Spec("DR-05")
  void aRefusedSecretThatComesBackWithOtherMetadataLeadsToANewRegistration() throws Exception {
    countAnswers();
    try (ResourceClient found = program.start().connect()) {
      assertThat(program.get(found)).isEqualTo(200);
      String refused = program.kept().clientSecret().orElseThrow().reveal();
      server
          .script(server.tokenEndpoint().getPath())
          .answerAlways(Answer.computedFrom(request -> unlessBy(refused, request)));
      clock.advance(Duration.ofHours(2));
      assertThat(program.get(found)).isEqualTo(200);
    }
    assertThat(program.managements()).hasSize(1);
    assertThat(program.registrations()).hasSize(2);
  }

  private static Answer unlessBy(String secret, RecordedRequest request) {
    String basic = request.header("authorization").orElse("Basic ").substring("Basic ".length());
    boolean isRefused =
        new String(Base64.getDecoder().decode(basic), StandardCharsets.UTF_8).endsWith(secret);
    return isRefused ? Answer.json(401, "{\"error\":\"invalid_client\"}") : Answer.healthy();
  }

  @Test
  @Spec("DR-05")
  void aSecretThatEndsAndStaysTheSameWithOtherMetadataLeadsToOneToo() throws Exception {
    countAnswers();
    aSecretThatEndsAndStaysTheSameLeadsToANewRegistration();
  }

  @Test
  @Spec("DR-06")
  void aServerThatForgetsTheClientTwiceIsToldOfItTwice() throws Exception {
    try (ResourceClient found = program.start().connect()) {
      for (int time = 1; time <= 3; time++) {
        assertThat(program.get(found)).isEqualTo(200);
        program.forgetAtServer();
        clock.advance(Duration.ofHours(2));
        assertThat(program.get(found)).as("time " + time).isEqualTo(200);
        assertThat(program.registrations()).hasSize(1);
      }
    }
  }

  @Test
  @Spec("MC-06")
  void aNewRegistrationThatNeverWorkedIsNotReplacedBeforeAnHourHasPassed() throws Exception {
    try (ResourceClient found = program.start().connect()) {
      server
          .script(server.tokenEndpoint().getPath())
          .answerAlways(Answer.json(401, "{\"error\":\"invalid_client\"}"));
      for (int call = 0; call < 5; call++) {
        assertThatThrownBy(() -> program.get(found)).hasMessageContaining("invalid_client");
        clock.advance(Duration.ofMinutes(2));
      }
      assertThat(program.registrations()).hasSize(2);
      server.script(server.tokenEndpoint().getPath()).answerHealthy();
      clock.advance(Duration.ofMinutes(2));
      assertThat(program.get(found)).as("it works later").isEqualTo(200);
      assertThat(program.registrations()).hasSize(2);
    }
  }

  @Test
  @Spec({"DR-03", "DR-05"})
  void aSecretThatHasEndedIsUpdatedBeforeThePersonLogsInWithIt() throws Exception {
    server.registration().secretLifetime(Duration.ofDays(10)).rotateCredentials(true);
    ClientMetadata withoutRefresh =
        ClientMetadata.empty().grantTypes("authorization_code").authMethod("client_secret_basic");
    try (ResourceClient found = program.start(withoutRefresh).connect()) {
      assertThat(program.get(found)).isEqualTo(200);
      clock.advance(Duration.ofDays(11));
      assertThat(program.get(found)).isEqualTo(200);
      assertThat(program.logins).hasSize(2);
      clock.advance(Duration.ofDays(11));
      assertThat(found.tokens().token()).isNotNull();
      assertThat(program.logins).hasSize(3);
    }
    assertThat(program.managements()).hasSize(2);
  }

  @Test
  @Spec({"DR-03", "DR-05"})
  void aSecretThatHasEndedDisturbsNobodyWhoHasAToken() throws Exception {
    server.registration().secretLifetime(Duration.ofMinutes(30));
    server.accessTokenLifetime(Duration.ofHours(2));
    try (ResourceClient found = program.start().connect()) {
      assertThat(program.get(found)).isEqualTo(200);
      clock.advance(Duration.ofMinutes(35));
      assertThat(program.get(found)).isEqualTo(200);
    }
    assertThat(program.managements()).isEmpty();
    assertThat(program.registrations()).hasSize(1);
  }

  private static Answer granted() {
    return Answer.json(
        200, "{\"access_token\":\"late\",\"token_type\":\"Bearer\",\"expires_in\":60}");
  }

  private void isLenientlyServed(int updates) throws Exception {
    server.registration().secretLifetime(Duration.ofDays(10));
    try (ResourceClient found = program.start().connect()) {
      assertThat(program.get(found)).isEqualTo(200);
      String path = program.kept().configurationUri().orElseThrow().getPath();
      if (updates == 503) {
        server.script(path).answerAlways(Answer.status(503));
      }
      clock.advance(Duration.ofDays(11));
      server.script(server.tokenEndpoint().getPath()).answerAlways(granted());
      for (int call = 0; call < 3; call++) {
        assertThat(found.tokens().token().value()).isEqualTo("late");
        assertThat(found.tokens().tokenAsync().toCompletableFuture().get().value())
            .isEqualTo("late");
        clock.advance(Duration.ofMinutes(2));
      }
    }
    assertThat(program.managements()).hasSize(1);
    assertThat(program.registrations()).hasSize(1);
  }

  @Test
  @Spec({"DR-03", "DR-05"})
  void whereASecretThatHasEndedCannotBeUpdatedTheServerDecides() throws Exception {
    isLenientlyServed(503);
  }

  @Test
  @Spec({"DR-03", "DR-05"})
  void whereAnUpdateBringsNoOtherSecretTheServerDecides() throws Exception {
    isLenientlyServed(200);
  }
}
