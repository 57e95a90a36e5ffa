package dev.everbearer.login;

import org.jspecify.annotations.Nullable;

/**
 * Takes the notifications by which a server in ping mode says that a login is decided (OpenID
 * Connect CIBA Core section 10.2). They come to a web server of yours, whose URL is registered at
 * the authorization server; it hands them over here. Thread-safe.
 *
 * <p>A notification brings no token and proves nothing but who sent it: it only has the login's own
 * thread ask the token endpoint sooner. A login whose notification never comes is asked about at
 * intervals all the same, so a notification that reaches another process is no loss.
 */
public interface CibaNotifications {

  /**
   * Takes one notification, which is a POST.
   *
   * @param authorization the value of its {@code Authorization} header; null when it has none
   * @param body its body, as text
   * @return the status to answer with, and no body: 204; 401 for a token that is not one of a login
   *     under way; 400 for a body that cannot be read
   */
  int notified(@Nullable String authorization, String body);
}
