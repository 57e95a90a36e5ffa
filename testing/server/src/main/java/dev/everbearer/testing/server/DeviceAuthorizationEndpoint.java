package dev.everbearer.testing.server;

import java.net.URI;
import java.security.SecureRandom;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;

/** The healthy device authorization endpoint (RFC 8628 section 3.1) and the page for the person. */
final class DeviceAuthorizationEndpoint {

  private static final String LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
  private static final int HALF_A_CODE = 4;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ClientAuthenticator clients;
  private final GrantRules grants;
  private final PendingLogins logins;
  private final DeviceScript script;
  private final Supplier<URI> verificationUri;

  DeviceAuthorizationEndpoint(
      ClientAuthenticator clients,
      GrantRules grants,
      PendingLogins logins,
      DeviceScript script,
      Supplier<URI> verificationUri) {
    this.clients = clients;
    this.grants = grants;
    this.logins = logins;
    this.script = script;
    this.verificationUri = verificationUri;
  }

  Answer answer(RecordedRequest request, OAuthForm form) {
    RegisteredClient client = clients.authenticate(request, form);
    grants.check(form);
    String userCode = half() + "-" + half();
    PendingLogin pending =
        logins.start(
            RandomValues.next("device-"), client, form, script.lifetime(), script.interval());
    script.started(userCode, pending);
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("device_code", pending.id());
    document.put("user_code", userCode);
    document.put("verification_uri", verificationUri.get().toString());
    document.put("verification_uri_complete", verificationUri.get() + "?user_code=" + userCode);
    document.put("expires_in", script.lifetime().toSeconds());
    document.put("interval", script.interval().toSeconds());
    return Answers.uncached(Answer.json(200, Json.write(document)));
  }

  /** The page at the verification URI; whoever brings a user code says yes by that. */
  Answer page(RecordedRequest request) {
    OAuthForm form = OAuthForm.ofQuery(request.query().orElse(""), true);
    if (!form.has("user_code")) {
      return Html.page("<p>Enter the code that your device shows.</p>");
    }
    try {
      script.approve(form.required("user_code"));
      return Html.page("<p>Your device is connected.</p>");
    } catch (IllegalArgumentException e) {
      return Html.page(400, "<p>No device shows this code.</p>");
    }
  }

  private static String half() {
    StringBuilder letters = new StringBuilder();
    for (int i = 0; i < HALF_A_CODE; i++) {
      letters.append(LETTERS.charAt(RANDOM.nextInt(LETTERS.length())));
    }
    return letters.toString();
  }
}
