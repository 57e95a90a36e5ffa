package dev.everbearer.e2e.keycloak;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The one form of a page of Keycloak's: where it goes, and its inputs by name, with their values.
 */
record HtmlForm(String action, Map<String, String> inputs) {

  private static final Pattern FORM = Pattern.compile("(?is)<form\\b([^>]*)>(.*?)</form>");
  private static final Pattern FIELD = Pattern.compile("(?i)<(?:input|button)\\b([^>]*)>");
  private static final Pattern SCRIPT = Pattern.compile("(?s)<(script|style)\\b.*?</\\1>");

  static Optional<HtmlForm> in(String page) {
    Matcher form = FORM.matcher(page);
    if (!form.find()) {
      return Optional.empty();
    }
    Map<String, String> inputs = new LinkedHashMap<>();
    FIELD
        .matcher(form.group(2))
        .results()
        .map(each -> each.group(1))
        .filter(each -> !attribute(each, "name").isEmpty())
        .forEach(each -> inputs.put(attribute(each, "name"), attribute(each, "value")));
    return Optional.of(new HtmlForm(attribute(form.group(1), "action"), inputs));
  }

  /** What a page says, for an error. */
  static String text(String page) {
    return SCRIPT
        .matcher(page)
        .replaceAll(" ")
        .replaceAll("<[^>]*>", " ")
        .replaceAll("\\s+", " ")
        .strip();
  }

  private static String attribute(String tag, String name) {
    Matcher value = Pattern.compile("(?is)\\b" + name + "\\s*=\\s*\"([^\"]*)\"").matcher(tag);
    return value.find() ? unescaped(value.group(1)) : "";
  }

  private static String unescaped(String html) {
    return html.replace("&#39;", "'")
        .replace("&quot;", "\"")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
  }
}
