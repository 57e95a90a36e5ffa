package dev.everbearer.client;

import dev.everbearer.client.ClientAuthentication.Target;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.ProviderProfile;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;

/**
 * At which servers each signing key of this process is used, for as long as the clients live that
 * use it. An assertion whose audience is not the issuer may be replayed by a server that claims
 * another's endpoint, so a key of such assertions belongs to one server alone.
 */
final class KeyUses {

  /** The servers of one key: all of them, and those that get another audience than their issuer. */
  private record Servers(Set<String> all, Set<String> exposed) {}

  private static final Object LOCK = new Object();
  private static final Map<ClientAuthentication, Map<String, Servers>> USES =
      new WeakHashMap<>(); // guarded by LOCK

  private KeyUses() {}

  /** Throws an {@code OAuthException} when this use or an earlier one forbids it. */
  static void require(SigningKey key, Target target, ClientAuthentication owner) {
    String server = name(target);
    Set<String> all = new TreeSet<>(Set.of(server));
    Set<String> exposed = new TreeSet<>(isExposed(target) ? Set.of(server) : Set.of());
    synchronized (LOCK) {
      addOthers(key, all, exposed);
      if (exposed.isEmpty() || all.size() == 1) {
        add(USES.computeIfAbsent(owner, any -> new HashMap<>()), key, server, isExposed(target));
        return;
      }
    }
    throw ClientAssertion.refusal(
        target.server(),
        "%s is used at %s, and at %s its assertions have another audience than the issuer, as a"
                .formatted(key, all, exposed)
            + " ProviderProfile wants it. One of these servers could then use them at another."
            + " Register a key of its own with each; nothing was sent.");
  }

  private static void addOthers(SigningKey key, Set<String> all, Set<String> exposed) {
    for (Map<String, Servers> uses : USES.values()) {
      Servers servers = uses.get(key.identity());
      if (servers != null) {
        all.addAll(servers.all());
        exposed.addAll(servers.exposed());
      }
    }
  }

  private static void add(
      Map<String, Servers> uses, SigningKey key, String server, boolean isExposed) {
    Servers servers =
        uses.computeIfAbsent(key.identity(), any -> new Servers(new HashSet<>(), new HashSet<>()));
    servers.all().add(server);
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
