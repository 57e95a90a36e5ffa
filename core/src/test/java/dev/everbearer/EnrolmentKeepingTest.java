package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.login.Login;
import dev.everbearer.store.FileRegistrationStore;
import dev.everbearer.store.KeyFile;
import dev.everbearer.testing.SettableClock;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.Answer;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** Registrations that are kept: used for as long as they are good, and lost by no trouble. */
@ExtendWith(ScriptedServers.class)
class EnrolmentKeepingTest {

  private static final ClientMetadata ANY_GRANT =
      ClientMetadata.empty().clientName("Reports").authMethod("client_secret_basic");

  private final SettableClock clock;
  private final ScriptedAuthorizationServer server;
  private final RegisteredProgram program;
  private final FullDisk disk = new FullDisk();

  EnrolmentKeepingTest(SettableClock clock, ScriptedAuthorizationServer server, ScriptedApi api) {
    this.clock = clock;
    this.server = server;
    this.program = new RegisteredProgram(clock, server, api);
    program.store = disk;
  }

  // ---- what is good is used

  @Test
  @Spec("DR-03")
  void aSecretOfAnHourIsUsedUntilItsLastFifth() {
    server.registration().secretLifetime(Duration.ofHours(1)).rotateCredentials(true);
    program.start().connect().close();
    clock.advance(Duration.ofMinutes(47));
    program.start().connect().close();
    assertThat(program.managements()).isEmpty();
    clock.advance(Duration.ofMinutes(1));
    program.start().connect().close();
    assertThat(program.managements()).hasSize(1);
    clock.advance(Duration.ofMinutes(47));
    program.start().connect().close();
    assertThat(program.managements()).as("the new one is as good as the first was").hasSize(1);
    assertThat(program.registrations()).hasSize(1);
  }

