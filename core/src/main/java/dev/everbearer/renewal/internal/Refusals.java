package dev.everbearer.renewal.internal;

import static dev.everbearer.renewal.internal.Refusals.Said.ENDED;
import static dev.everbearer.renewal.internal.Refusals.Said.EXPIRED;
import static dev.everbearer.renewal.internal.Refusals.Said.REUSED;
import static dev.everbearer.renewal.internal.Refusals.Said.REVOKED;

import dev.everbearer.store.RefreshTokenLife;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.token.Failure;
import dev.everbearer.token.LoginRequiredException.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a server refuses a refresh token. {@code invalid_grant} says nothing of it (RFC 6749 section
 * 5.2), and a description is a text for people: it counts only where it names one reason alone.
 * Nothing but the name of the reason depends on it.
 */
final class Refusals {

  /** What a text says. */
  enum Said {
    EXPIRED,
    REVOKED,
    REUSED,
    /** The session is over: it ran out, or was ended. */
    ENDED
  }

  private record Text(Pattern pattern, Said said) {}

  /** Whole sentences and codes, whatever else they seem to say; the first that is found counts. */
  private static final List<Text> KNOWN =
      List.of(
          // Microsoft's codes; its texts change.
          text("aadsts(700082|70008|700084|70043)\\b", EXPIRED),
          text("aadsts(50173|50057)\\b", REVOKED),
          // Keycloak: the first is of the token alone, the others of what stands behind it.
          text("^token is not active$", EXPIRED),
          text("^stale token$", REUSED),
          text("^stale refresh token$|offline access not granted anymore", REVOKED),
          text(
              "^((offline |client )?(user )?session not (active|found)|session doesn't have .*)$",
              ENDED));

  /** What lists several reasons says none. */
  private static final Pattern LIST =
      Pattern.compile("\\bor\\b|/|\\bnot (expired|revoked|reused)\\b");

  private static final List<Text> WORDS =
      List.of(
          text(
              "\\bre-?us(e|ed)\\b|\\balready (been )?(used|redeemed|consumed)\\b|\\breplay",
              REUSED),
          text("\\brevoked\\b|\\bwithdrawn\\b", REVOKED),
          text("\\bexpired\\b|\\binactivity\\b", EXPIRED));

  private Refusals() {}

  private static Text text(String pattern, Said said) {
    return new Text(Pattern.compile(pattern), said);
  }

  /**
   * The reason of a refusal.
   *
   * @param current the record that holds the refused token
   * @param idleLimit after how long without use the server ends it; null when that is not known
   */
  static Reason reason(@Nullable Failure failure, Snapshot current, @Nullable Duration idleLimit) {
    Said said = failure == null ? null : said(failure.errorDescription().orElse(""));
    if (said == EXPIRED) {
      return Reason.EXPIRED;
    }
    if (said == REVOKED || said == REUSED) {
      return said == REVOKED ? Reason.REVOKED : Reason.REUSED;
    }
    RefreshTokenLife life = current.record().refreshTokenLife().orElse(null);
    if (life != null && life.isOver(current.now(), idleLimit)) {
      return Reason.EXPIRED;
    }
    boolean isBeforeItsEnd = life != null && life.end() != null;
    return said == ENDED && isBeforeItsEnd ? Reason.REVOKED : Reason.REFUSED;
  }

  /** What a description says; null when it says nothing, or more than one thing. */
  static @Nullable Said said(String description) {
    String text = description.toLowerCase(Locale.ROOT).strip();
    Said known = first(KNOWN, text);
    if (known != null) {
      return known;
    }
    List<Said> all =
        Pattern.compile("[.;:!]\\s")
            .splitAsStream(text)
            .filter(sentence -> !LIST.matcher(sentence).find())
            .flatMap(
                sentence ->
                    WORDS.stream()
                        .filter(word -> word.pattern().matcher(sentence).find())
                        .map(Text::said))
            .distinct()
            .toList();
    // A server that sees a token again ends all that came of it, and some say so too.
    return all.contains(REUSED) ? REUSED : all.size() == 1 ? all.get(0) : null;
  }

  private static @Nullable Said first(List<Text> texts, String text) {
    return texts.stream()
        .filter(each -> each.pattern().matcher(text).find())
        .map(Text::said)
        .findFirst()
        .orElse(null);
  }
}
