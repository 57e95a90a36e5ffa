package dev.everbearer.login.internal;

import dev.everbearer.login.CibaNotifications;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The logins of a client that wait for a notification, by its token. Thread-safe. */
public final class Pings implements CibaNotifications {

  private static final Pattern BEARER = Pattern.compile("(?i:Bearer) +([A-Za-z0-9\\-._~+/]+=*)");
  private static final int NO_CONTENT = 204;
  private static final int BAD_REQUEST = 400;
  private static final int UNAUTHORIZED = 401;

  private final Map<Secret, Expected> expected = new ConcurrentHashMap<>();

  /** One login; its notification may come before the answer that gives it its id. */
  final class Expected implements AutoCloseable {

    private final Secret token = Secret.of(Unguessable.text());
    private @Nullable Secret id; // guarded by this
    private @Nullable Poller poller; // guarded by this
    private @Nullable Secret pinged; // guarded by this
    private boolean wasWoken; // guarded by this

    /** What the server has to show: 256 random bits. */
    Secret token() {
      return token;
    }

    synchronized void isFor(Secret authReqId, Poller asking) {
      id = authReqId;
      poller = asking;
      wakeIfPinged();
    }

    private synchronized void pinged(Secret authReqId) {
      pinged = authReqId;
      wakeIfPinged();
    }

    /** Once: what is repeated must not have the server asked without a pause. */
    private void wakeIfPinged() {
      if (!wasWoken && poller != null && id != null && id.equals(pinged)) {
        wasWoken = true;
        poller.wake();
      }
    }

    @Override
    public void close() {
      expected.remove(token);
    }
  }

  /** Waits for a notification from now on. */
  Expected expect() {
    Expected login = new Expected();
    expected.put(login.token(), login);
    return login;
  }

  @Override
  public int notified(@Nullable String authorization, String body) {
    Matcher bearer = BEARER.matcher(authorization == null ? "" : authorization.strip());
    Expected login = bearer.matches() ? expected.get(Secret.of(bearer.group(1))) : null;
    if (login == null) {
      return UNAUTHORIZED;
    }
    Secret id = authReqId(body);
    if (id == null) {
      return BAD_REQUEST;
    }
    login.pinged(id);
    return NO_CONTENT;
  }

  private static @Nullable Secret authReqId(String body) {
    try {
      Object id = StrictJson.object(body.getBytes(StandardCharsets.UTF_8)).get("auth_req_id");
      return id instanceof String text && !text.isEmpty() ? Secret.of(text) : null;
    } catch (BrokenJsonException e) {
      return null;
    }
  }

  @Override
  public String toString() {
    return "Pings[" + expected.size() + " expected]";
  }
}
