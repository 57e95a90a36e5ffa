package dev.everbearer.testing.server;

import com.nimbusds.jose.util.JSONArrayUtils;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the parameter {@code authorization_details} (RFC 9396 section 2). */
final class AuthorizationDetails {

  private AuthorizationDetails() {}

  /** The details in a request; empty without any. */
  static List<Map<String, Object>> in(OAuthForm form) {
    return form.first("authorization_details").map(AuthorizationDetails::parse).orElse(List.of());
  }

  static String type(Map<String, Object> details) {
    if (details.get("type") instanceof String type && !type.isEmpty()) {
      return type;
    }
    throw invalid("Each object must have a type");
  }

  private static List<Map<String, Object>> parse(String json) {
    try {
      List<Map<String, Object>> details = new ArrayList<>();
      for (Object each : JSONArrayUtils.parse(json)) {
        details.add(object(each));
      }
      if (details.isEmpty()) {
        throw invalid("The array is empty");
      }
      return Collections.unmodifiableList(details);
    } catch (ParseException e) {
      throw invalid("The authorization_details are no JSON array");
    }
  }

  private static Map<String, Object> object(Object element) {
    if (!(element instanceof Map<?, ?> members)) {
      throw invalid("The array holds something else than objects");
    }
    Map<String, Object> object = new LinkedHashMap<>();
    members.forEach((name, value) -> object.put(String.valueOf(name), value));
    type(object);
    return object;
  }

  static OAuthError invalid(String description) {
    return OAuthError.of("invalid_authorization_details", description);
  }
}
