package dev.everbearer.testing.server;

import dev.everbearer.testing.SettableClock;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** The servers and the clock of one test, made when they are first asked for. Thread-safe. */
final class ServersOfTest implements AutoCloseable {

  private @Nullable SettableClock clock;
  private @Nullable ScriptedAuthorizationServer authorizationServer;
  private @Nullable ScriptedApi api;

  synchronized SettableClock clock() {
    if (clock == null) {
      if (authorizationServer != null) {
        throw new IllegalStateException(
            "The servers of this test already go by the system's clock; ask for the clock first");
      }
      clock = new SettableClock();
    }
    return clock;
  }

  synchronized ScriptedAuthorizationServer authorizationServer() {
    if (authorizationServer == null) {
      InstantSource source = clock != null ? clock : InstantSource.system();
      authorizationServer = ScriptedAuthorizationServer.builder().clock(source).start();
    }
    return authorizationServer;
  }

  synchronized ScriptedApi api() {
    if (api == null) {
      api = ScriptedApi.protectedBy(authorizationServer());
    }
    return api;
  }

  Object ofType(Class<?> type) {
    if (type == SettableClock.class) {
      return clock();
    }
    return type == ScriptedApi.class ? api() : authorizationServer();
  }

  @Override
  public synchronized void close() {
    try {
      if (api != null) {
        api.close();
      }
    } finally {
      if (authorizationServer != null) {
        authorizationServer.close();
      }
    }
  }
}
