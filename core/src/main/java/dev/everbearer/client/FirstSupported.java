package dev.everbearer.client;

import dev.everbearer.token.Failure;
import dev.everbearer.token.FailureKind;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Several methods of one client, of which a server gets the first that it lists. */
final class FirstSupported extends ClientAuthentication {

  private final List<ClientAuthentication> methods;

  /** Throws {@code IllegalArgumentException} if they are none, or not of one client. */
  FirstSupported(List<ClientAuthentication> methods) {
    super(clientIdOf(methods));
    this.methods = List.copyOf(methods);
  }

  private static String clientIdOf(List<ClientAuthentication> methods) {
    List<String> ids = methods.stream().map(ClientAuthentication::clientId).distinct().toList();
    if (ids.size() != 1) {
      throw new IllegalArgumentException(
          "Give at least one method, and all for one client: the client ids are " + ids + ".");
    }
    return ids.get(0);
  }

  @Override
  public String method(Target target) {
    return chosen(target).method(target);
  }

  @Override
  boolean isSupportedAt(Target target) {
    return methods.stream().anyMatch(each -> each.isSupportedAt(target));
  }

  @Override
  public boolean isConfidential() {
    return methods.stream().anyMatch(ClientAuthentication::isConfidential);
  }

  @Override
  public Optional<ClientCertificate> certificate() {
    return methods.stream().flatMap(each -> each.certificate().stream()).findFirst();
  }

  @Override
  public Optional<Supplier<String>> clientSecret() {
    return methods.stream().flatMap(each -> each.clientSecret().stream()).findFirst();
  }

  @Override
  public Optional<DpopKey> dpopKey() {
    return methods.stream().flatMap(each -> each.dpopKey().stream()).findFirst();
  }

  @Override
  public boolean usesPrivateKey() {
    return methods.stream().allMatch(ClientAuthentication::usesPrivateKey);
  }

  @Override
  public boolean usesCertificate() {
    return methods.stream().anyMatch(ClientAuthentication::usesCertificate);
  }

  @Override
  public void configuredFor(Target target) {
    methods.forEach(each -> each.configuredFor(target));
  }

  @Override
  public Parts parts(Target target) {
    return chosen(target).parts(target);
  }

  private ClientAuthentication chosen(Target target) {
    return methods.stream()
        .filter(each -> each.isSupportedAt(target))
        .findFirst()
        .orElseThrow(
            () ->
                Failure.builder(
                        FailureKind.REFUSED,
                        "The %s of %s takes none of the client's authentication methods, only %s."
                                .formatted(
                                    target.endpoint(),
                                    target.server(),
                                    target.server().authMethods(target.endpoint()))
                            + " Give the client one of these; nothing was sent.")
                    .endpoint(target.server().tokenEndpoint())
                    .build()
                    .toException());
  }
}
