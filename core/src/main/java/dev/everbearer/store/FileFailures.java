package dev.everbearer.store;

import dev.everbearer.store.internal.LockFile.LockedException;
import dev.everbearer.store.internal.PrivateReads.NotPrivateException;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.io.IOException;
import java.nio.file.Path;

/** Why what is kept in a file cannot be had. */
final class FileFailures {

  private FileFailures() {}

  /** A disk may recover by itself; modes are changed by somebody. */
  static OAuthException of(String what, Path file, String toBe, IOException cause) {
    boolean isOpenToOthers = cause instanceof NotPrivateException;
    return Failure.builder(
            isOpenToOthers ? FailureKind.REFUSED : FailureKind.SERVER_TROUBLE,
            "%s in %s cannot be %s: %s".formatted(what, file, toBe, why(cause)))
        .cause(cause)
        .build()
        .toException();
  }

  private static String why(IOException cause) {
    if (cause instanceof NotPrivateException || cause instanceof LockedException) {
      return String.valueOf(cause.getMessage());
    }
    return "%s (%s). Nothing was changed; the disk needs room, and this user the right to write there."
        .formatted(cause.getMessage(), cause.getClass().getSimpleName());
  }

  static OAuthException keyMissing(String what, Path file, String why, String remedy) {
    return Failure.builder(
            FailureKind.REFUSED,
            "%s in the file %s cannot be opened: %s. %s.".formatted(what, file, why, remedy))
        .build()
        .toException();
  }
}
