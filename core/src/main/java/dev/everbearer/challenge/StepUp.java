package dev.everbearer.challenge;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an API wants beyond the good token that it was shown: a login of another kind or a newer one
 * (RFC 9470 section 3), or more scopes (RFC 6750 section 3.1). No renewal brings it, only a person
 * does. What the API wrote and is no such value is left out. Immutable and thread-safe.
 */
public final class StepUp {

  private static final Pattern SECONDS = Pattern.compile("\\d{1,10}");
  private static final Pattern WORD = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]{1,200}");
  private static final int MAX_WORDS = 50;

  private final List<String> acrValues;
  private final @Nullable Duration maxAge;
  private final List<String> scope;

  private StepUp(List<String> acrValues, @Nullable Duration maxAge, List<String> scope) {
    this.acrValues = List.copyOf(acrValues);
    this.maxAge = maxAge;
    this.scope = List.copyOf(scope);
  }

  /**
   * What an answer wants, by its {@code Bearer} or {@code DPoP} challenge.
   *
   * @param status the HTTP status: 401 with {@code insufficient_user_authentication}, 403 with
   *     {@code insufficient_scope}
   * @param headerValues the values of all {@code WWW-Authenticate} lines
   * @return empty when the answer wants nothing of the kind
   */
  public static Optional<StepUp> in(int status, List<String> headerValues) {
    String error =
        switch (status) {
          case 401 -> "insufficient_user_authentication";
          case 403 -> "insufficient_scope";
          default -> "";
        };
    return error.isEmpty()
        ? Optional.empty()
        : Challenge.parse(headerValues).stream()
            .filter(StepUp::isOfTokens)
            .filter(challenge -> challenge.error().equals(Optional.of(error)))
            .findFirst()
            .map(StepUp::of);
  }

  private static boolean isOfTokens(Challenge challenge) {
    return challenge.isScheme("Bearer") || challenge.isScheme("DPoP");
  }

  private static StepUp of(Challenge challenge) {
    return new StepUp(
        words(challenge.parameter("acr_values").orElse("")),
        challenge
            .parameter("max_age")
            .filter(text -> SECONDS.matcher(text).matches())
            .map(text -> Duration.ofSeconds(Long.parseLong(text)))
            .orElse(null),
        words(challenge.scope().orElse("")));
  }

  private static List<String> words(String value) {
    return Stream.of(value.split(" "))
        .filter(word -> WORD.matcher(word).matches())
        .distinct()
        .limit(MAX_WORDS)
        .toList();
  }

  /** The authentication context classes, the best first; empty when any will do. */
  public List<String> acrValues() {
    return acrValues;
  }

  /** How long ago the person may have logged in at most; empty when it does not matter. */
  public Optional<Duration> maxAge() {
    return Optional.ofNullable(maxAge);
  }

  /**
   * Whether a login is too long ago for what is wanted; never without a {@link #maxAge}, nor for a
   * login after the question.
   *
   * @param login when the person logged in
   * @param asked when the API wanted this
   */
  public boolean isBeyond(Instant login, Instant asked) {
    return maxAge != null && login.isBefore(asked) && !login.plus(maxAge).isAfter(asked);
  }

  /** The scope tokens that the API needs, as it wrote them; empty when it named none. */
  public List<String> scope() {
    return scope;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof StepUp that
        && acrValues.equals(that.acrValues)
        && Objects.equals(maxAge, that.maxAge)
        && scope.equals(that.scope);
  }

  @Override
  public int hashCode() {
    return Objects.hash(acrValues, maxAge, scope);
  }

  @Override
  public String toString() {
    return "StepUp[acr_values=%s, max_age=%s, scope=%s]"
        .formatted(
            String.join(" ", acrValues),
            maxAge == null ? "any" : maxAge.toSeconds() + " s",
            String.join(" ", scope));
  }
}
