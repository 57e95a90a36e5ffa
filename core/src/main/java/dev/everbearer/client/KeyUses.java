package dev.everbearer.client;

import dev.everbearer.client.ClientAuthentication.Target;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ProviderProfile;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * At which servers each signing key of this process is used, for as long as the clients live that
 * use it. An assertion whose audience is not the issuer may be replayed by a server that claims
 * another's endpoint, so a key of such assertions belongs to one server alone; so does an instance
 * key.
 *
 * <p>What is remembered is bounded. Of the servers of a key a few are enough, for one other forbids
 * as much as many do; of the keys of a client those that were used last are remembered.
 */
final class KeyUses {

  /** The servers of one key: all of them, and those for whose sake it may have no others. */
  private record Servers(Set<String> all, Set<String> exposed) {}

  private static final int MAX_SERVERS = 8;
  private static final int MAX_KEYS = 1000;

  private static final Object LOCK = new Object();
  private static final Map<ClientAuthentication, Recent<String, Servers>> USES =
      new WeakHashMap<>(); // guarded by LOCK

  private KeyUses() {}

  /** Throws an {@code OAuthException} when this use or an earlier one forbids it. */
  static void require(SigningKey key, Target target, ClientAuthentication owner) {
    Servers others = addUnlessForbidden(key, target, owner, isExposed(target));
    if (others != null) {
      throw ClientAssertion.refusal(
          target.server(),
          "%s is used at %s, and at %s its assertions have another audience than the issuer, as a"
                  .formatted(key, others.all(), others.exposed())
              + " ProviderProfile wants it. One of these servers could then use them at another."
              + " Register a key of its own with each; nothing was sent.");
    }
  }

  /**
   * As {@link #require}, for a key that no two servers may see: they could tell that they see the
   * same installation of a client.
   */
  static void requireOneServer(SigningKey key, Target target, ClientAuthentication owner) {
    Servers others = addUnlessForbidden(key, target, owner, true);
    if (others != null) {
      throw ClientAssertion.refusal(
          target.server(),
          "%s is the instance key for %s. Servers that see one key can tell that they see one"
                  .formatted(key, others.all())
              + " installation of a client. Give each server a key of its own; nothing was sent.");
    }
  }

  /** Null when the use was added; else all uses together, which are forbidden. */
  private static @Nullable Servers addUnlessForbidden(
      SigningKey key, Target target, ClientAuthentication owner, boolean isExposed) {
    String server = name(target);
    Set<String> all = new TreeSet<>(Set.of(server));
    Set<String> exposed = new TreeSet<>(isExposed ? Set.of(server) : Set.of());
    synchronized (LOCK) {
      addOthers(key, all, exposed);
      if (!exposed.isEmpty() && all.size() > 1) {
        return new Servers(all, exposed);
      }
      add(USES.computeIfAbsent(owner, any -> new Recent<>(MAX_KEYS)), key, server, isExposed);
      return null;
    }
  }

  private static void addOthers(SigningKey key, Set<String> all, Set<String> exposed) {
    for (Recent<String, Servers> uses : USES.values()) {
      Servers servers = uses.get(key.identity());
      if (servers != null) {
        all.addAll(servers.all());
        exposed.addAll(servers.exposed());
      }
    }
  }

  private static void add(
      Recent<String, Servers> uses, SigningKey key, String server, boolean isExposed) {
    Servers servers =
        uses.compute(
            key.identity(),
            known -> known == null ? new Servers(new HashSet<>(), new HashSet<>()) : known);
    if (servers.all().size() < MAX_SERVERS) {
      servers.all().add(server);
    }
    if (isExposed) {
      servers.exposed().add(server);
    }
  }

  private static String name(Target target) {
    AuthorizationServer server = target.server();
    return server
        .issuer()
        .or(() -> target.profile().assertionAudience())
        .orElseGet(() -> server.tokenEndpoint().toString());
  }

  private static boolean isExposed(Target target) {
    ProviderProfile profile = target.profile();
    boolean isOther =
        profile.assertionAudience().isPresent()
            && target.server().issuer().isPresent()
            && !profile.assertionAudience().equals(target.server().issuer());
    return profile.isAssertionForTokenEndpoint() || isOther;
  }
}
