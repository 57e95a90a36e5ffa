package dev.everbearer.testing.server;

import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The parts of an authorization server, put together. */
final class ServerParts {

  private static final List<String> AUTHENTICATED =
      List.of("token_endpoint", "revocation_endpoint", "introspection_endpoint");

  final ClientRegistry clients = new ClientRegistry();
  final ServerKeys keys = new ServerKeys();
  final Endpoints endpoints;
  final TokenVault vault;
  final ClientAssertionRules clientAssertions;
  final ClientAuthenticator authenticator;
  final TokenEndpoint tokens;
  final Metadata metadata;

  ServerParts(AuthorizationServerBuilder options, Function<String, URI> places) {
    InstantSource clock = options.clock();
    endpoints = new Endpoints(places, options.issuerPath(), options.isStrict());
    vault = new TokenVault(clock);
    clientAssertions = new ClientAssertionRules(endpoints::issuer);
    authenticator = new ClientAuthenticator(clients, new ClientAssertions(clock, clientAssertions));
    tokens = new TokenEndpoint(authenticator, vault);
    metadata = new Metadata(options.issuerPath(), this::describe);
    addEndpoints(options.tokenEndpointQuery());
  }

  private void addEndpoints(String tokenQuery) {
    TokenStatusEndpoints statuses = new TokenStatusEndpoints(authenticator, vault);
    endpoints.addForm("token_endpoint", "/token", tokenQuery, tokens::answer);
    endpoints.addForm("revocation_endpoint", "/revoke", "", statuses::revoke);
    endpoints.addForm("introspection_endpoint", "/introspect", "", statuses::introspect);
    endpoints.add("jwks_uri", "/jwks", keys::answer);
  }

  private Map<String, Object> describe() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("issuer", endpoints.issuer());
    endpoints.describe(document);
    document.put("grant_types_supported", List.of("client_credentials", "refresh_token"));
    document.put("response_types_supported", List.of());
    for (String endpoint : AUTHENTICATED) {
      document.put(endpoint + "_auth_methods_supported", authenticator.acceptedNames());
      document.put(endpoint + "_auth_signing_alg_values_supported", clientAssertions.algorithms());
    }
    return document;
  }
}
