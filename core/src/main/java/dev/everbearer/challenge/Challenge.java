package dev.everbearer.challenge;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One parsed {@code WWW-Authenticate} challenge (RFC 9110 section 11.6.1, RFC 6750 section 3).
 *
 * <p>Everything in it was written by the server: treat it as untrusted input. Immutable and
 * thread-safe.
 */
public final class Challenge {

  private final String scheme;
  private final @Nullable String token68;
  private final Map<String, String> parameters;

  Challenge(String scheme, @Nullable String token68, Map<String, String> parameters) {
    this.scheme = scheme;
    this.token68 = token68;
    this.parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
  }

  /**
   * Reads every challenge of an answer.
   *
   * <p>Never throws: what does not follow the grammar is skipped, and a challenge that repeats a
   * parameter is left out (RFC 6750 section 3 forbids it). At most 16 KiB and 32 challenges are
   * read, in linear time.
   *
   * @param headerValues the values of all {@code WWW-Authenticate} lines, in order
   * @return the challenges in order; empty when there is none that can be used
   */
  public static List<Challenge> parse(List<String> headerValues) {
    return ChallengeParser.parse(Objects.requireNonNull(headerValues, "headerValues"));
  }

  /** The scheme as the server wrote it, such as {@code Bearer}. */
  public String scheme() {
    return scheme;
  }

  /** Whether this challenge is of the given scheme; schemes are compared without case. */
  public boolean isScheme(String name) {
    return scheme.equalsIgnoreCase(name);
  }

  /** The token68 that follows the scheme (as {@code Negotiate} uses it), if that form was sent. */
  public Optional<String> token68() {
    return Optional.ofNullable(token68);
  }

  /** The parameters in order, by lower-case name, with quotes and escapes removed. */
  public Map<String, String> parameters() {
    return parameters;
  }

  /** The value of one parameter; names are compared without case. */
  public Optional<String> parameter(String name) {
    return Optional.ofNullable(parameters.get(name.toLowerCase(Locale.ROOT)));
  }

  /** The {@code error} code of RFC 6750 section 3.1, if the server gave one. */
  public Optional<String> error() {
    return parameter("error");
  }

  /** The {@code scope} that the server asks for, unchecked, if it gave one. */
  public Optional<String> scope() {
    return parameter("scope");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Challenge that
        && scheme.equalsIgnoreCase(that.scheme)
        && Objects.equals(token68, that.token68)
        && parameters.equals(that.parameters);
  }

  @Override
  public int hashCode() {
    return Objects.hash(scheme.toLowerCase(Locale.ROOT), token68, parameters);
  }

  @Override
  public String toString() {
    return scheme
        + (token68 == null ? "" : " (token68)")
        + (parameters.isEmpty() ? "" : " " + parameters);
  }
}
