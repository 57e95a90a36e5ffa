package dev.everbearer.wire;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which URLs may be called that a server named rather than the user: none that leads inside, to an
 * address that is not public, unless the URL that the user gave leads to the same kind of address,
 * or the user listed the host. Every address that a host has is looked at. Thread-safe.
 *
 * <p>The platform resolves the name once more to connect, from its cache of 30 s. Where a proxy
 * resolves names, or that cache is switched off, a name can still lead elsewhere.
 */
public final class LearntUrls {

  private static final Pattern NUMBER = Pattern.compile("(?i)\\d+|0x[0-9a-f]*");
  private static final String BYTE = "(25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
  private static final Pattern IPV4 = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

  /** Finds the addresses of a host. */
  @FunctionalInterface
  public interface Resolver {

    /**
     * All addresses; blocks as long as the platform takes.
     *
     * @throws UnknownHostException when it has none
     */
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  private final URI given;
  private final Set<String> listed;
  private final Resolver resolver;

  /**
   * The rule for what is learnt from one place.
   *
   * @param given the URL that the user gave
   * @param listed hosts, in lower case, that may be anywhere
   */
  public LearntUrls(URI given, Set<String> listed) {
    this(given, listed, InetAddress::getAllByName);
  }

  /** With another resolver. */
  public LearntUrls(URI given, Set<String> listed, Resolver resolver) {
    this.given = given;
    this.listed = Set.copyOf(listed);
    this.resolver = resolver;
  }

  /**
   * Why a URL must not be called, completing the sentence "the server ..."; null when it may be. A
   * host that does not resolve may be: nobody can connect to it either.
   */
  public @Nullable String objection(URI url) {
    String host = host(url);
    if (host.equals(host(given)) || listed.contains(host)) {
      return null;
    }
    if (isOddNumber(host)) {
      return "was not called: its host is a number in a form that hides where it leads";
    }
    Set<AddressKind> inside = kinds(host);
    inside.remove(AddressKind.PUBLIC);
    if (!inside.isEmpty()) {
      inside.removeAll(kinds(host(given)));
    }
    return inside.isEmpty()
        ? null
        : "was not called: it was named by a server, and its host has a %s address"
            .formatted(inside.iterator().next());
  }

  private static String host(URI url) {
    String host = url.getHost();
    return host == null ? "" : host.toLowerCase(Locale.ROOT);
  }

  /** Octal, hexadecimal or shortened IPv4, which programs read in different ways; zones. */
  private static boolean isOddNumber(String host) {
    if (host.startsWith("[")) {
      return host.contains("%");
    }
    String name = host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
    String last = name.substring(name.lastIndexOf('.') + 1);
    return NUMBER.matcher(last).matches() && !IPV4.matcher(host).matches();
  }

  private Set<AddressKind> kinds(String host) {
    Set<AddressKind> kinds = EnumSet.noneOf(AddressKind.class);
    try {
      List.of(resolver.resolve(host)).forEach(address -> kinds.add(AddressKind.of(address)));
    } catch (UnknownHostException e) {
      kinds.clear();
    }
    return kinds;
  }
}
