package dev.everbearer.cli;

import dev.everbearer.http.OAuthIOException;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import javax.net.ssl.SSLException;

/** Turns what was thrown into a sentence for a person, and a status for a script. */
final class ErrorTeller {

  private final Surroundings around;

  ErrorTeller(Surroundings around) {
    this.around = around;
  }

  int tell(Exception thrown, boolean isVerbose) {
    boolean isUsage = thrown instanceof UsageException;
    around.say(sentence(thrown));
    if (isVerbose && !isUsage) {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      around.say(trace.toString());
    }
    if (thrown instanceof InterruptedException) {
      Thread.currentThread().interrupt();
    }
    return isUsage ? ExitStatus.USAGE : ExitStatus.FAILED;
  }

  private static String sentence(Exception thrown) {
    if (thrown instanceof UsageException
        || thrown instanceof OAuthException
        || thrown instanceof OAuthIOException
        || thrown.getCause() instanceof OAuthException) {
      return ShellAdvice.of(String.valueOf(thrown.getMessage()));
    }
    if (thrown instanceof IOException io) {
      return "The API " + trouble(io);
    }
    if (thrown instanceof InterruptedException) {
      return "The command was interrupted.";
    }
    return "Something unexpected happened, which is a fault of this command: "
        + thrown
        + ". With -v it says where.";
  }

  private static String trouble(IOException thrown) {
    if (hasCause(thrown, UnresolvedAddressException.class)) {
      return "could not be reached: its host name does not resolve. Check the URL.";
    }
    if (hasCause(thrown, HttpConnectTimeoutException.class)) {
      return "could not be reached: connecting took too long. Check the URL and the network.";
    }
    if (hasCause(thrown, ConnectException.class)) {
      return "could not be reached: connection refused. Check the URL, and that it is up.";
    }
    if (thrown instanceof HttpTimeoutException) {
      return "did not answer in time. Check that it is well, or allow more with --timeout.";
    }
    if (hasCause(thrown, SSLException.class)) {
      return "could not be trusted: the TLS handshake failed (" + thrown.getMessage() + ").";
    }
    return "broke the connection before its answer was whole (" + thrown.getMessage() + ").";
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
