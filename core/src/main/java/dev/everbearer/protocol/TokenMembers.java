package dev.everbearer.protocol;

import dev.everbearer.server.ProviderProfile;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The members of a token answer, each with its rule (RFC 6749 section 5.1 and appendix A). */
final class TokenMembers {

  private static final Set<String> KNOWN =
      Set.of("access_token", "token_type", "expires_in", "refresh_token", "id_token", "scope");
  private static final Pattern TOKEN68 = Pattern.compile("[A-Za-z0-9\\-._~+/]+=*");
  private static final Pattern ANY_VISIBLE = Pattern.compile("[\\x20-\\x7e]+");

  /** A member that makes the answer unusable; the message holds no value. */
  static final class MalformedMemberException extends Exception {

    private static final long serialVersionUID = 1L;

    MalformedMemberException(String message) {
      super(message);
    }
  }

  private final Map<String, Object> members;
  private final ProviderProfile profile;
  private final URI endpoint;

  TokenMembers(Map<String, Object> members, ProviderProfile profile, URI endpoint) {
    this.members = members;
    this.profile = profile;
    this.endpoint = endpoint;
  }

  /**
   * {@code token_type} must be Bearer in any case; a missing one is read as Bearer, with a word.
   */
  void requireBearer() throws MalformedMemberException {
    Object type = members.get("token_type");
    if (type == null) {
      complain("token_type is missing; read as Bearer");
      return;
    }
    String name = String.valueOf(type);
    String meant = profile.tokenTypeAliases().getOrDefault(name.toLowerCase(Locale.ROOT), name);
    if (!(type instanceof String) || !meant.equalsIgnoreCase("Bearer")) {
      throw new MalformedMemberException(
          "its token_type is not Bearer, and a token of an unknown type must not be used");
    }
  }

  /** {@code access_token}: a string of the token68 alphabet, so that it fits into the header. */
  String accessToken() throws MalformedMemberException {
    Object value = members.get("access_token");
    if (!(value instanceof String token) || token.isBlank()) {
      throw new MalformedMemberException("it has no access_token");
    }
    Pattern alphabet = profile.allowsAnyTokenCharacter() ? ANY_VISIBLE : TOKEN68;
    if (!alphabet.matcher(token).matches()) {
      throw new MalformedMemberException(
          ANY_VISIBLE.matcher(token).matches()
              ? "its access_token has characters that RFC 6750 section 2.1 does not allow; a"
                  + " provider profile can allow them"
              : "its access_token has characters that must not stand in a header");
    }
    return token;
  }

  /** {@code expires_in}, or the absolute member that the profile names. */
  ExpiresIn.Reading expiresIn(Instant sentAt) throws MalformedMemberException {
    Object value = members.get("expires_in");
    String absolute = profile.absoluteExpiryMember().orElse(null);
    if (value == null && absolute != null) {
      return untilAbsolute(members.get(absolute), sentAt);
    }
    ExpiresIn.Reading reading = ExpiresIn.read(value);
    if (reading.complaint() != null) {
      boolean isUnreadable = reading.life() == null;
      if (isUnreadable && profile.isStrict()) {
        throw new MalformedMemberException(reading.complaint());
      }
      complain(reading.complaint());
    }
    return reading;
  }

  private static ExpiresIn.Reading untilAbsolute(@Nullable Object value, Instant sentAt)
      throws MalformedMemberException {
    BigDecimal sinceEpoch = ExpiresIn.number(value);
    if (sinceEpoch == null) {
      return ExpiresIn.read(value);
    }
    BigDecimal left = sinceEpoch.subtract(BigDecimal.valueOf(sentAt.getEpochSecond()));
    if (left.signum() <= 0) {
      throw new MalformedMemberException("its token is over already, or the clocks disagree");
    }
    return ExpiresIn.read(left);
  }

  /** {@code scope} as granted; null when the answer does not say. */
  @Nullable Scope scope() {
    Object value = members.get("scope");
    List<String> tokens = new ArrayList<>();
    if (value instanceof List<?> list) {
      list.forEach(element -> tokens.add(String.valueOf(element)));
    } else if (value instanceof String text) {
      tokens.addAll(List.of(text.split(Pattern.quote("" + profile.scopeSeparator()))));
    }
    tokens.removeIf(String::isBlank);
    try {
      return tokens.isEmpty() ? null : Scope.of(tokens);
    } catch (IllegalArgumentException e) {
      complain("scope has characters that RFC 6749 forbids; taken as not said");
      return null;
    }
  }

  /** A member that is a secret string; null when absent, null or empty. */
  @Nullable Secret secret(String name) throws MalformedMemberException {
    Object value = members.get(name);
    if (value == null || "".equals(value)) {
      return null;
    }
    if (!(value instanceof String text)) {
      throw new MalformedMemberException("its " + name + " is not a string");
    }
    return Secret.of(text);
  }

  /** Everything that RFC 6749 does not name. */
  Map<String, Object> extras() {
    Map<String, Object> extras = new LinkedHashMap<>(members);
    extras.keySet().removeAll(KNOWN);
    return extras;
  }

  private void complain(String what) {
    Complaints.once(endpoint, what);
  }
}
