package dev.everbearer;

import dev.everbearer.client.ClientMetadata;
import dev.everbearer.client.ClientRegistration;
import dev.everbearer.grant.Grant;
import dev.everbearer.login.Login;
import dev.everbearer.login.internal.LoopbackPath;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.store.RegistrationStore;
import dev.everbearer.token.OAuthErrorException;
import dev.everbearer.token.OAuthException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Registers a program at one server, where it is not registered yet, and keeps that: all in this
 * process that start at the same server take turns, so that one registers and the others find it.
 * Thread-safe.
 */
final class Enrolment {

  private static final System.Logger LOG = System.getLogger("dev.everbearer");
  private static final String CODE = "authorization_code";
  private static final String GRANT_TYPES = "grant_types";
  private static final String REDIRECT_URIS = "redirect_uris";

  /** RFC 7591 section 3.2.2. */
  private static final Set<String> METADATA_ERRORS =
      Set.of("invalid_redirect_uri", "invalid_client_metadata");

  /**
   * How the program is registered.
   *
   * @param isNew whether the server has just made or changed it; else it was in the store
   */
  record Outcome(ClientRegistration registration, boolean isNew) {}

  private final String issuer;
  private final ClientMetadata wanted;
  private final RegistrationShelf shelf;
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
    this.shelf = new RegistrationShelf(issuer, store);
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

  /**
   * What is kept, if it is still good; else it is updated, or made anew.
   *
   * @throws OAuthException when there is none that can be used
   * @throws InterruptedException when interrupted while others have their turn
   */
  Outcome registration() throws InterruptedException {
    return Turn.take(issuer, () -> settled(null));
  }

  /**
   * In place of one that the server does not take any more: what somebody else has kept meanwhile,
   * or an updated one, or a new one.
   *
   * @throws OAuthException when there is none
   * @throws InterruptedException when interrupted while others have their turn
   */
  Outcome inPlaceOf(ClientRegistration refused) throws InterruptedException {
    return Turn.take(issuer, () -> settled(refused));
  }

  /** Writes to the store what could not be written, if that can be done at once. */
  void flush() {
    Turn.takeIfFree(issuer, shelf::retry);
  }

  private Outcome settled(@Nullable ClientRegistration refused) {
    ClientRegistration kept = shelf.get();
    if (kept == null) {
      return registered(null, wanted);
    }
    KeptRegistration choice = new KeptRegistration(kept, wanted, refused, wall.instant());
    return switch (choice.step()) {
      case UPDATE -> updated(choice);
      case REGISTER -> registered(kept, choice.wantedByAll());
      case USE, FAIL -> new Outcome(kept, false);
    };
  }

  private Outcome updated(KeptRegistration choice) {
    ClientRegistration kept = choice.kept();
    ClientRegistration updated;
    try (Registrar registrar = registrars.get()) {
      updated = asked(choice.wantedByAll(), metadata -> registrar.update(kept, metadata));
    } catch (OAuthException e) {
      return notUpdated(choice, e);
    }
    shelf.put(updated, kept);
    return choice.after(updated) == KeptRegistration.Step.REGISTER
        ? registered(updated, choice.wantedByAll())
        : new Outcome(updated, true);
  }

  private Outcome notUpdated(KeptRegistration choice, OAuthException failed) {
    return switch (choice.after(failed)) {
      case REGISTER -> registered(choice.kept(), choice.wantedByAll());
      case USE -> asItIs(choice.kept(), failed);
      case UPDATE, FAIL -> throw failed;
    };
  }

  private static Outcome asItIs(ClientRegistration kept, OAuthException failed) {
    LOG.log(
        System.Logger.Level.WARNING,
        kept + " was not updated, and is used as it is: " + failed.getMessage());
    return new Outcome(kept, false);
  }

  private Outcome registered(@Nullable ClientRegistration before, ClientMetadata all) {
    try (Registrar registrar = registrars.get()) {
      ClientRegistration registration = asked(all, registrar::register);
      shelf.put(registration, before);
      return new Outcome(registration, true);
    }
  }

  /** Of what the server does not take any more, only what is wanted here is asked for again. */
  private ClientRegistration asked(
      ClientMetadata all, Function<ClientMetadata, ClientRegistration> question) {
    try {
      return question.apply(all);
    } catch (OAuthErrorException e) {
      if (all.equals(wanted) || !METADATA_ERRORS.contains(e.error())) {
        throw e;
      }
      return question.apply(wanted);
    }
  }
}
