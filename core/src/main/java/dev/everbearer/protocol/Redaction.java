package dev.everbearer.protocol;

import dev.everbearer.client.ClientAuthentication.Parts;
import dev.everbearer.wire.FormBody;
import dev.everbearer.wire.Untrusted;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes what we sent in confidence out of texts in which a server repeats it. */
final class Redaction {

  private static final Set<String> PUBLIC_PARAMETERS =
      Set.of("grant_type", "client_id", "scope", "resource", "audience", "token_type_hint");
  private static final String BASIC = "Basic ";

  /** What is shorter is not searched for: it would hit half of all words. */
  private static final int SHORTEST = 4;

  private final List<String> secrets;

  private Redaction(Set<String> secrets) {
    this.secrets =
        secrets.stream()
            .filter(secret -> secret.length() >= SHORTEST)
            .sorted(Comparator.comparingInt(String::length).reversed())
            .toList();
  }

  /** For answers to a request with this body and this client authentication. */
  static Redaction of(FormBody form, Parts parts) {
    Set<String> secrets = new HashSet<>();
    form.valuesExcept(PUBLIC_PARAMETERS).forEach(value -> addAllForms(secrets, value));
    for (Map.Entry<String, String> header : parts.headers().entrySet()) {
      secrets.add(header.getValue());
      if (header.getValue().startsWith(BASIC)) {
        addPassword(secrets, header.getValue().substring(BASIC.length()));
      }
    }
    return new Redaction(secrets);
  }

  /** For answers to a request that held these in confidence. */
  static Redaction of(Collection<String> confided) {
    Set<String> secrets = new HashSet<>();
    confided.forEach(value -> addAllForms(secrets, value));
    return new Redaction(secrets);
  }

  private static void addPassword(Set<String> secrets, String credentials) {
    secrets.add(credentials);
    String pair = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
    String password = pair.substring(pair.indexOf(':') + 1);
    addAllForms(secrets, password);
    try {
      addAllForms(secrets, URLDecoder.decode(password, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      // Sent raw, without form encoding: known already.
      secrets.add(password);
    }
  }

  private static void addAllForms(Set<String> secrets, String value) {
    secrets.add(value);
    secrets.add(FormBody.encode(value));
    secrets.add(Untrusted.printable(value, value.length()));
  }

  /**
   * What a server wrote, without what was confided, fit to be shown and cut to a length. First the
   * characters that cannot be shown go, for they could stand in the midst of a secret.
   */
  String shown(String text, int maxLength) {
    return Untrusted.printable(without(Untrusted.printable(text, text.length())), maxLength);
  }

  private String without(String text) {
    String redacted = text;
    for (String secret : secrets) {
      redacted = redacted.replace(secret, "***");
    }
    return redacted;
  }

  @Override
  public String toString() {
    return "Redaction of " + secrets.size() + " secrets";
  }
}
