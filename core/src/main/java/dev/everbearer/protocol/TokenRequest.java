package dev.everbearer.protocol;

import dev.everbearer.grant.AssertionGrant;
import dev.everbearer.grant.AssertionSource;
import dev.everbearer.grant.CustomGrant;
import dev.everbearer.grant.Grant;
import dev.everbearer.grant.InteractiveGrant;
import dev.everbearer.grant.Request;
import dev.everbearer.grant.TokenExchangeGrant;
import dev.everbearer.token.AuthorizationDetail;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.FormBody;
import dev.everbearer.wire.JsonText;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The body of a token request, before client authentication. */
public final class TokenRequest {

  private final String grantType;
  private final Scope scope;
  private final Scope requiredScope;
  private final FormBody form;
  private final boolean isUnrepeatable;
  private final List<Secret> presented;
  private final List<AuthorizationDetail> details;
  private final @Nullable String requestedTokenType;
  private final UnaryOperator<Map<String, Object>> answerMapper;

  private TokenRequest(
      String grantType,
      Request request,
      FormBody form,
      boolean isUnrepeatable,
      List<Secret> presented) {
    this(grantType, request, form, isUnrepeatable, presented, UnaryOperator.identity());
  }

  private TokenRequest(
      String grantType,
      Request request,
      FormBody form,
      boolean isUnrepeatable,
      List<Secret> presented,
      UnaryOperator<Map<String, Object>> answerMapper) {
    this.grantType = grantType;
    this.scope = request.scope();
    this.requiredScope = request.requiredScope();
    this.form = form;
    this.isUnrepeatable = isUnrepeatable;
    this.presented = presented;
    this.details = request.details();
    this.answerMapper = answerMapper;
    this.requestedTokenType = request.parameters().get("requested_token_type");
  }

  /**
   * The request of a grant that needs nobody, or of the refresh token that a grant begins with.
   *
   * @throws IllegalArgumentException if only a person can use the grant
   */
  public static TokenRequest of(Grant grant) {
    if (grant instanceof AssertionGrant assertion) {
      return assertion(assertion);
    }
    if (grant instanceof TokenExchangeGrant exchange) {
      return tokenExchange(exchange);
    }
    if (grant instanceof CustomGrant custom) {
      return custom(custom);
    }
    Secret refreshToken = grant.initialRefreshToken().orElse(null);
    if (refreshToken != null) {
      return refresh(grant, refreshToken);
    }
    if (grant instanceof InteractiveGrant<?>) {
      throw new IllegalArgumentException("A person has to log in for " + grant + ".");
    }
    return request(grant, start(grant.grantType()), false);
  }

  /** RFC 6749 section 6. */
  public static TokenRequest refresh(Grant grant, Secret refreshToken) {
    FormBody form = start("refresh_token").add("refresh_token", refreshToken.reveal());
    return request(grant, form, true);
  }

  /**
   * RFC 6749 section 4.1.3 and RFC 7636 section 4.5. What was granted is fixed, so no scope is
   * sent.
   *
   * @param redirectUri the very string of the authorization request; null leaves it out (OAuth 2.1)
   */
  public static TokenRequest authorizationCode(
      Grant grant, Secret code, @Nullable String redirectUri, Secret codeVerifier) {
    FormBody form = start("authorization_code").add("code", code.reveal());
    if (redirectUri != null) {
      form.add("redirect_uri", redirectUri);
    }
    form.add("code_verifier", codeVerifier.reveal());
    grant.request().resources().forEach(resource -> form.add("resource", resource.toString()));
    return new TokenRequest(
        "authorization_code",
        grant.request(),
        form.addAll(grant.request().parameters()),
        true,
        List.of());
  }

  /** RFC 8628 section 3.4. */
  public static TokenRequest deviceCode(Grant grant, Secret deviceCode) {
    FormBody form = start(grant.grantType()).add("device_code", deviceCode.reveal());
    return new TokenRequest(grant.grantType(), grant.request(), form, true, List.of());
  }

  /** CIBA Core section 10.1. */
  public static TokenRequest ciba(Grant grant, Secret authReqId) {
    FormBody form = start(grant.grantType()).add("auth_req_id", authReqId.reveal());
    return new TokenRequest(grant.grantType(), grant.request(), form, true, List.of());
  }

  /** RFC 7523 section 2.1 and RFC 7522 section 2.1; the assertion is read anew. */
  private static TokenRequest assertion(AssertionGrant grant) {
    Secret assertion = grant.assertions().get();
    String sent =
        grant.grantType().endsWith(":saml2-bearer") ? base64Url(assertion) : assertion.reveal();
    FormBody form = start(grant.grantType()).add("assertion", sent);
    return new TokenRequest(
        grant.grantType(), grant.request(), addTarget(form, grant), false, List.of(assertion));
  }

