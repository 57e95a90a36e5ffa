package dev.everbearer.testing.server;

/** The few pages that a browser may see. */
final class Html {

  private Html() {}

  static Answer page(String body) {
    return page(200, body);
  }

  static Answer page(int status, String body) {
    String document = "<!DOCTYPE html>\n<html><body>\n" + body + "\n</body></html>\n";
    return Answers.uncached(Answer.text(status, "text/html;charset=utf-8", document));
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  static String unescape(String text) {
    return text.replace("&quot;", "\"")
        .replace("&gt;", ">")
        .replace("&lt;", "<")
        .replace("&amp;", "&");
  }
}
