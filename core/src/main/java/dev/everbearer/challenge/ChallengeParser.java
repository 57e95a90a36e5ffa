package dev.everbearer.challenge;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads one header line by the grammar of RFC 9110 section 11.6.1: {@code #challenge}, where {@code
 * challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]}. One pass, no backtracking beyond the
 * element at hand.
 */
final class ChallengeParser {

  private static final int MAX_CHARACTERS = 16 * 1024;
  private static final int MAX_CHALLENGES = 32;

  private final CharSequence line;
  private final List<Challenge> found;
  private int at;

  private @Nullable String scheme;
  private @Nullable String token68;
  private final Map<String, String> parameters = new LinkedHashMap<>();
  private boolean isVoid;

  private ChallengeParser(CharSequence line, List<Challenge> found) {
    this.line = line;
    this.found = found;
  }

  static List<Challenge> parse(List<? extends CharSequence> headerValues) {
    List<Challenge> found = new ArrayList<>();
    int budget = MAX_CHARACTERS;
    for (CharSequence value : headerValues) {
      CharSequence line = value.subSequence(0, Math.min(value.length(), budget));
      budget -= line.length();
      boolean isCut = line.length() < value.length();
      new ChallengeParser(line, found).readLine(isCut);
      if (isCut || found.size() >= MAX_CHALLENGES) {
        break;
      }
    }
    return List.copyOf(found);
  }

  private void readLine(boolean isCut) {
    while (at < line.length() && found.size() < MAX_CHALLENGES) {
      skipSpacesAndCommas();
      if (at < line.length()) {
        readElement();
      }
    }
    isVoid |= isCut;
    finishChallenge();
  }

  /** One list element: a new challenge, or one more parameter of the challenge at hand. */
  private void readElement() {
    String name = readToken();
    if (name.isEmpty()) {
      voidElement();
      return;
    }
    int afterName = at;
    skipSpaces();
    if (peek() == '=') {
      at++;
      readParameterValue(name);
      return;
    }
    at = afterName;
    finishChallenge();
    scheme = name;
    readFirstArgument();
  }

  /** What follows a scheme: nothing, a token68, or the first parameter. */
  private void readFirstArgument() {
    if (at < line.length() && peek() != ',' && !isSpace(peek())) {
      voidElement();
      return;
    }
    skipSpaces();
    if (at == line.length() || peek() == ',') {
      return;
    }
    String candidate = token68Ahead();
    if (candidate != null) {
      token68 = candidate;
      at += candidate.length();
      return;
    }
    String name = readToken();
    skipSpaces();
    if (name.isEmpty() || peek() != '=') {
      voidElement();
      return;
    }
    at++;
    readParameterValue(name);
  }

  private void readParameterValue(String name) {
    skipSpaces();
    boolean isQuoted = peek() == '"';
    String value = isQuoted ? readQuotedString() : readToken();
    skipSpaces();
    if (value == null || (value.isEmpty() && !isQuoted) || (at < line.length() && peek() != ',')) {
      voidElement();
      return;
    }
    if (token68 != null || parameters.putIfAbsent(name.toLowerCase(Locale.ROOT), value) != null) {
      isVoid = true;
    }
  }

  /**
   * The unescaped content, or null when the string never ends or holds a control character. Reads
   * to the end of the string in any case: nothing inside it is ever taken for a challenge.
   */
  private @Nullable String readQuotedString() {
    StringBuilder content = new StringBuilder();
    boolean isClean = true;
    for (at++; at < line.length(); at++) {
      char c = line.charAt(at);
      if (c == '"') {
        at++;
        return isClean ? content.toString() : null;
      }
      if (c == '\\' && ++at < line.length()) {
        c = line.charAt(at);
      }
      isClean &= (c >= ' ' || c == '\t') && c != 0x7f;
      content.append(c);
    }
    at = line.length();
    return null;
  }

  /** The token68 that fills this list element, or null when the element is something else. */
  private @Nullable String token68Ahead() {
    int end = at;
    while (end < line.length() && isToken68(line.charAt(end))) {
      end++;
    }
    boolean hasCharacters = end > at;
    while (end < line.length() && line.charAt(end) == '=') {
      end++;
    }
    int next = end;
    while (next < line.length() && isSpace(line.charAt(next))) {
      next++;
    }
    boolean fillsElement = next == line.length() || line.charAt(next) == ',';
    return hasCharacters && fillsElement ? line.subSequence(at, end).toString() : null;
  }

  /** The element does not follow the grammar: its challenge cannot be trusted. */
  private void voidElement() {
    isVoid = true;
    while (at < line.length() && peek() != ',') {
      if (peek() == '"') {
        readQuotedString();
      } else {
        at++;
      }
    }
  }

  private void finishChallenge() {
    if (scheme != null && !isVoid && found.size() < MAX_CHALLENGES) {
      found.add(new Challenge(scheme, token68, parameters));
    }
    scheme = null;
    token68 = null;
    parameters.clear();
    isVoid = false;
  }

  private String readToken() {
    int start = at;
    while (at < line.length() && isTokenCharacter(line.charAt(at))) {
      at++;
    }
    return line.subSequence(start, at).toString();
  }

  private void skipSpaces() {
    while (at < line.length() && isSpace(line.charAt(at))) {
      at++;
    }
  }

  private void skipSpacesAndCommas() {
    while (at < line.length() && (isSpace(line.charAt(at)) || line.charAt(at) == ',')) {
      at++;
    }
  }

  /** The character at hand, or NUL at the end of the line. */
  private char peek() {
    return at < line.length() ? line.charAt(at) : 0;
  }

  private static boolean isSpace(char c) {
    return c == ' ' || c == '\t';
  }

  private static boolean isAlphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  }

  private static boolean isTokenCharacter(char c) {
    return isAlphanumeric(c) || "!#$%&'*+-.^_`|~".indexOf(c) >= 0;
  }

  private static boolean isToken68(char c) {
    return isAlphanumeric(c) || "-._~+/".indexOf(c) >= 0;
  }
}
