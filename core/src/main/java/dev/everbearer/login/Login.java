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

  private static final Login STANDARD =
      new Login(true, null, null, 0, false, false, null, DEFAULT_TEXT, DEFAULT_LIMIT, null);

  private final boolean usesBrowser;
  private final @Nullable Consumer<URI> browser;
  private final @Nullable Function<URI, String> paste;
  private final int port;
  private final boolean usesLocalhost;
  private final boolean isByJwt;
  private final @Nullable String path;
  private final String successText;
  private final Duration timeLimit;
  private final @Nullable Consumer<DeviceCode> device;

  private Login(
      boolean usesBrowser,
      @Nullable Consumer<URI> browser,
      @Nullable Function<URI, String> paste,
      int port,
      boolean usesLocalhost,
      boolean isByJwt,
      @Nullable String path,
      String successText,
      Duration timeLimit,
      @Nullable Consumer<DeviceCode> device) {
    this.usesBrowser = usesBrowser;
    this.browser = browser;
    this.paste = paste;
    this.port = port;
    this.usesLocalhost = usesLocalhost;
    this.isByJwt = isByJwt;
    this.path = path;
    this.successText = successText;
    this.timeLimit = timeLimit;
    this.device = device;
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
    return new Login(true, browser, null, 0, false, false, null, DEFAULT_TEXT, DEFAULT_LIMIT, null);
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
    return new Login(true, null, dialog, 0, false, false, null, DEFAULT_TEXT, DEFAULT_LIMIT, null);
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
    return new Login(false, null, null, 0, false, false, null, DEFAULT_TEXT, DEFAULT_LIMIT, prompt);
  }

  /**
   * Has people log in on another device for {@code Grant.device()}, beside this way for {@code
   * Grant.authorizationCode()}. By default device grants have no way to ask anybody.
   *
   * @param prompt as for {@link #onAnotherDevice}
   */
  public Login orOnAnotherDevice(Consumer<DeviceCode> prompt) {
    Objects.requireNonNull(prompt, "prompt");
    return new Login(
        usesBrowser,
        browser,
        paste,
        port,
        usesLocalhost,
        isByJwt,
        path,
        successText,
        timeLimit,
        prompt);
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
    return new Login(
        usesBrowser,
        browser,
        paste,
        number,
        usesLocalhost,
        isByJwt,
        path,
        successText,
        timeLimit,
        device);
  }

  /**
   * Names the host {@code localhost} in the redirect URI, for servers that register nothing else;
   * by default it is {@code 127.0.0.1}, or {@code [::1]} where there is no IPv4. The port is opened
   * on the loopback addresses alone all the same.
   */
  public Login localhost() {
    return new Login(
        usesBrowser, browser, paste, port, true, isByJwt, path, successText, timeLimit, device);
  }

  /**
   * Has the server answer by one JWT ({@code response_mode=jwt}, JARM); a plain answer is then
   * refused. By default the answer stands in the query as it is.
   */
  public Login byJwt() {
    return new Login(
        usesBrowser,
        browser,
        paste,
        port,
        usesLocalhost,
        true,
        path,
        successText,
        timeLimit,
        device);
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
    return new Login(
        usesBrowser,
        browser,
        paste,
        port,
        usesLocalhost,
        isByJwt,
        redirectPath,
        successText,
        timeLimit,
        device);
  }

  /** What the browser shows when the login has reached the program: a sentence or two, no HTML. */
  public Login successPage(String text) {
    Objects.requireNonNull(text, "text");
    return new Login(
        usesBrowser, browser, paste, port, usesLocalhost, isByJwt, path, text, timeLimit, device);
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
    return new Login(
        usesBrowser,
        browser,
        paste,
        port,
        usesLocalhost,
        isByJwt,
        path,
        successText,
        limit,
        device);
  }

  /** Whether it is a way to answer {@code Grant.authorizationCode()}. */
  public boolean usesBrowser() {
    return usesBrowser;
  }

  /** What shows the code of a login on another device; empty when there is no such way. */
  public Optional<Consumer<DeviceCode>> devicePrompt() {
    return Optional.ofNullable(device);
  }

  /** What opens the browser; empty for the system's. */
  public Optional<Consumer<URI>> browser() {
    return Optional.ofNullable(browser);
  }

  /** What asks the person for the address; empty when the answer comes to a port. */
  public Optional<Function<URI, String>> pasteDialog() {
    return Optional.ofNullable(paste);
  }

  /** The one port to use; empty for any. */
  public OptionalInt port() {
    return port == 0 ? OptionalInt.empty() : OptionalInt.of(port);
  }

  /** Whether the redirect URI names {@code localhost}. */
  public boolean usesLocalhost() {
    return usesLocalhost;
  }

  /** Whether the server answers by a JWT. */
  public boolean isByJwt() {
    return isByJwt;
  }

  /** The path of the redirect URI; empty for one that is made of the issuer. */
  public Optional<String> path() {
    return Optional.ofNullable(path);
  }

  /** What the browser shows at the end. */
  public String successText() {
    return successText;
  }

  /** How long the person may take in a browser. */
  public Duration timeLimit() {
    return timeLimit;
  }
}
