package dev.everbearer.fleet;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.databases.MariaDb;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** With the profile {@code mariadb}: what holds at a PostgreSQL holds there. */
@EnabledIfSystemProperty(named = MariaDb.COMMAND, matches = ".+")
@Timeout(value = 1, unit = TimeUnit.HOURS)
class MariaDbFleetTest {

  @TempDir Path home;

  @Test
  @Spec("RF-04")
  void twoHundredThreadsOfTwoProcessesMakeOneRequest() {
    try (Scene scene = Scene.inDatabase(home, MariaDb.url())) {
      OneRenewalTest.aStormMakesOneRequest(scene);
    }
  }

  @Test
  @Spec("RF-04")
  void manyProcessesThroughManyExpiriesMakeOneRequestForEach() {
    try (Scene scene = Scene.inDatabase(home, MariaDb.url())) {
      OneRenewalTest.everyExpiryMakesOneRequest(scene, OneRenewalTest.EXPIRIES_IN_DATABASES);
    }
  }
}
