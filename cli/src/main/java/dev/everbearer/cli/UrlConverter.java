package dev.everbearer.cli;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * Reads a URL that credentials are sent to. The library checks such URLs too; here the words are
 * those of somebody at a shell.
 */
final class UrlConverter implements ITypeConverter<URI> {

  @Override
  public URI convert(String text) {
    URI url = parse(text);
    if (url.getHost() == null || !isHttp(url)) {
      throw refused(
          withoutQuery(text), "is not a complete URL such as https://api.example.com/user");
    }
    if (url.getRawUserInfo() != null) {
      throw new TypeConversionException(
          "the URL holds a user name or password; give credentials by the options for them");
    }
    if (url.getRawFragment() != null) {
      throw refused(withoutQuery(text), "has a fragment ('#...'), which is never sent to a server");
    }
    if (url.getScheme().equalsIgnoreCase("http") && !isLoopback(url.getHost())) {
      throw refused(
          withoutQuery(text),
          "is plain http, and credentials sent there could be read on the way; use https"
              + " (plain http is for loopback addresses alone)");
    }
    return url;
  }

  private static URI parse(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      throw refused(
          withoutQuery(text),
          "is not a URL: character %d is not allowed there".formatted(e.getIndex() + 1));
    }
  }

  private static boolean isHttp(URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    return scheme.equals("https") || scheme.equals("http");
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  /** A query may hold somebody's secret, and messages end up in logs. */
  private static String withoutQuery(String text) {
    int end = text.indexOf('?');
    return end < 0 ? text : text.substring(0, end);
  }

  private static TypeConversionException refused(String text, String why) {
    return new TypeConversionException("'%s' %s".formatted(text, why));
  }
}