  /** RFC 8693 section 2.1; the tokens are read anew. */
  private static TokenRequest tokenExchange(TokenExchangeGrant grant) {
    Secret subject = grant.subjectToken().get();
    FormBody form =
        start(grant.grantType())
            .add("subject_token", subject.reveal())
            .add("subject_token_type", grant.subjectTokenType());
    List<Secret> presented = new ArrayList<>(List.of(subject));
    AssertionSource actorToken = grant.actorToken().orElse(null);
    if (actorToken != null) {
      Secret actor = actorToken.get();
      form.add("actor_token", actor.reveal())
          .add("actor_token_type", grant.actorTokenType().orElseThrow());
      presented.add(actor);
    }
    return new TokenRequest(
        grant.grantType(), grant.request(), addTarget(form, grant), false, List.copyOf(presented));
  }

  /** RFC 6749 section 4.5. */
  private static TokenRequest custom(CustomGrant grant) {
    FormBody form = start(grant.grantType());
    List<Secret> presented = new ArrayList<>();
    grant
        .sources()
        .forEach(
            (name, source) -> {
              Secret value = source.get();
              form.add(name, value.reveal());
              presented.add(value);
            });
    return new TokenRequest(
        grant.grantType(),
        grant.request(),
        addTarget(form, grant),
        false,
        List.copyOf(presented),
        grant.answerMapper());
  }

  private static String base64Url(Secret text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.reveal().getBytes(StandardCharsets.UTF_8));
  }

  /** What a grant asks for, at an endpoint where a login begins. */
  static FormBody target(Grant grant) {
    return addTarget(new FormBody(), grant);
  }

  private static FormBody start(String grantType) {
    return new FormBody().add("grant_type", grantType);
  }

  private static TokenRequest request(Grant grant, FormBody form, boolean isUnrepeatable) {
    Request request = grant.request();
    String grantType = isUnrepeatable ? "refresh_token" : grant.grantType();
    return new TokenRequest(grantType, request, addTarget(form, grant), isUnrepeatable, List.of());
  }

  private static FormBody addTarget(FormBody form, Grant grant) {
    Request request = grant.request();
    if (!request.scope().isEmpty()) {
      form.add("scope", request.scope().toString());
    }
    request.resources().forEach(resource -> form.add("resource", resource.toString()));
    request.audiences().forEach(audience -> form.add("audience", audience));
    if (!request.details().isEmpty()) {
      form.add("authorization_details", JsonText.of(request.details()));
    }
    return form.addAll(request.parameters());
  }

  /** The {@code grant_type}. */
  public String grantType() {
    return grantType;
  }

  /**
   * The statements of others that it presents, read anew for it: an assertion, tokens to be
   * exchanged. Once refused they are not sent again.
   */
  public List<Secret> presented() {
    return presented;
  }

  /**
   * Whether a failure says that what is presented is not good (RFC 7521 section 4.1.1, RFC 8693
   * section 2.2.2).
   */
  public boolean isRefusedBy(Failure failure) {
    boolean isRefusedToken =
        isExchange() && failure.error().filter("invalid_request"::equals).isPresent();
    return !presented.isEmpty() && (isRefusedToken || failure.kind() == FailureKind.INVALID_GRANT);
  }

  /** Whether the answer has to say what type of token was issued (RFC 8693 section 2.2.1). */
  boolean isExchange() {
    return grantType.endsWith(":token-exchange");
  }

  /** The type of token that was asked for; null leaves it to the server. */
  @Nullable String requestedTokenType() {
    return requestedTokenType;
  }

  /** Reads the members of RFC 6749 out of an answer that has them elsewhere. */
  UnaryOperator<Map<String, Object>> answerMapper() {
    return answerMapper;
  }

  /** The authorization details that are asked for, or were when a person logged in. */
  List<AuthorizationDetail> details() {
    return details;
  }

  Scope scope() {
    return scope;
  }

  Scope requiredScope() {
    return requiredScope;
  }

  /** Whether what it sends may be used up by an answer that is lost. */
  boolean isUnrepeatable() {
    return isUnrepeatable;
  }

  /** The body, before client authentication. */
  FormBody form() {
    return form;
  }

  /** The grant type and parameter names; no values. */
  @Override
  public String toString() {
    return "TokenRequest" + form;
  }
}
