package dev.everbearer.login;

import dev.everbearer.jose.CompactJws;
import dev.everbearer.jose.InvalidJwtException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the browser brought back (RFC 6749 section 4.1.2), unchecked: any text makes one, and {@link
 * AuthorizationCodeFlow#finish} refuses those that are not right. Immutable and thread-safe; prints
 * no value.
 */
public final class AuthorizationResponse {

  private static final int MAX_LENGTH = 64 * 1024;
  private static final String FORM = "application/x-www-form-urlencoded";

  private final Map<String, List<String>> parameters;
  private final boolean isFormPost;
  private final @Nullable String defect;

  private AuthorizationResponse(
      Map<String, List<String>> parameters, boolean isFormPost, @Nullable String defect) {
    this.parameters = parameters;
    this.isFormPost = isFormPost;
    this.defect = defect;
  }

  /** From the whole URL that the browser was sent to, or its path with the query. */
  public static AuthorizationResponse ofUrl(String url) {
    if (url.indexOf('#') >= 0) {
      return unreadable(false, "it came in a fragment, and only the query counts");
    }
    int query = url.indexOf('?');
    return ofQuery(query < 0 ? null : url.substring(query + 1));
  }

  /** From the query of the request, as it was received; null when there was none. */
  public static AuthorizationResponse ofQuery(@Nullable String rawQuery) {
    return read(rawQuery == null ? "" : rawQuery, false);
  }

  /**
   * From a form that the browser posted.
   *
   * @param method the method of the request, which has to be {@code POST}
   * @param contentType its media type, which has to be a form's; null when it had none
   * @param body the body, as it was received
   */
  public static AuthorizationResponse ofFormPost(
      String method, @Nullable String contentType, String body) {
    if (!method.equals("POST")) {
      return unreadable(true, "it is to be posted, and came by another method");
    }
    if (!isForm(contentType)) {
      return unreadable(true, "it is to be posted as " + FORM);
    }
    return read(body, true);
  }

  private static boolean isForm(@Nullable String contentType) {
    String type = contentType == null ? "" : contentType;
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).trim().toLowerCase(Locale.ROOT).equals(FORM);
  }

  private static AuthorizationResponse unreadable(boolean isFormPost, String defect) {
    return new AuthorizationResponse(Map.of(), isFormPost, defect);
  }

  private static AuthorizationResponse read(String text, boolean isFormPost) {
    if (text.length() > MAX_LENGTH) {
      return unreadable(isFormPost, "it is too long");
    }
    try {
      return new AuthorizationResponse(parameters(text), isFormPost, null);
    } catch (IllegalArgumentException e) {
      return unreadable(isFormPost, "its form encoding is broken");
    }
  }

  private static Map<String, List<String>> parameters(String text) {
    Map<String, List<String>> parameters = new LinkedHashMap<>();
    for (String pair : text.split("&")) {
      int equals = pair.indexOf('=');
      String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
      String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
      parameters.computeIfAbsent(name, unused -> new ArrayList<>()).add(value);
    }
    return parameters;
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  /**
   * The {@code state}, if there is exactly one: tells which login of a session this answers. In an
   * answer by JWT it is that inside of the JWT, which is not verified yet; empty when the JWT is
   * encrypted.
   */
  public Optional<String> state() {
    return value("response").isPresent() ? stateInJwt() : value("state");
  }

  private Optional<String> stateInJwt() {
    try {
      return Optional.ofNullable(
          CompactJws.parse(value("response").orElseThrow()).claims().text("state"));
    } catch (InvalidJwtException e) {
      return Optional.empty();
    }
  }

  /** The value of a parameter; empty when it is missing, has no value or comes more than once. */
  public Optional<String> value(String name) {
    List<String> values = values(name);
    return values.size() == 1 && !values.get(0).isEmpty()
        ? Optional.of(values.get(0))
        : Optional.empty();
  }

  /** All values of a parameter, in order, decoded. */
  public List<String> values(String name) {
    return List.copyOf(parameters.getOrDefault(name, List.of()));
  }

  /** Whether it was posted as a form. */
  public boolean isFormPost() {
    return isFormPost;
  }

  /** Why it cannot be read at all; empty when it can. Holds nothing of it. */
  public Optional<String> defect() {
    return Optional.ofNullable(defect);
  }

  /** Nothing of it: names come from a stranger, too. */
  @Override
  public String toString() {
    return "AuthorizationResponse of " + parameters.size() + " parameters";
  }
}
