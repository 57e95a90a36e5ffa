package dev.everbearer;

import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.Login;
import dev.everbearer.login.internal.LoopbackPath;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.store.RegistrationStore;
import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import dev.everbearer.token.OAuthException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Registers a program at one server, where it is not registered yet, and keeps that: all in this
 * process that start at the same server take turns, so that one registers and the others find it.
 * Thread-safe.
 */
final class Enrolment {

  private static final String CODE = "authorization_code";
  private static final String GRANT_TYPES = "grant_types";
  private static final String REDIRECT_URIS = "redirect_uris";
  private static final Duration DAY = Duration.ofDays(1);
  private static final ConcurrentMap<String, ReentrantLock> TURNS = new ConcurrentHashMap<>();

  private final String issuer;
  private final ClientMetadata wanted;
  private final RegistrationStore store;
  private final Supplier<Registrar> registrars;
  private final InstantSource wall;

  /**
   * The registration of one program at one server.
   *
   * @param wanted what it has to be registered as
   * @param registrars gives one that registers there, to be closed
   */
  Enrolment(
      String issuer,
      ClientMetadata wanted,
      RegistrationStore store,
      Supplier<Registrar> registrars,
      InstantSource wall) {
    this.issuer = issuer;
    this.wanted = wanted;
    this.store = store;
    this.registrars = registrars;
    this.wall = wall;
  }

  /** The template with what the login and the grant need, where it leaves that out. */
  static ClientMetadata completed(
      ClientMetadata template, Grant grant, @Nullable Login login, AuthorizationServer server) {
    ClientMetadata all = template;
    List<String> types = new ArrayList<>(template.texts(GRANT_TYPES));
    boolean isDefault = types.isEmpty() && grant.grantType().equals(CODE);
    if (!isDefault && !types.contains(grant.grantType())) {
      types.add(grant.grantType());
      all = all.grantTypes(types.toArray(String[]::new));
    }
    boolean redirects = isDefault || types.contains(CODE);
    if (redirects && template.texts(REDIRECT_URIS).isEmpty()) {
      Login used = login == null ? Login.inBrowser() : login;
      all = all.redirectUris(LoopbackPath.registered(used, server));
    }
    return all;
  }

  /** What is kept, if it is still good; else it is updated, or made anew. */
  ClientRegistration registration() {
    return inTurn(
        () -> {
          ClientRegistration kept = kept();
          if (kept == null) {
            return registered();
          }
          return isGood(kept) ? kept : renewed(kept);
        });
  }

  /** In place of one that the server does not know any more, unless somebody was faster. */
  ClientRegistration inPlaceOf(ClientRegistration unknown) {
    return inTurn(
        () -> {
          ClientRegistration kept = kept();
          boolean isAnother = kept != null && !kept.clientId().equals(unknown.clientId());
          return isAnother ? kept : registered();
        });
  }

  private @Nullable ClientRegistration kept() {
    ClientRegistration kept = store.get(issuer).orElse(null);
    if (kept != null && !kept.issuer().map(issuer::equals).orElse(false)) {
      throw Failure.builder(
              FailureKind.REFUSED,
              "%s was kept for %s. Credentials of one server never go to another: remove it from the registration store."
                  .formatted(kept, issuer))
          .build()
          .toException();
    }
    return kept;
  }

  private boolean isGood(ClientRegistration kept) {
    Instant end = kept.secretExpiresAt().orElse(null);
    boolean lasts = end == null || wall.instant().isBefore(end.minus(DAY));
    return lasts && covers(kept, GRANT_TYPES) && covers(kept, REDIRECT_URIS);
  }

  private boolean covers(ClientRegistration kept, String list) {
    List<String> registered = kept.metadata().texts(list);
    return registered.isEmpty() || registered.containsAll(wanted.texts(list));
  }

  private ClientRegistration renewed(ClientRegistration kept) {
    if (kept.registrationAccessToken().isEmpty() || kept.configurationUri().isEmpty()) {
      return registered();
    }
    try (Registrar registrar = registrars.get()) {
      return keep(registrar.update(kept, wanted));
    } catch (OAuthException e) {
      if (e.failure().map(Failure::status).orElse(0) == 401) {
        return registered();
      }
      throw e;
    }
  }

  private ClientRegistration registered() {
    try (Registrar registrar = registrars.get()) {
      return keep(registrar.register(wanted));
    }
  }

  private ClientRegistration keep(ClientRegistration registration) {
    store.put(issuer, registration);
    return registration;
  }

  private ClientRegistration inTurn(Supplier<ClientRegistration> work) {
    ReentrantLock turn = TURNS.computeIfAbsent(issuer, ignored -> new ReentrantLock());
    turn.lock();
    try {
      return work.get();
    } finally {
      turn.unlock();
    }
  }
}
