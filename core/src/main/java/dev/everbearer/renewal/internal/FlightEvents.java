package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.internal.SourceEffect.AnnounceFailed;
import dev.everbearer.renewal.internal.SourceEffect.AnnounceObtained;
import dev.everbearer.token.LoginRequiredException;
import java.net.URI;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/**
 * What happens to tokens, as events of the JDK's Flight Recorder. They hold no secret. A runtime
 * without the module {@code jdk.jfr} has none of them; where nobody records they cost a check.
 */
final class FlightEvents {

  private static final boolean IS_PRESENT = ModuleLayer.boot().findModule("jdk.jfr").isPresent();

  private FlightEvents() {}

  static void obtained(String grant, AnnounceObtained effect) {
    if (IS_PRESENT) {
      TokenObtained.record(grant, effect);
    }
  }

  static void failed(String grant, AnnounceFailed effect) {
    if (IS_PRESENT) {
      RenewalFailed.record(grant, effect);
    }
  }

  static void waited(String grant, long nanos, boolean gotToken) {
    if (IS_PRESENT) {
      TokenWait.record(grant, nanos, gotToken);
    }
  }

  static void healed(String grant, URI api) {
    if (IS_PRESENT) {
      RefusalHealed.record(grant, api);
    }
  }

  static void loginRequired(String grant, LoginRequiredException.Reason reason) {
    if (IS_PRESENT) {
      LoginRequired.record(grant, reason);
    }
  }

  @Name("dev.everbearer.TokenObtained")
  @Label("Token Obtained")
  @Category({"Everbearer"})
  @Description("An access token was obtained")
  @StackTrace(false)
  static final class TokenObtained extends Event {

    @Label("Grant")
    @Nullable String grant;

    @Label("In Background")
    @Description("Whether a usable token was in hand, so that nobody waited")
    boolean inBackground;

    @Label("Lead")
    @Description("How long before the old token's end; 0 when there was none")
    @Timespan(Timespan.NANOSECONDS)
    long lead;

    @Label("Attempts")
    int attempts;

    static void record(String grant, AnnounceObtained effect) {
      TokenObtained event = new TokenObtained();
      if (event.shouldCommit()) {
        event.grant = grant;
        event.inBackground = effect.isBackground();
        event.lead = effect.leadNanos();
        event.attempts = effect.attempts();
        event.commit();
      }
    }
  }

  @Name("dev.everbearer.RenewalFailed")
  @Label("Renewal Failed")
  @Category({"Everbearer"})
  @Description("An attempt to obtain a token failed")
  @StackTrace(false)
  static final class RenewalFailed extends Event {

    @Label("Grant")
    @Nullable String grant;

    @Label("Kind")
    @Description("The class of the failure")
    @Nullable String kind;

    @Label("Serving")
    @Description("Whether a usable token is still handed out")
    boolean serving;

    @Label("Failures")
    @Description("How many attempts have failed in a row")
    int failures;

    @Label("Next Attempt In")
    @Timespan(Timespan.NANOSECONDS)
    long nextAttemptIn;

    static void record(String grant, AnnounceFailed effect) {
      RenewalFailed event = new RenewalFailed();
      if (event.shouldCommit()) {
        event.grant = grant;
        event.kind = effect.failure().kind().name();
        event.serving = effect.isServing();
        event.failures = effect.failures();
        event.nextAttemptIn = effect.nextInNanos();
        event.commit();
      }
    }
  }

  @Name("dev.everbearer.TokenWait")
  @Label("Token Wait")
  @Category({"Everbearer"})
  @Description("A caller had to wait for a token")
  @StackTrace(false)
  static final class TokenWait extends Event {

    @Label("Grant")
    @Nullable String grant;

    @Label("Waited")
    @Timespan(Timespan.NANOSECONDS)
    long waited;

    @Label("Got Token")
    boolean gotToken;

    static void record(String grant, long nanos, boolean gotToken) {
      TokenWait event = new TokenWait();
      if (event.shouldCommit()) {
        event.grant = grant;
        event.waited = nanos;
        event.gotToken = gotToken;
        event.commit();
      }
    }
  }

  @Name("dev.everbearer.RefusalHealed")
  @Label("Refusal Healed")
  @Category({"Everbearer"})
  @Description("An API refused a token with 401 and accepted its successor")
  @StackTrace(false)
  static final class RefusalHealed extends Event {

    @Label("Grant")
    @Nullable String grant;

    @Label("Origin")
    @Nullable String origin;

    static void record(String grant, URI api) {
      RefusalHealed event = new RefusalHealed();
      if (event.shouldCommit()) {
        event.grant = grant;
        event.origin = api.toString();
        event.commit();
      }
    }
  }

  @Name("dev.everbearer.LoginRequired")
  @Label("Login Required")
  @Category({"Everbearer"})
  @Description("A grant is over: somebody must log in, or hand in a new refresh token")
  @StackTrace(false)
  static final class LoginRequired extends Event {

    @Label("Grant")
    @Nullable String grant;

    @Label("Reason")
    @Nullable String reason;

    static void record(String grant, LoginRequiredException.Reason reason) {
      LoginRequired event = new LoginRequired();
      if (event.shouldCommit()) {
        event.grant = grant;
        event.reason = reason.name();
        event.commit();
      }
    }
  }
}
