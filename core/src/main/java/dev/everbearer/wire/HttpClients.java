package dev.everbearer.wire;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.http.HttpClient;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The methods that {@link HttpClient} has from JDK 21 on, called where they exist. On older JDKs a
 * client cannot be closed: its thread ends some time after nobody refers to it any more.
 */
public final class HttpClients {

  private static final @Nullable MethodHandle SHUTDOWN = find("shutdown", void.class);
  private static final @Nullable MethodHandle SHUTDOWN_NOW = find("shutdownNow", void.class);
  private static final @Nullable MethodHandle IS_TERMINATED = find("isTerminated", boolean.class);
  private static final @Nullable MethodHandle AWAIT =
      find("awaitTermination", boolean.class, Duration.class);
  private static final @Nullable MethodHandle CLOSE = find("close", void.class);

  private HttpClients() {}

  private static @Nullable MethodHandle find(String name, Class<?> result, Class<?>... parameters) {
    try {
      return MethodHandles.publicLookup()
          .findVirtual(HttpClient.class, name, MethodType.methodType(result, parameters));
    } catch (NoSuchMethodException | IllegalAccessException e) {
      return null;
    }
  }

  /** Whether clients can be closed on this JDK. */
  public static boolean canClose() {
    return CLOSE != null;
  }

  /** Refuses new requests and lets those under way end. */
  public static void shutdown(HttpClient client) {
    call(SHUTDOWN, client);
  }

  /** Ends requests under way as well. */
  public static void shutdownNow(HttpClient client) {
    call(SHUTDOWN_NOW, client);
  }

  /** Shuts down and waits for requests under way. */
  public static void close(HttpClient client) {
    call(CLOSE, client);
  }

  /** Whether it was shut down and nothing is under way; false where that cannot be known. */
  public static boolean isTerminated(HttpClient client) {
    Object result = call(IS_TERMINATED, client);
    return result instanceof Boolean terminated && terminated;
  }

  /**
   * Waits until nothing is under way after a shutdown.
   *
   * @return whether that came true in time; true where it cannot be known
   * @throws InterruptedException when interrupted
   */
  public static boolean awaitTermination(HttpClient client, Duration timeout)
      throws InterruptedException {
    if (AWAIT == null) {
      return true;
    }
    try {
      return (boolean) AWAIT.invoke(client, timeout);
    } catch (InterruptedException | RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static @Nullable Object call(@Nullable MethodHandle method, HttpClient client) {
    if (method == null) {
      return null;
    }
    try {
      return method.invokeWithArguments(client);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
