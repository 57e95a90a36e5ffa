package dev.everbearer.login;

import dev.everbearer.token.TokenSet;

/**
 * A login by authorization code with PKCE (RFC 6749 section 4.1, RFC 7636), cut in two at the
 * browser so that it fits any web framework: {@link #start()} where the person asks to log in,
 * {@link #finish} where the browser comes back.
 *
 * <pre>{@code
 * // GET /login
 * AuthorizationRedirect redirect = flow.start();
 * session.setAttribute("login", redirect.pending());
 * response.sendRedirect(redirect.url().toString());
 *
 * // GET /callback
 * String pending = (String) session.getAttribute("login");
 * session.removeAttribute("login");
 * TokenSet tokens = flow.finish(pending, AuthorizationResponse.ofQuery(request.getQueryString()));
 * }</pre>
 *
 * <p>PKCE is always used, always with {@code S256}, and never given up. Immutable and thread-safe;
 * one flow serves all persons.
 */
public interface AuthorizationCodeFlow {

  /**
   * Begins a login. It must be finished within ten minutes.
   *
   * @throws dev.everbearer.token.OAuthException if the server cannot be found, has no authorization
   *     endpoint, or does not take {@code S256}; an interrupt keeps its flag
   */
  AuthorizationRedirect start();

  /**
   * Ends a login: checks the answer, redeems its code once, and gives the tokens. A code is never
   * sent a second time, whatever happened to the first; the way on is a new login.
   *
   * @param pending what {@link AuthorizationRedirect#pending()} gave when this very browser session
   *     began the login. Take it out of the session before calling this
   * @throws dev.everbearer.token.LoginFailedException if the answer is not the one that was waited
   *     for, the person or the server declined, or the code could not be redeemed
   * @throws dev.everbearer.token.OAuthException if less was granted than is required; a refresh
   *     token that came all the same goes to {@code onRotated} before. An interrupt keeps its flag
   */
  TokenSet finish(String pending, AuthorizationResponse response);

  /**
   * The same flow, answered by a form that the browser posts ({@code response_mode=form_post}) in
   * place of a query. Browsers send a session cookie along with it only if the cookie is {@code
   * SameSite=None}.
   */
  AuthorizationCodeFlow byFormPost();

  /**
   * The same flow, answered by one JWT of the server ({@code response_mode=jwt}, JARM), in the
   * query or, beside {@link #byFormPost()}, in the form. What stands outside of it does not count,
   * and a plain answer is refused. What the client has registered about the JWT is said by {@code
   * OAuthClientBuilder.authorizationResponses}.
   */
  AuthorizationCodeFlow byJwt();
}
