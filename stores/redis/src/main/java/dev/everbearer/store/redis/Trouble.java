package dev.everbearer.store.redis;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong at the server, as what a store throws. The text of a server is left out: it may
 * repeat what was sent.
 */
final class Trouble {

  private static final Pattern CODE = Pattern.compile("([A-Z]{2,20})( .*)?", Pattern.DOTALL);

  /** What a command of a script was refused by, up to Redis 6. */
  private static final Pattern INNER_CODE = Pattern.compile("user_script: ?\\d+: -([A-Z]{2,20}) ");

  /** What a script says to a user who may run it, and not one of its commands. */
  private static final Pattern INNER_REFUSAL =
      Pattern.compile("user executing the script can't|ACL failure in script");

  private static final Set<String> NOT_ALLOWED = Set.of("NOPERM", "NOAUTH", "WRONGPASS");
  private static final String UNKNOWN = " If it was a write, whether it was done is not known.";

  private Trouble() {}

  static OAuthException noConnection(String doing, RedisException e) {
    return trouble(
        FailureKind.SERVER_TROUBLE,
        "Could not %s: the client made no connection (%s). Nothing was read or written. Check the server, and the client's address and password."
            .formatted(doing, e.getClass().getName()),
        e);
  }

  static OAuthException busyConnecting(String doing) {
    return trouble(
        FailureKind.SERVER_TROUBLE,
        "Could not %s: the client has made no connection in time. Nothing was read or written. Check the server, and the client's address."
            .formatted(doing),
        null);
  }

  /** Sets the thread's flag again. */
  static OAuthException interrupted(String doing) {
    Thread.currentThread().interrupt();
    return trouble(
        FailureKind.SERVER_TROUBLE,
        "Could not %s: the thread was interrupted while it waited for the server.%s"
            .formatted(doing, UNKNOWN),
        null);
  }

  static OAuthException noAnswer(String doing) {
    return trouble(
        FailureKind.SERVER_TROUBLE,
        "Could not %s: the server did not answer in time.%s".formatted(doing, UNKNOWN),
        null);
  }

  static OAuthException notReplicated(String doing, int replicas) {
    return trouble(
        FailureKind.SERVER_TROUBLE,
        "Could not %s: the server has it, and not enough of its replicas (of %d) said in time that they have it too. If it fails over now, whether the write is kept is not known."
            .formatted(doing, replicas),
        null);
  }

  static OAuthException unreadable(String doing) {
    return trouble(
        FailureKind.SERVER_TROUBLE,
        "Could not %s: the answer is none of the store's scripts. Check what stands between the client and the server.%s"
            .formatted(doing, UNKNOWN),
        null);
  }

  static OAuthException at(String doing, @Nullable Throwable e) {
    if (e instanceof RedisCommandExecutionException refused) {
      return refused(doing, code(refused));
    }
    return trouble(
        FailureKind.SERVER_TROUBLE,
        "Could not %s: the connection was lost, or gave no answer (%s).%s"
            .formatted(doing, e == null ? "no cause" : e.getClass().getName(), UNKNOWN),
        null);
  }

  private static OAuthException refused(String doing, String code) {
    if (NOT_ALLOWED.contains(code)) {
      return trouble(
          FailureKind.REFUSED,
          "Could not %s (%s): the server's user may not. It needs the keys, the channel and the commands that the page about this store lists."
              .formatted(doing, code),
          null);
    }
    return trouble(
        FailureKind.SERVER_TROUBLE,
        "Could not %s: the server answered with the error %s. Its log and its documentation say more."
            .formatted(doing, code),
        null);
  }

  /** The word that says what it is, if it is one that servers use. */
  static String code(RedisCommandExecutionException e) {
    String text = String.valueOf(e.getMessage());
    if (INNER_REFUSAL.matcher(text).find()) {
      return "NOPERM";
    }
    Matcher inner = INNER_CODE.matcher(text);
    if (inner.find()) {
      return inner.group(1);
    }
    Matcher code = CODE.matcher(text);
    return code.matches() ? code.group(1) : "of an unknown kind";
  }

  private static OAuthException trouble(
      FailureKind kind, String message, @Nullable Throwable cause) {
    return Failure.builder(kind, message).cause(cause).build().toException();
  }
}
