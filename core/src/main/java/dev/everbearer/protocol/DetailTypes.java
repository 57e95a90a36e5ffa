package dev.everbearer.protocol;

import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.token.AuthorizationDetail;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The types of authorization details that a server lists (RFC 9396 section 10). */
public final class DetailTypes {

  private static final String LISTED = "authorization_details_types_supported";

  private DetailTypes() {}

  /**
   * Says which type of detail a server would refuse; null when it lists all, or lists none at all.
   */
  public static @Nullable String refusal(
      AuthorizationServer server, List<AuthorizationDetail> details) {
    List<String> listed = server.listed(LISTED).orElse(null);
    if (listed == null) {
      return null;
    }
    return details.stream()
        .map(AuthorizationDetail::type)
        .filter(type -> !listed.contains(type))
        .findFirst()
        .map(
            type ->
                "it takes no authorization details of the type %s, only of %s, so nothing was sent."
                    .formatted(type, listed))
        .orElse(null);
  }

  /** Refuses what the server would refuse. */
  static void require(AuthorizationServer server, List<AuthorizationDetail> details) {
    String why = refusal(server, details);
    if (why != null) {
      throw Failure.builder(
              FailureKind.REFUSED,
              "The server %s lists its types in its metadata: %s".formatted(server, why))
          .endpoint(server.tokenEndpoint())
          .build()
          .toException();
    }
  }

  /** What is asked for and not granted: the type of the first such detail; null when all is. */
  static @Nullable String narrowed(
      List<AuthorizationDetail> asked, List<AuthorizationDetail> granted) {
    return asked.stream()
        .filter(wanted -> granted.stream().noneMatch(each -> each.covers(wanted)))
        .map(AuthorizationDetail::type)
        .findFirst()
        .orElse(null);
  }
}
