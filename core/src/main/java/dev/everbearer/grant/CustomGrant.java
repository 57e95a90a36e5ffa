package dev.everbearer.grant;

import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A grant type that this library does not know: of a vendor, or of a draft (RFC 6749 section 4.5).
 * It is sent as a form by POST like every other, needs nobody, and may be sent again after an
 * answer that was lost. A refresh token in the answer is not used; {@code OAuthClient.fetch} gives
 * it, and {@link Grant#refreshToken} then uses it.
 */
public final class CustomGrant extends ScopedGrant<CustomGrant> {

  /** Names a grant type and the method that makes its grant. */
  private static final Map<String, String> BUILT_IN =
      Map.of(
          "client_credentials", "clientCredentials()",
          "refresh_token", "refreshToken(...)",
          "authorization_code", "authorizationCode()",
          "urn:ietf:params:oauth:grant-type:device_code", "device()",
          "urn:openid:params:grant-type:ciba", "ciba(...)",
          "urn:ietf:params:oauth:grant-type:jwt-bearer", "jwtBearer(...)",
          "urn:ietf:params:oauth:grant-type:saml2-bearer", "samlBearer(...)",
          "urn:ietf:params:oauth:grant-type:token-exchange", "tokenExchange(...)");

  private static final Set<String> NEVER = Set.of("password", "implicit");

  private static final UnaryOperator<Map<String, Object>> AS_IT_IS = UnaryOperator.identity();

  private final String grantType;
  private final Map<String, AssertionSource> sources;
  private final UnaryOperator<Map<String, Object>> answerMapper;

  private CustomGrant(
      Request request,
      String grantType,
      Map<String, AssertionSource> sources,
      UnaryOperator<Map<String, Object>> answerMapper) {
    super(request);
    this.grantType = grantType;
    this.sources = sources;
    this.answerMapper = answerMapper;
  }

  static CustomGrant of(String grantType) {
    return new CustomGrant(Request.EMPTY, requireCustom(grantType), Map.of(), AS_IT_IS);
  }

  private static String requireCustom(String grantType) {
    if (!grantType.matches("[\\x21-\\x7e]+")) {
      throw new IllegalArgumentException("A grant type is a name or a URI: '" + grantType + "'");
    }
    String name = grantType.toLowerCase(Locale.ROOT);
    if (NEVER.contains(name)) {
      throw new IllegalArgumentException(
          "The grant '%s' is not sent: RFC 9700 section 2 forbids it. Let the person log in with"
                  .formatted(grantType)
              + " Grant.authorizationCode() or Grant.device().");
    }
    String method = BUILT_IN.get(name);
    if (method != null) {
      throw new IllegalArgumentException(
          "The grant %s is built in, with its checks: use Grant.%s.".formatted(grantType, method));
    }
    return grantType;
  }

  @Override
  CustomGrant with(Request newRequest) {
    return new CustomGrant(newRequest, grantType, sources, answerMapper);
  }

  /** A grant of one's own sends what others send by themselves. */
  @Override
  boolean isReserved(String parameter) {
    return Request.isReservedForAll(parameter) || sources.containsKey(parameter);
  }

  /**
   * Adds a parameter whose value is read anew for each token request, and is not sent again once
   * the server has refused it.
   *
   * @throws IllegalArgumentException if the name is one that the library sets, is set already, or
   *     is empty
   */
  public CustomGrant parameter(String name, AssertionSource value) {
    request().withParameter(name, value.name(), this::isReserved);
    Map<String, AssertionSource> all = new TreeMap<>(sources);
    all.put(name, value);
    return new CustomGrant(request(), grantType, Collections.unmodifiableMap(all), answerMapper);
  }

  /**
   * Reads the members of RFC 6749 section 5.1 out of a successful answer that has them elsewhere.
   * By default the answer is taken as it is.
   *
   * @param mapper is given the answer's JSON object and gives one as the RFC wants it. Keep it in a
   *     constant: two grants are equal only if their mappers are
   */
  public CustomGrant answerMapper(UnaryOperator<Map<String, Object>> mapper) {
    return new CustomGrant(request(), grantType, sources, Objects.requireNonNull(mapper, "mapper"));
  }

  /** The parameters whose values are read for each request, by name. */
  public Map<String, AssertionSource> sources() {
    return sources;
  }

  /** What reads the answer. */
  public UnaryOperator<Map<String, Object>> answerMapper() {
    return answerMapper;
  }

  @Override
  public String grantType() {
    return grantType;
  }

  /** The names of the sources. */
  @Override
  public String subject() {
    return sources.entrySet().stream()
        .map(each -> each.getKey() + " of " + each.getValue().name())
        .collect(Collectors.joining(", "));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof CustomGrant that
        && request().equals(that.request())
        && grantType.equals(that.grantType)
        && sources.equals(that.sources)
        && answerMapper.equals(that.answerMapper);
  }

  @Override
  public int hashCode() {
    return Objects.hash(request(), grantType, sources, answerMapper);
  }
}
