package dev.everbearer.wire;

import dev.everbearer.wire.TransportException.Trouble;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.UnresolvedAddressException;
import java.security.cert.CertificateException;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;

/** Tells by what the platform throws how far an exchange came. */
final class Troubles {

  private static final Pattern TUNNEL_FAILED = Pattern.compile("Tunnel failed, got: ([0-9]{3})");

  private Troubles() {}

  static TransportException classify(Throwable thrown) {
    if (thrown instanceof CappedBody.TooLargeException tooLarge) {
      return new TransportException(
          Trouble.UNREADABLE,
          tooLarge.status(),
          "answered %d with too much: %s".formatted(tooLarge.status(), tooLarge.getMessage()),
          null);
    }
    if (hasCause(thrown, CertificateException.class)
        || hasCause(thrown, SSLPeerUnverifiedException.class)) {
      return new TransportException(
          Trouble.UNTRUSTED_SERVER,
          "showed a certificate that is not trusted for its host",
          thrown);
    }
    if (isPlaintext(thrown)) {
      return new TransportException(
          Trouble.NOT_CONNECTED,
          "does not speak TLS there; perhaps that port is for http",
          safeCause(thrown));
    }
    if (isBeforeFirstByte(thrown)) {
      return new TransportException(
          Trouble.NOT_CONNECTED, "could not be reached (" + reason(thrown) + ")", thrown);
    }
    String refused = refusedTunnel(thrown);
    if (refused != null) {
      return new TransportException(
          Trouble.NOT_CONNECTED,
          "could not be reached: the proxy opened no tunnel to it, and answered " + refused,
          null);
    }
    if (hasCause(thrown, ProtocolException.class) || hasCause(thrown, RuntimeException.class)) {
      // What the platform says of it quotes the answer, so it is not passed on.
      return new TransportException(
          Trouble.UNREADABLE, "answered with something that is not HTTP", null);
    }
    return new TransportException(
        Trouble.UNCLEAR, "broke the connection before its answer was whole", safeCause(thrown));
  }

  /**
   * What lies at the bottom, where that is the network's word. The platform's other exceptions
   * repeat what they could not read as HTTP, and that may hold anybody's secrets.
   */
  private static @Nullable Throwable safeCause(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    boolean isOfNetwork =
        root instanceof SocketException
            || root instanceof EOFException
            || root instanceof HttpTimeoutException
            || root instanceof ClosedChannelException
            || root instanceof SSLException;
    return isOfNetwork ? root : null;
  }

  /** What the platform says only of the first bytes of a handshake: nothing of ours was sent. */
  private static boolean isPlaintext(Throwable thrown) {
    return thrown instanceof SSLException
        && Objects.requireNonNullElse(thrown.getMessage(), "")
            .startsWith("Unrecognized SSL message");
  }

  /** The status by which a proxy refused a tunnel, as the platform says it; null when none did. */
  private static @Nullable String refusedTunnel(Throwable thrown) {
    Matcher refused = TUNNEL_FAILED.matcher(Objects.requireNonNullElse(thrown.getMessage(), ""));
    return thrown instanceof IOException && refused.matches() ? refused.group(1) : null;
  }

  private static boolean isBeforeFirstByte(Throwable thrown) {
    return thrown instanceof ConnectException
        || thrown instanceof HttpConnectTimeoutException
        || thrown instanceof SSLHandshakeException
        || (thrown instanceof SSLException && hasCause(thrown, SSLHandshakeException.class))
        || hasCause(thrown, UnresolvedAddressException.class);
  }

  private static String reason(Throwable thrown) {
    if (hasCause(thrown, UnresolvedAddressException.class)) {
      return "its host name does not resolve";
    }
    if (thrown instanceof HttpConnectTimeoutException) {
      return "connecting took too long";
    }
    return thrown instanceof SSLException
        ? "the TLS handshake failed; perhaps it takes no TLS version or cipher suite of this client's"
        : "connection refused";
  }

  private static boolean hasCause(Throwable thrown, Class<? extends Throwable> type) {
    for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
