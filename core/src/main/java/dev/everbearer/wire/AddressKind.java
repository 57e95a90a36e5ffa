package dev.everbearer.wire;

import java.net.InetAddress;
import java.util.Arrays;

/** What an IP address is for (RFC 6890 and its registries). All but {@link #PUBLIC} are inside. */
enum AddressKind {
  PUBLIC("public"),
  LOOPBACK("loopback"),
  LINK_LOCAL("link-local"),
  PRIVATE("private"),
  SHARED("carrier-grade NAT"),
  MULTICAST("multicast"),
  RESERVED("reserved");

  private final String title;

  AddressKind(String title) {
    this.title = title;
  }

  /** IPv4 addresses written as IPv6, or reached through a translator, are what they stand for. */
  static AddressKind of(InetAddress address) {
    byte[] bytes = address.getAddress();
    return bytes.length == 4 ? ofFour(bytes) : ofSixteen(bytes);
  }

  private static AddressKind ofFour(byte[] ip) {
    int first = ip[0] & 0xff;
    int second = ip[1] & 0xff;
    int third = ip[2] & 0xff;
    return switch (first) {
      case 10 -> PRIVATE;
      case 127 -> LOOPBACK;
      case 100 -> second >> 6 == 1 ? SHARED : PUBLIC;
      case 169 -> second == 254 ? LINK_LOCAL : PUBLIC;
      case 172 -> second >> 4 == 1 ? PRIVATE : PUBLIC;
      case 192 -> ofBlock192(second, third);
      case 198 -> second >> 1 == 9 || (second == 51 && third == 100) ? RESERVED : PUBLIC;
      case 203 -> second == 0 && third == 113 ? RESERVED : PUBLIC;
      default -> first == 0 || first >= 240 ? RESERVED : first >= 224 ? MULTICAST : PUBLIC;
    };
  }

  private static AddressKind ofBlock192(int second, int third) {
    if (second == 168) {
      return PRIVATE;
    }
    boolean isReserved =
        (second == 0 && (third == 0 || third == 2)) || (second == 88 && third == 99);
    return isReserved ? RESERVED : PUBLIC;
  }

  private static AddressKind ofSixteen(byte[] ip) {
    int head = head(ip, 0);
    int next = head(ip, 2);
    if (isZero(ip, 0, 10) && (head(ip, 10) == 0xffff || head(ip, 10) == 0)) {
      return ofLowAddress(ip);
    }
    if (head == 0x0064 && next == 0xff9b) {
      // RFC 6052 section 2.1, and the prefix for local use of RFC 8215.
      return isZero(ip, 4, 12) ? ofFour(Arrays.copyOfRange(ip, 12, 16)) : PRIVATE;
    }
    if (head == 0x2002) {
      return ofFour(Arrays.copyOfRange(ip, 2, 6));
    }
    return ofPrefix(head, next);
  }

  /** {@code ::}, {@code ::1}, and IPv4 addresses, mapped or in the form before that. */
  private static AddressKind ofLowAddress(byte[] ip) {
    boolean isMapped = head(ip, 10) == 0xffff;
    if (!isMapped && isZero(ip, 12, 15)) {
      return ip[15] == 1 ? LOOPBACK : RESERVED;
    }
    return ofFour(Arrays.copyOfRange(ip, 12, 16));
  }

  private static AddressKind ofPrefix(int head, int next) {
    if (head >> 8 == 0xff) {
      return MULTICAST;
    }
    if (head >> 6 == 0xfe80 >> 6) {
      return LINK_LOCAL;
    }
    if (head >> 9 == 0xfc00 >> 9 || head >> 6 == 0xfec0 >> 6) {
      return PRIVATE;
    }
    boolean isSpecial = head == 0x2001 && (next >> 9 == 0 || next == 0xdb8);
    return isSpecial || head >> 13 != 1 ? RESERVED : PUBLIC;
  }

  private static int head(byte[] ip, int at) {
    return (ip[at] & 0xff) << 8 | (ip[at + 1] & 0xff);
  }

  private static boolean isZero(byte[] ip, int from, int to) {
    for (int i = from; i < to; i++) {
      if (ip[i] != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return title;
  }
}
