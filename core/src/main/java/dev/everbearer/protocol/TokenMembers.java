package dev.everbearer.protocol;

import dev.everbearer.grant.TokenType;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.token.AuthorizationDetail;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.Untrusted;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
      Set.of(
          "access_token",
          "token_type",
          "expires_in",
          "refresh_token",
          "id_token",
          "scope",
          "authorization_details");
  private static final Set<Object> NO_ACCESS_TOKENS =
      Set.of(TokenType.REFRESH_TOKEN, TokenType.ID_TOKEN, TokenType.SAML1, TokenType.SAML2);
  private static final String DETAILS_NEEDED =
      "its authorization_details are no array of objects with a type";
  private static final Pattern TOKEN68 = Pattern.compile("[A-Za-z0-9\\-._~+/]+=*");
  private static final Pattern ANY_VISIBLE = Pattern.compile("[\\x20-\\x7e]+");
  private static final Pattern SCOPE_TOKEN = Pattern.compile("[\\x21\\x23-\\x5b\\x5d-\\x7e]+");

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
   * Whether {@code token_type} is DPoP rather than Bearer, in any case. A missing one is read as
   * Bearer, with a word, or refused when the profile is strict.
   *
   * @param wasProven whether a proof of a key went with the request, without which no token can be
   *     of the type DPoP
   */
  boolean isDpop(boolean wasProven) throws MalformedMemberException {
    Object type = members.get("token_type");
    if (type == null) {
      tolerate("token_type is missing", "; read as Bearer");
      return false;
    }
    String name = type instanceof String text ? text : "";
    String meant = profile.tokenTypeAliases().getOrDefault(name.toLowerCase(Locale.ROOT), name);
    boolean isDpop = meant.equalsIgnoreCase("DPoP");
    if (isDpop && !wasProven) {
      throw new MalformedMemberException(
          "its token_type is not Bearer but DPoP, and no key was proven to bind the token to; dpop()"
              + " configures one");
    }
    if (!isDpop && !meant.equalsIgnoreCase("Bearer")) {
      throw new MalformedMemberException(
          "its token_type is not Bearer, and a token of an unknown type must not be used");
    }
    return isDpop;
  }

  /**
   * Whether a token exchange gave a token that is no access token (RFC 8693 section 2.2.1): the
   * {@code token_type} says so, or is missing beside a type of token that is none.
   */
  boolean isNotApplicable() {
    Object type = members.get("token_type");
    return type instanceof String text
        ? text.equalsIgnoreCase("N_A")
        : type == null && NO_ACCESS_TOKENS.contains(members.get("issued_token_type"));
  }

  /**
   * {@code issued_token_type} of a token exchange (RFC 8693 section 2.2.1).
   *
   * @param asked the type that was asked for; null takes any
   */
  void requireIssuedType(@Nullable String asked) throws MalformedMemberException {
    if (!(members.get("issued_token_type") instanceof String issued) || issued.isBlank()) {
      throw new MalformedMemberException(
          "it has no issued_token_type, without which nobody knows what was issued");
    }
    if (asked != null && !asked.equals(issued)) {
      throw new MalformedMemberException(
          "its issued_token_type is %s, and %s was asked for"
              .formatted(Untrusted.printable(issued, 100), asked));
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
      return checked(untilAbsolute(members.get(absolute), sentAt));
    }
    if (value instanceof String) {
      tolerate("expires_in is a string", "; its number is read");
    }
    return checked(ExpiresIn.read(value));
  }

  private ExpiresIn.Reading checked(ExpiresIn.Reading reading) throws MalformedMemberException {
    String complaint = reading.complaint();
    if (complaint == null) {
      return reading;
    }
    if (reading.life() == null) {
      tolerate(complaint, "; the token's life counts as unknown");
    } else {
      complain(complaint);
    }
    return reading;
  }

  private static ExpiresIn.Reading untilAbsolute(@Nullable Object value, Instant sentAt)
      throws MalformedMemberException {
    ExpiresIn.Reading reading = ExpiresIn.readUntil(value, sentAt);
    if (reading == null) {
      throw new MalformedMemberException("its token is over already, or the clocks disagree");
    }
    return reading;
  }

  /**
   * {@code scope} as granted; null when the answer does not say. What cannot be read was not
   * granted.
   */
  @Nullable Scope scope() throws MalformedMemberException {
    Object value = members.get("scope");
    if (value == null || "".equals(value)) {
      return null;
    }
    if (!(value instanceof String)) {
      tolerate("scope is not a string", "; its strings are read");
    }
    List<String> tokens = new ArrayList<>(scopeTokens(value));
    tokens.removeIf(String::isEmpty);
    if (tokens.isEmpty() && (value instanceof String || value instanceof List<?>)) {
      return null;
    }
    if (tokens.removeIf(token -> !SCOPE_TOKEN.matcher(token).matches())) {
      tolerate("scope has characters that RFC 6749 section 3.3 forbids", "; left out");
    }
    return Scope.of(tokens);
  }

  private List<String> scopeTokens(Object value) {
    if (value instanceof List<?> list) {
      return list.stream().map(each -> each instanceof String text ? text : "\"").toList();
    }
    return value instanceof String text
        ? Arrays.stream(text.split(Pattern.quote("" + profile.scopeSeparator())))
            .map(TokenMembers::withoutSpaces)
            .toList()
        : List.of();
  }

  private static String withoutSpaces(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && text.charAt(from) == ' ') {
      from++;
    }
    while (to > from && text.charAt(to - 1) == ' ') {
      to--;
    }
    return text.substring(from, to);
  }

  /**
   * {@code authorization_details} as granted (RFC 9396 section 7); null when the answer does not
   * say. What grants less than was asked for is taken, with a word.
   */
  @Nullable List<AuthorizationDetail> details(List<AuthorizationDetail> asked)
      throws MalformedMemberException {
    Object value = members.get("authorization_details");
    if (value == null) {
      return null;
    }
    if (!(value instanceof List<?> list)) {
      throw new MalformedMemberException(DETAILS_NEEDED);
    }
    List<AuthorizationDetail> granted = new ArrayList<>();
    for (Object each : list) {
      granted.add(detail(each));
    }
    String narrowed = DetailTypes.narrowed(asked, granted);
    if (narrowed != null) {
      complain("authorization_details of the type " + narrowed + " are granted in part or not");
    }
    return List.copyOf(granted);
  }

  private static AuthorizationDetail detail(Object value) throws MalformedMemberException {
    Map<String, Object> named = new LinkedHashMap<>();
    if (value instanceof Map<?, ?> object) {
      object.forEach((name, member) -> named.put((String) name, member));
    }
    try {
      return AuthorizationDetail.of(named);
    } catch (IllegalArgumentException e) {
      throw new MalformedMemberException(DETAILS_NEEDED);
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
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new MalformedMemberException("its " + name + " has a control character");
    }
    return Secret.of(text);
  }

  /** Everything that RFC 6749 does not name. */
  Map<String, Object> extras() {
    Map<String, Object> extras = new LinkedHashMap<>(members);
    extras.keySet().removeAll(KNOWN);
    return extras;
  }

  /** A deviation that is harmless and common: an error only for a strict profile. */
  private void tolerate(String deviation, String consequence) throws MalformedMemberException {
    if (profile.isStrict()) {
      throw new MalformedMemberException(deviation + ", which a strict profile does not tolerate");
    }
    complain(deviation + consequence);
  }

  private void complain(String what) {
    Complaints.once(endpoint, what);
  }
}
