package dev.everbearer.renewal.internal;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * What goes wrong beside the server, as events of the JDK's Flight Recorder; no secret is there.
 */
final class HealthEvents {

  private static final boolean IS_PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private HealthEvents() {}

  static void storeDown(String registration, String message) {
    if (IS_PRESENT) {
      StoreDown.record(registration, message);
    }
  }

  static void storeUp(String registration, Duration after) {
    if (IS_PRESENT) {
      StoreUp.record(registration, after);
    }
  }

  static void uncommitted(String grant) {
    if (IS_PRESENT) {
      Uncommitted.record(grant);
    }
  }

  static void committed(String grant, Duration after) {
    if (IS_PRESENT) {
      Committed.record(grant, after);
    }
  }

  static void waitingForOther(String grant, Duration atMost) {
    if (IS_PRESENT) {
      WaitingForOther.record(grant, atMost);
    }
  }

  @Name("dev.everbearer.StoreDown")
  @Label("Store Down")
  @Category({"Everbearer"})
  @Description("The token store began to fail")
  @StackTrace(false)
  static final class StoreDown extends Event {

    @Label("Registration")
    @Nullable String registration;

    @Label("Message")
    @Nullable String message;

    static void record(String registration, String message) {
      StoreDown event = new StoreDown();
      if (event.shouldCommit()) {
        event.registration = registration;
        event.message = message;
        event.commit();
      }
    }
  }

  @Name("dev.everbearer.StoreUp")
  @Label("Store Up")
  @Category({"Everbearer"})
  @Description("The token store works again")
  @StackTrace(false)
  static final class StoreUp extends Event {

    @Label("Registration")
    @Nullable String registration;

    @Label("After")
    @Description("How long it failed")
    @Timespan(Timespan.NANOSECONDS)
    long after;

    static void record(String registration, Duration after) {
      StoreUp event = new StoreUp();
      if (event.shouldCommit()) {
        event.registration = registration;
        event.after = after.toNanos();
        event.commit();
      }
    }
  }

  @Name("dev.everbearer.Uncommitted")
  @Label("Uncommitted")
  @Category({"Everbearer"})
  @Description("New tokens of a grant are in the outbox, and not in the token store")
  @StackTrace(false)
  static final class Uncommitted extends Event {

    @Label("Grant")
    @Nullable String grant;

    static void record(String grant) {
      Uncommitted event = new Uncommitted();
      if (event.shouldCommit()) {
        event.grant = grant;
        event.commit();
      }
    }
  }

  @Name("dev.everbearer.Committed")
  @Label("Committed")
  @Category({"Everbearer"})
  @Description("New tokens of a grant were written late")
  @StackTrace(false)
  static final class Committed extends Event {

    @Label("Grant")
    @Nullable String grant;

    @Label("After")
    @Description("How long after they came")
    @Timespan(Timespan.NANOSECONDS)
    long after;

    static void record(String grant, Duration after) {
      Committed event = new Committed();
      if (event.shouldCommit()) {
        event.grant = grant;
        event.after = after.toNanos();
        event.commit();
      }
    }
  }

  @Name("dev.everbearer.WaitingForOther")
  @Label("Waiting For Other")
  @Category({"Everbearer"})
  @Description("A renewal waits long for another process that has the refresh token in hand")
  @StackTrace(false)
  static final class WaitingForOther extends Event {

    @Label("Grant")
    @Nullable String grant;

    @Label("At Most")
    @Timespan(Timespan.NANOSECONDS)
    long atMost;

    static void record(String grant, Duration atMost) {
      WaitingForOther event = new WaitingForOther();
      if (event.shouldCommit()) {
        event.grant = grant;
        event.atMost = atMost.toNanos();
        event.commit();
      }
    }
  }
}
