package dev.everbearer.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Puts what the library advises to a programmer into what somebody at a shell can do. */
final class ShellAdvice {

  private static final Pattern OTHER_ISSUER =
      Pattern.compile(
          "(it is of another issuer, '([^'\\s]+)'.* trailing slash included)\\.[^.]*"
              + "ProviderProfile\\.builder\\(\\)\\.expectedIssuer\\(\\.\\.\\.\\) says it");

  private ShellAdvice() {}

  /** The message of a failure, for somebody at a shell. */
  static String of(String message) {
    Matcher matcher = OTHER_ISSUER.matcher(message);
    return matcher.replaceFirst("$1. If that is the server that you mean, give the issuer as '$2'");
  }
}
