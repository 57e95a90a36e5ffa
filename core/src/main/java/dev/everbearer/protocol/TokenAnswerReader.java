package dev.everbearer.protocol;

import dev.everbearer.protocol.EndpointCaller.Exchange;
import dev.everbearer.protocol.TokenMembers.MalformedMemberException;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.token.AccessToken;
import dev.everbearer.token.AuthorizationDetail;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.Scope;
import dev.everbearer.token.SenderKey;
import dev.everbearer.token.TokenSet;
import dev.everbearer.wire.FormBody;
import dev.everbearer.wire.HttpAnswer;
import dev.everbearer.wire.Redirects;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reads an answer of the token endpoint: a token set (RFC 6749 section 5.1) or a failure (section
 * 5.2). Numbered in the order of the section.
 */
final class TokenAnswerReader {

  private static final Set<String> TOLERATED_MEDIA_TYPES =
      Set.of("", "text/plain", "text/javascript", "application/javascript");

  private final ProviderProfile profile;
  private final ErrorReader errors;
  private final @Nullable SenderKey provenBy;

  /** A reader of the answer of one exchange. */
  TokenAnswerReader(Exchange exchange) {
    this.profile = exchange.profile();
    this.errors = exchange.errors();
    this.provenBy = exchange.provenBy();
  }

  /**
   * The token set of a successful answer.
   *
   * @param asked what was asked for; an answer without a scope grants the one of the request
   * @param sentAt when the request was sent, by the wall clock: the life counts from there
   * @throws dev.everbearer.token.OAuthException if the answer is anything else
   */
  TokenSet read(HttpAnswer answer, TokenRequest asked, Instant sentAt) {
    // 1. A redirect is never followed: it would carry the credentials elsewhere.
    if (Redirects.isOne(answer)) {
      throw errors.redirect(answer).toException();
    }
    // 2. An error is one by its status, or by its "error" member when a server answers 200 to all.
    if (answer.status() != 200) {
      throw errors.read(answer, errorBody(answer)).toException();
    }
    Map<String, Object> body = successBody(answer);
    if (!ErrorReader.isError(body)) {
      body = mapped(answer, body, asked.answerMapper(), "the grant's");
    }
    if (ErrorReader.isError(body)) {
      throw errors.read(answer, body).toException();
    }
    // 3. The members.
    try {
      return tokenSet(new TokenMembers(body, profile, answer.uri()), asked, sentAt);
    } catch (MalformedMemberException e) {
      throw malformed(answer, e.getMessage()).toException();
    }
  }

  private TokenSet tokenSet(TokenMembers members, TokenRequest asked, Instant sentAt)
      throws MalformedMemberException {
    if (asked.isExchange()) {
      members.requireIssuedType(asked.requestedTokenType());
    }
    boolean isNotApplicable = asked.isExchange() && members.isNotApplicable();
    SenderKey key = !isNotApplicable && members.isDpop(provenBy != null) ? provenBy : null;
    String value = members.accessToken();
    ExpiresIn.Reading life = members.expiresIn(sentAt);
    Scope granted = members.scope();
    Instant end = life.life() == null ? null : sentAt.plus(life.life());
    Scope scope = granted == null ? asked.scope() : granted;
    AccessToken token =
        isNotApplicable
            ? AccessToken.notApplicable(value, sentAt, end, scope)
            : key == null
                ? AccessToken.bearer(value, sentAt, end, scope)
                : AccessToken.dpop(value, key, sentAt, end, scope);
    List<AuthorizationDetail> details = members.details(asked.details());
    return TokenSet.builder(token)
        .authorizationDetails(details == null ? asked.details() : details)
        .expiresIn(life.life())
        .refreshToken(members.secret("refresh_token"))
        .idToken(members.secret("id_token"))
        .extras(members.extras())
        .build();
  }

  private Map<String, Object> successBody(HttpAnswer answer) {
    String mediaType = answer.mediaType();
    try {
      if (profile.formMediaTypes().contains(mediaType) && !profile.isStrict()) {
        return mapped(answer, formBody(answer), profile.answerMapper(), "the profile's");
      }
      if (!isJson(mediaType)) {
        throw malformed(answer, "a token endpoint answers application/json").toException();
      }
      return mapped(
          answer, StrictJson.object(answer.body()), profile.answerMapper(), "the profile's");
    } catch (BrokenJsonException e) {
      throw malformed(answer, e.getMessage()).toException();
    }
  }

  private static Map<String, Object> formBody(HttpAnswer answer) {
    try {
      return FormBody.decode(new String(answer.body(), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      throw malformed(answer, "its form encoding is broken").toException();
    }
  }

  private static Map<String, Object> mapped(
      HttpAnswer answer,
      Map<String, Object> body,
      UnaryOperator<Map<String, Object>> mapper,
      String whose) {
    try {
      return Objects.requireNonNull(mapper.apply(body));
    } catch (RuntimeException e) {
      // What a mapper says may quote the answer, so it goes no further than its class.
      throw malformed(answer, whose + " answer mapper failed with " + e.getClass().getName())
          .toException();
    }
  }

  private boolean isJson(String mediaType) {
    return mediaType.equals("application/json")
        || (!profile.isStrict()
            && (mediaType.endsWith("+json") || TOLERATED_MEDIA_TYPES.contains(mediaType)));
  }

  private @Nullable Map<String, Object> errorBody(HttpAnswer answer) {
    try {
      if (profile.formMediaTypes().contains(answer.mediaType())) {
        return FormBody.decode(new String(answer.body(), StandardCharsets.UTF_8));
      }
      return StrictJson.object(answer.body());
    } catch (BrokenJsonException | IllegalArgumentException e) {
      return null;
    }
  }

  private static Failure malformed(HttpAnswer answer, @Nullable String why) {
    return Failure.builder(
            FailureKind.MALFORMED,
            "The token endpoint %s answered %d%s that cannot be used: %s. Check the URL; if it is"
                    .formatted(answer.uri(), answer.status(), ErrorReader.contents(answer), why)
                + " right, the server's operator has to mend this, or a ProviderProfile can allow"
                + " for it.")
        .endpoint(answer.uri())
        .status(answer.status())
        .build();
  }
}