  @Test
  @Spec({"DR-03", "DR-05"})
  void whereItsUpdateFailsAGoodRegistrationIsUsedAndUpdatedLater() throws Exception {
    server.registration().secretLifetime(Duration.ofDays(10)).rotateCredentials(true);
    program.start().connect().close();
    ClientRegistration before = program.kept();
    clock.advance(Duration.ofDays(9).plusHours(12));
    String path = before.configurationUri().orElseThrow().getPath();
    server.script(path).answerAlways(Answer.status(503));
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer");
        ResourceClient found = program.start().connect()) {
      assertThat(program.get(found)).isEqualTo(200);
      assertThat(program.kept()).isEqualTo(before);
      assertThat(logs.messages(Level.WARNING))
          .anyMatch(line -> line.contains("was not updated") && line.contains("503"));
      server.script(path).answerHealthy();
      clock.advance(Duration.ofDays(1));
      assertThat(program.get(found)).as("its secret has ended").isEqualTo(200);
      assertThat(program.kept().clientId()).isEqualTo(before.clientId());
    }
    assertThat(program.registrations()).hasSize(1);
  }

  @Test
  @Spec({"DR-03", "DR-05"})
  void whereItsUpdateFailsARegistrationThatHasEndedIsNotUsed() {
    server.registration().secretLifetime(Duration.ofDays(10));
    program.start().connect().close();
    clock.advance(Duration.ofDays(10));
    server
        .script(program.kept().configurationUri().orElseThrow().getPath())
        .answerAlways(Answer.status(503));
    assertThatThrownBy(() -> program.start().connect()).hasMessageContaining("503");
    assertThat(program.registrations()).hasSize(1);
  }

  // ---- two APIs at one issuer

  private void startInBrowser() {
    program.also = UnaryOperator.identity();
    program.start(ANY_GRANT).connect().close();
  }

  private void startOnAnotherDevice() {
    program.also = client -> client.login(Login.onAnotherDevice(code -> {}));
    program.start(ANY_GRANT).connect().close();
  }

  private void startForEach(int times) {
    for (int i = 0; i < times; i++) {
      startInBrowser();
      startOnAnotherDevice();
    }
  }

  private void keepWithoutMeansToManageIt() {
    ClientRegistration kept = program.kept();
    Map<String, Object> document = new HashMap<>(kept.metadata().members());
    document.put("client_id", kept.clientId());
    document.put("client_secret", kept.clientSecret().orElseThrow().reveal());
    program.store.put(program.issuer, ClientRegistration.of(program.issuer, document));
  }

  @Test
  @Spec("DR-05")
  void twoApisThatNeedOtherGrantTypesShareOneRegistrationForBoth() {
    startForEach(3);
    assertThat(program.registrations()).hasSize(1);
    assertThat(program.managements()).as("no API takes from the other").hasSize(1);
    assertThat(program.kept().metadata().texts("grant_types"))
        .containsExactlyInAnyOrder(
            "authorization_code", "urn:ietf:params:oauth:grant-type:device_code");
    assertThat(program.kept().metadata().texts("redirect_uris")).hasSize(1);
  }

  @Test
  @Spec("DR-05")
  void anUpdateForASecretThatEndsTakesNothingFromTheOtherApi() {
    server.registration().secretLifetime(Duration.ofDays(10)).rotateCredentials(true);
    startForEach(1);
    clock.advance(Duration.ofDays(10));
    startForEach(2);
    assertThat(program.managements()).hasSize(2);
  }

  @Test
  @Spec("DR-05")
  void withoutMeansToManageItOneRegistrationForBothIsMadeInPlaceOfTheFirst() {
    startInBrowser();
    keepWithoutMeansToManageIt();
    startOnAnotherDevice();
    assertThat(program.registrations()).hasSize(2);
    keepWithoutMeansToManageIt();
    startForEach(2);
    assertThat(program.registrations()).hasSize(2);
  }

  @Test
  @Spec("DR-05")
  void whatTheServerDoesNotTakeAnyMoreIsLeftOut() {
    program.start(program.metadata().redirectUris("http://127.0.0.1/old")).connect().close();
    String path = program.kept().configurationUri().orElseThrow().getPath();
    server
        .script(path)
        .answerAlways(
            Answer.computedFrom(
                request ->
                    request.bodyText().contains("/old")
                        ? Answer.json(400, "{\"error\":\"invalid_redirect_uri\"}")
                        : Answer.healthy()));
    program.start(program.metadata().redirectUris("http://127.0.0.1/new")).connect().close();
    assertThat(program.kept().metadata().texts("redirect_uris"))
        .containsExactly("http://127.0.0.1/new");
    assertThat(program.registrations()).hasSize(1);
  }

  @Test
  @Spec("DR-05")
  void whatTheServerRefusesForAnotherReasonIsNotAskedForAgain() {
    program.start(program.metadata().redirectUris("http://127.0.0.1/old")).connect().close();
    String path = program.kept().configurationUri().orElseThrow().getPath();
    server.script(path).answerAlways(Answer.json(400, "{\"error\":\"invalid_request\"}"));
    assertThatThrownBy(
            () -> program.start(program.metadata().redirectUris("http://127.0.0.1/new")).connect())
        .hasMessageContaining("invalid_request");
    assertThat(program.managements()).hasSize(1);
  }

  @Test
  @Spec("LC-64")
  void aBrokenEntryIsSetAsideAndTheProgramRegistersAnew(@TempDir Path directory) throws Exception {
    Path registrations = directory.resolve("registrations");
    KeyFile keys = KeyFile.at(directory.resolve("key"));
    program.store = FileRegistrationStore.at(registrations, keys);
    program.start().connect().close();
    String[] files = registrations.toFile().list();
    assertThat(files).hasSize(1);
    Files.writeString(registrations.resolve(files[0]), "broken");
    try (ResourceClient found = program.start().connect()) {
      assertThat(program.get(found)).isEqualTo(200);
    }
    assertThat(program.registrations()).hasSize(2);
    assertThat(registrations.toFile().list())
        .containsExactlyInAnyOrder(files[0], files[0] + ".corrupt-1");
  }

  // ---- a store that cannot be written to

  @Test
  @Spec({"DR-04", "DR-05"})
  void rotatedCredentialsThatCannotBeKeptAreUsedAndKeptLater() throws Exception {
    server.registration().secretLifetime(Duration.ofDays(10)).rotateCredentials(true);
    try (CapturedLogs logs = CapturedLogs.of("dev.everbearer")) {
      ClientRegistration before;
      try (ResourceClient found = program.start().connect()) {
        before = program.kept();
        disk.isFull = true;
        clock.advance(Duration.ofDays(11));
        assertThat(program.get(found)).isEqualTo(200);
        assertThat(program.kept()).isEqualTo(before);
        assertThat(logs.messages(Level.WARNING))
            .anyMatch(line -> line.contains("cannot be kept in the disk"));
        String secrets = String.join("\n", logs.everything());
        assertThat(secrets).doesNotContain(before.clientSecret().orElseThrow().reveal());
        try (ResourceClient other = program.start().connect()) {
          assertThat(program.get(other)).as("all in this process have it").isEqualTo(200);
        }
        disk.isFull = false;
        program.start().connect().close();
        assertThat(program.kept()).isNotEqualTo(before);
        assertThat(program.kept().clientId()).isEqualTo(before.clientId());
      }
    }
    assertThat(program.registrations()).hasSize(1);
    assertThat(program.managements()).hasSize(1);
  }

  @Test
  @Spec("DR-04")
  void whatCouldNotBeKeptIsKeptWhenTheClientCloses() throws Exception {
    disk.isFull = true;
    try (ResourceClient found = program.start().connect()) {
      assertThat(program.get(found)).as("a first registration is used").isEqualTo(200);
      assertThat(disk.get(program.issuer)).isEmpty();
      disk.isFull = false;
    }
    assertThat(disk.get(program.issuer)).isPresent();
    assertThat(program.registrations()).hasSize(1);
  }

  @Test
  @Spec("DR-04")
  void whatSomebodyElseHasKeptMeanwhileIsNotOverwritten() {
    disk.isFull = true;
    program.start().connect().close();
    disk.isFull = false;
    ClientRegistration theirs =
        ClientRegistration.of(
            program.issuer, Map.of("client_id", "theirs", "client_secret", "theirs"));
    disk.put(program.issuer, theirs);
    program.start().connect().close();
    assertThat(program.kept()).isEqualTo(theirs);
  }
}
