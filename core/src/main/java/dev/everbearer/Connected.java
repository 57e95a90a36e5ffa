package dev.everbearer;

import dev.everbearer.grant.Grant;
import dev.everbearer.store.GrantKey;
import dev.everbearer.store.GrantSummary;
import dev.everbearer.store.TokenStore;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The grants of users in a store. */
final class Connected {

  /** Of all of them. */
  private static final String GRANT_TYPE = Grant.connected("any").grantType();

  private Connected() {}

  /**
   * One page; a shorter one is the last.
   *
   * @param after the subject to go on behind; null to begin
   */
  static List<GrantSummary> page(
      TokenStore store, String registration, @Nullable String after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("A page has one grant at least: " + limit);
    }
    List<GrantSummary> found = new ArrayList<>();
    GrantKey last = after == null ? null : new GrantKey(registration, GRANT_TYPE, after);
    List<GrantSummary> listed;
    do {
      listed = store.list(registration, last, limit);
      for (GrantSummary each : listed) {
        last = each.key();
        if (last.grantType().equals(GRANT_TYPE) && found.size() < limit) {
          found.add(each);
        }
      }
    } while (found.size() < limit && listed.size() == limit);
    return List.copyOf(found);
  }
}
