package dev.everbearer.renewal.internal;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The threads of all clients in this process: one scheduler that never blocks, and workers for what
 * does. Started with the first user, ended with the last. Daemons all, and none keeps a class
 * loader alive.
 */
public final class SharedThreads {

  private static final int MAX_WORKERS = 64;
  private static final long IDLE_SECONDS = 10;

  private static final Object LOCK = new Object();
  private static int users;
  private static @Nullable SharedThreads current;

  private final ScheduledExecutorService scheduler;
  private final ExecutorService worker;
  private final ExecutorService callbacks;

  private SharedThreads() {
    ScheduledThreadPoolExecutor timers =
        new ScheduledThreadPoolExecutor(1, daemons("everbearer-timer"));
    timers.setRemoveOnCancelPolicy(true);
    this.scheduler = timers;
    this.worker = newExecutor("everbearer-worker", MAX_WORKERS, new LinkedBlockingQueue<>());
    this.callbacks =
        newExecutor("everbearer-callback", Integer.MAX_VALUE, new SynchronousQueue<>());
  }

  /** Takes a share in the threads; each share is given back once by {@link #release}. */
  public static SharedThreads acquire() {
    synchronized (LOCK) {
      if (current == null) {
        current = new SharedThreads();
      }
      users++;
      return current;
    }
  }

  /** Gives a share back; the last one ends the threads. */
  public static void release() {
    synchronized (LOCK) {
      users--;
      if (users == 0 && current != null) {
        current.scheduler.shutdownNow();
        current.worker.shutdown();
        current.callbacks.shutdown();
        current = null;
      }
    }
  }

  /** Runs short tasks that never block. */
  public ScheduledExecutorService scheduler() {
    return scheduler;
  }

  /** Runs exchanges: virtual threads where the JDK has them, else at most 64 threads. */
  public ExecutorService worker() {
    return worker;
  }

  /** Runs foreign code, which no exchange that takes long may keep waiting. */
  public ExecutorService callbacks() {
    return callbacks;
  }

  private static ExecutorService newExecutor(
      String name, int maxThreads, BlockingQueue<Runnable> queue) {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      int kept = queue instanceof SynchronousQueue ? 0 : maxThreads;
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              kept, maxThreads, IDLE_SECONDS, TimeUnit.SECONDS, queue, daemons(name));
      pool.allowCoreThreadTimeOut(true);
      return pool;
    }
  }

  private static ThreadFactory daemons(String name) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread =
          new Thread(
              null,
              task,
              name + "-" + count.incrementAndGet(),
              0,
              /* inheritThreadLocals= */ false);
      thread.setDaemon(true);
      thread.setContextClassLoader(null);
      return thread;
    };
  }
}
