package dev.everbearer.store.internal;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.function.Consumer;

/** Tells of files that change in a directory, on a daemon thread of its own. */
public final class DirectoryWatch implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger("dev.everbearer.store");

  private final WatchService service;
  private final Consumer<String> changed;

  private DirectoryWatch(WatchService service, Consumer<String> changed) {
    this.service = service;
    this.changed = changed;
  }

  /**
   * Watches a directory that is there.
   *
   * @param changed gets the name of each file
   * @throws IOException if the system does not tell
   */
  public static DirectoryWatch of(Path directory, Consumer<String> changed) throws IOException {
    WatchService service = directory.getFileSystem().newWatchService();
    try {
      directory.register(
          service, StandardWatchEventKinds.ENTRY_CREATE, StandardWatchEventKinds.ENTRY_MODIFY);
    } catch (IOException e) {
      service.close();
      throw e;
    }
    DirectoryWatch watch = new DirectoryWatch(service, changed);
    Thread thread = new Thread(watch::run, "everbearer-store-watch");
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    thread.start();
    return watch;
  }

  private void run() {
    try {
      while (tellNext()) {
        // Until it is closed, or the directory is gone.
      }
    } catch (ClosedWatchServiceException e) {
      // Closed.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean tellNext() throws InterruptedException {
    WatchKey key = service.take();
    for (WatchEvent<?> event : key.pollEvents()) {
      if (event.context() instanceof Path file) {
        tell(file.toString());
      }
    }
    return key.reset();
  }

  private void tell(String file) {
    try {
      changed.accept(file);
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "Whoever was told of a changed grant failed.", e);
    }
  }

  @Override
  public void close() {
    try {
      service.close();
    } catch (IOException e) {
      // It ends with the process.
    }
  }
}
