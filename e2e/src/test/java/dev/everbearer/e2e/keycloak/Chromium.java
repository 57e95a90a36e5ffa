package dev.everbearer.e2e.keycloak;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Playwright;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;

/** The machine's own Chromium, without a window. Thread-safe: one thread of its own drives it. */
public final class Chromium implements AutoCloseable {

  private final ExecutorService driver = Executors.newSingleThreadExecutor();
  private final Playwright playwright;
  private final Browser browser;

  private Chromium(Path executable) {
    this.playwright = onDriver(Chromium::playwright);
    this.browser = onDriver(() -> playwright.chromium().launch(options(executable)));
  }

  /** By a command on the PATH, or a path. */
  static Chromium start(String command) {
    Path executable =
        Stream.of(System.getenv("PATH").split(File.pathSeparator))
            .map(directory -> Path.of(directory).resolve(command))
            .filter(Files::isExecutable)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "There is no "
                            + command
                            + ": apt-get install chromium, or name another by -Dchromium=..."));
    return new Chromium(executable);
  }

  /** A new profile of the browser, with no cookies, in front of which sits this person. */
  public Login as(Person person) {
    return new BrowserLogin(this, person);
  }

  Browser browser() {
    return browser;
  }

  <T> T onDriver(Callable<T> work) {
    try {
      return driver.submit(work).get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new CompletionException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    onDriver(
        () -> {
          playwright.close();
          return true;
        });
    driver.shutdown();
  }

  private static Playwright playwright() {
    return Playwright.create(
        new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
  }

  private static LaunchOptions options(Path executable) {
    return new LaunchOptions()
        .setExecutablePath(executable)
        .setArgs(
            List.of(
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync"));
  }
}
