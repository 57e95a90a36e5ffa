package dev.everbearer.login;

import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * How a program has a person log in: on the person's own machine (RFC 8252) in the browser that the
 * person uses anyway, which brings the answer to a port of this machine that is open only
 * meanwhile; or, for programs without a browser, on another device (RFC 8628). Each method gives a
 * new value. Immutable and thread-safe.
 *
 * <p>The redirect URI, to be registered at the server, is {@code http://127.0.0.1/callback/} and
 * the host and path of the issuer, such as {@code http://127.0.0.1/callback/id.example.com}, with
 * any port. The path tells servers apart, so that none can pass on another's answer.
 */
public final class Login {

  private static final Duration DEFAULT_LIMIT = Duration.ofMinutes(5);
  private static final String DEFAULT_TEXT =
      "The login has reached the application. You can close this window.";

  private static final Login STANDARD = new Login(new Settings());

  /** What can be set; changed only while it belongs to nobody else. */
  private static final class Settings {
    boolean usesBrowser = true;
    @Nullable Consumer<URI> browser;
    @Nullable Function<URI, String> paste;
    int port;
    boolean usesLocalhost;
    boolean isByJwt;
    @Nullable String path;
    String successText = DEFAULT_TEXT;
    Duration timeLimit = DEFAULT_LIMIT;
    @Nullable Consumer<DeviceCode> device;

    Settings() {}

    Settings(Settings from) {
      usesBrowser = from.usesBrowser;
      browser = from.browser;
      paste = from.paste;
      port = from.port;
      usesLocalhost = from.usesLocalhost;
      isByJwt = from.isByJwt;
      path = from.path;
      successText = from.successText;
      timeLimit = from.timeLimit;
      device = from.device;
    }
  }

  private final Settings settings;

  private Login(Settings settings) {
    this.settings = settings;
  }

  private Login with(Consumer<Settings> change) {
    Settings changed = new Settings(settings);
    change.accept(changed);
    return new Login(changed);
  }

  /** In the system's browser. */
  public static Login inBrowser() {
    return STANDARD;
  }

  /**
   * In a browser that the given code opens, or tells the person to open.
   *
   * @param browser is given the URL to open and returns without waiting for the login. What it
   *     throws ends the login
   */
  public static Login inBrowser(Consumer<URI> browser) {
    Objects.requireNonNull(browser, "browser");
    return STANDARD.with(login -> login.browser = browser);
  }

  /**
   * In a browser on any machine, by hand: the person opens a URL, logs in, and hands back the
   * address at which the browser ends, where it finds nothing. No port is opened.
   *
   * @param dialog shows the URL, waits, and gives the whole address that the person pasted, or an
   *     empty text if there is none
   */
  public static Login byPasting(Function<URI, String> dialog) {
    Objects.requireNonNull(dialog, "dialog");
    return STANDARD.with(login -> login.paste = dialog);
  }

  /**
   * On another device, for programs without a browser: the person opens an address there and enters
   * a code. For {@code Grant.device()} alone.
   *
   * @param prompt shows the code to the person and returns without waiting for the login. What it
   *     throws ends the login
   */
  public static Login onAnotherDevice(Consumer<DeviceCode> prompt) {
    Objects.requireNonNull(prompt, "prompt");
    return STANDARD.with(
        login -> {
          login.usesBrowser = false;
          login.device = prompt;
        });
  }

  /**
   * Has people log in on another device for {@code Grant.device()}, beside this way for {@code
   * Grant.authorizationCode()}. By default device grants have no way to ask anybody.
   *
   * @param prompt as for {@link #onAnotherDevice}
   */
  public Login orOnAnotherDevice(Consumer<DeviceCode> prompt) {
    Objects.requireNonNull(prompt, "prompt");
    return with(login -> login.device = prompt);
  }

  /**
   * Uses one port, for servers that do not allow any; by default the system picks one. If another
   * program has it, the login fails.
   *
   * @throws IllegalArgumentException if it is not between 1 and 65535
   */
  public Login fixedPort(int number) {
    if (number < 1 || number > 65_535) {
      throw new IllegalArgumentException("A port is between 1 and 65535: " + number);
    }
    return with(login -> login.port = number);
  }

  /**
   * Names the host {@code localhost} in the redirect URI, for servers that register nothing else;
   * by default it is {@code 127.0.0.1}, or {@code [::1]} where there is no IPv4. The port is opened
   * on the loopback addresses alone all the same.
   */
  public Login localhost() {
    return with(login -> login.usesLocalhost = true);
  }

  /**
   * Has the server answer by one JWT ({@code response_mode=jwt}, JARM); a plain answer is then
   * refused. By default the answer stands in the query as it is.
   */
  public Login byJwt() {
    return with(login -> login.isByJwt = true);
  }

  /**
   * The path of the redirect URI, for servers that have another one registered; by default it is
   * made of the issuer. A path of your own must be used for one server only.
   *
   * @throws IllegalArgumentException unless it starts with a slash and is a plain path
   */
  public Login path(String redirectPath) {
    if (!redirectPath.matches("/[A-Za-z0-9._~/-]*")) {
      throw new IllegalArgumentException(
          "The path of a redirect URI starts with a slash and has letters, digits and ._~/- only.");
    }
    return with(login -> login.path = redirectPath);
  }

  /** What the browser shows when the login has reached the program: a sentence or two, no HTML. */
  public Login successPage(String text) {
    Objects.requireNonNull(text, "text");
    return with(login -> login.successText = text);
  }

  /**
   * How long the person may take in a browser; five minutes by default. On another device it is the
   * server that says, up to an hour.
   *
   * @throws IllegalArgumentException unless it is positive and at most ten minutes
   */
  public Login timeLimit(Duration limit) {
    if (limit.isNegative() || limit.isZero() || limit.compareTo(Duration.ofMinutes(10)) > 0) {
      throw new IllegalArgumentException("A login takes at most ten minutes: " + limit);
    }
    return with(login -> login.timeLimit = limit);
  }

  /** Whether it is a way to answer {@code Grant.authorizationCode()}. */
  public boolean usesBrowser() {
    return settings.usesBrowser;
  }

  /** What shows the code of a login on another device; empty when there is no such way. */
  public Optional<Consumer<DeviceCode>> devicePrompt() {
    return Optional.ofNullable(settings.device);
  }

  /** What opens the browser; empty for the system's. */
  public Optional<Consumer<URI>> browser() {
    return Optional.ofNullable(settings.browser);
  }

  /** What asks the person for the address; empty when the answer comes to a port. */
  public Optional<Function<URI, String>> pasteDialog() {
    return Optional.ofNullable(settings.paste);
  }

  /** The one port to use; empty for any. */
  public OptionalInt port() {
    return settings.port == 0 ? OptionalInt.empty() : OptionalInt.of(settings.port);
  }

  /** Whether the redirect URI names {@code localhost}. */
  public boolean usesLocalhost() {
    return settings.usesLocalhost;
  }

  /** Whether the server answers by a JWT. */
  public boolean isByJwt() {
    return settings.isByJwt;
  }

  /** The path of the redirect URI; empty for one that is made of the issuer. */
  public Optional<String> path() {
    return Optional.ofNullable(settings.path);
  }

  /** What the browser shows at the end. */
  public String successText() {
    return settings.successText;
  }

  /** How long the person may take in a browser. */
  public Duration timeLimit() {
    return settings.timeLimit;
  }
}
