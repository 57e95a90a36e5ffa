package dev.everbearer.renewal.internal;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
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

  private SharedThreads() {
    ScheduledThreadPoolExecutor timers =
        new ScheduledThreadPoolExecutor(1, daemons("everbearer-timer"));
    timers.setRemoveOnCancelPolicy(true);
    this.scheduler = timers;
    this.worker = newWorker();
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
        current = null;
      }
    }
  }

  /** Runs short tasks that never block. */
  public ScheduledExecutorService scheduler() {
    return scheduler;
  }

  /** Runs tasks that may block: virtual threads where the JDK has them, else at most 64 threads. */
  public ExecutorService worker() {
    return worker;
  }

  private static ExecutorService newWorker() {
    try {
      return (ExecutorService)
          Executors.class.getMethod("newVirtualThreadPerTaskExecutor").invoke(null);
    } catch (ReflectiveOperationException e) {
      ThreadPoolExecutor pool =
          new ThreadPoolExecutor(
              MAX_WORKERS,
              MAX_WORKERS,
              IDLE_SECONDS,
              TimeUnit.SECONDS,
              new LinkedBlockingQueue<>(),
              daemons("everbearer-worker"));
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
