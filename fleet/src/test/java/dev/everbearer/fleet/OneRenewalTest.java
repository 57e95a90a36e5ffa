package dev.everbearer.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.databases.PostgresServer;
import dev.everbearer.testing.databases.RedisProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A token runs out in several processes at once, at a server that ends a grant on any reuse. {@code
 * -Deverbearer.fleet.nodes=32 -Deverbearer.fleet.expiries=1000} makes a longer run of it.
 */
@Timeout(value = 1, unit = TimeUnit.DAYS)
class OneRenewalTest {

  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final Duration SEEN_BY_ALL = Duration.ofSeconds(4);
  private static final Duration LONG = Duration.ofMinutes(5);

  private static final int NODES = Integer.getInteger("everbearer.fleet.nodes", 6);
  private static final int EXPIRIES = Integer.getInteger("everbearer.fleet.expiries", 48);
  static final int EXPIRIES_IN_DATABASES = Integer.getInteger("everbearer.fleet.expiries", 24);
  private static final int GRANTS = Math.min(EXPIRIES, 12);

  @TempDir Path home;

  @Test
  @Spec("RF-04")
  void twoHundredThreadsOfTwoProcessesMakeOneRequestFilesBetweenThem() {
    try (Scene scene = Scene.inFiles(home)) {
      aStormMakesOneRequest(scene);
    }
  }

  @Test
  @Spec("RF-04")
  void twoHundredThreadsOfTwoProcessesMakeOneRequestPostgresBetweenThem() {
    try (Scene scene = Scene.inDatabase(home, PostgresServer.url())) {
      aStormMakesOneRequest(scene);
    }
  }

  @Test
  @Spec("RF-04")
  void twoHundredThreadsOfTwoProcessesMakeOneRequestRedisBetweenThem() {
    try (Scene scene = Scene.inDatabase(home, RedisProcess.shared().url())) {
      aStormMakesOneRequest(scene);
    }
  }

  static void aStormMakesOneRequest(Scene scene) {
    scene.server.accessTokenLifetime(SHORT);
    String refreshToken = scene.newRefreshToken();
    List<Scene.Node> nodes = List.of(scene.start(), scene.start());
    nodes.forEach(node -> node.await("started"));
    nodes.forEach(node -> node.tell("grant g " + refreshToken));
    while (!haveOneToken(nodes)) {
      nodes.forEach(node -> node.await("seen"));
    }
    int before = scene.server.tokenRequests().size();
    scene.server.accessTokenLifetime(LONG);
    String seen = nodes.get(0).await("seen");
    assertThat(nodes.get(1).await("seen")).isEqualTo(seen);
    assertThat(scene.server.isActive(seen)).as("one token, and no failure: " + seen).isTrue();
    assertThat(scene.server.tokenRequests()).hasSize(before + 1);
    assertThat(scene.server.rotations()).isEqualTo(before + 1);
    assertThat(scene.isAlive(refreshToken)).isTrue();
  }

  /** All storm; on a busy machine some may begin with a token, and some with its successor. */
  private static boolean haveOneToken(List<Scene.Node> nodes) {
    nodes.forEach(node -> node.tell("storm g 100"));
    return nodes.stream().map(node -> node.await("storming")).distinct().count() == 1;
  }

  @Test
  @Spec("RF-04")
  void manyProcessesThroughManyExpiriesMakeOneRequestForEachFilesBetweenThem() {
    try (Scene scene = Scene.inFiles(home)) {
      everyExpiryMakesOneRequest(scene, EXPIRIES);
    }
  }

  @Test
  @Spec("RF-04")
  void manyProcessesThroughManyExpiriesMakeOneRequestForEachPostgresBetweenThem() {
    try (Scene scene = Scene.inDatabase(home, PostgresServer.url())) {
      everyExpiryMakesOneRequest(scene, EXPIRIES_IN_DATABASES);
    }
  }

  @Test
  @Spec("RF-04")
  void manyProcessesThroughManyExpiriesMakeOneRequestForEachRedisBetweenThem() {
    try (Scene scene = Scene.inDatabase(home, RedisProcess.shared().url())) {
      everyExpiryMakesOneRequest(scene, EXPIRIES_IN_DATABASES);
    }
  }

  static void everyExpiryMakesOneRequest(Scene scene, int expiries) {
    scene.server.accessTokenLifetime(SEEN_BY_ALL);
    List<String> grants = new ArrayList<>();
    List<Scene.Node> nodes = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(scene.start());
    }
    nodes.forEach(node -> node.await("started"));
    for (int i = 0; i < GRANTS; i++) {
      String refreshToken = scene.newRefreshToken();
      grants.add(refreshToken);
      nodes.forEach(node -> node.tell("grant %d %s".formatted(grants.size(), refreshToken)));
    }
    nodes.forEach(node -> node.tell("follow"));
    scene.server.awaitRequests(expiries + GRANTS, Duration.ofMinutes(60));
    nodes.forEach(node -> node.tell("report"));
    int changes = 0;
    for (Scene.Node node : nodes) {
      String[] followed = node.await("followed").split(" ");
      changes += Integer.parseInt(followed[0]);
      assertThat(followed[1]).as("logins that a node wants").isEqualTo("0");
    }
    int rotations = scene.server.rotations();
    // One may be under way.
    await().until(() -> scene.server.tokenRequests().size() == scene.server.rotations());
    assertThat(scene.server.reuseDetected()).isZero();
    assertThat(scene.server.familiesRevoked()).isZero();
    await().until(() -> grants.stream().allMatch(scene::isAlive));
    assertThat(changes)
        .as("tokens seen by all nodes, of %d that one of them got".formatted(rotations))
        .isGreaterThan(rotations);
  }
}
