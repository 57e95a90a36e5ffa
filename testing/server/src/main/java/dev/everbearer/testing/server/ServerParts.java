package dev.everbearer.testing.server;

import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The parts of an authorization server, put together. */
final class ServerParts {

  private static final List<String> AUTHENTICATED =
      List.of("token_endpoint", "revocation_endpoint", "introspection_endpoint");

  private static final List<String> TAKING_PROOFS =
      List.of("token_endpoint", "pushed_authorization_request_endpoint");

  final InstantSource clock;
  final Endpoints endpoints;
  final ClientRegistry clients = new ClientRegistry();
  final ClientAssertionRules clientAssertions;
  final AttestationRules attestationRules = new AttestationRules();
  final Attestations attestations;
  final ClientAuthenticator authenticator;
  final ServerKeys keys = new ServerKeys();
  final ResponseJwts jwts;
  final DpopRules dpop = new DpopRules();
  final DpopProofs proofs;
  final MutualTls mutualTls = new MutualTls();
  final GrantRules grants = new GrantRules();
  final TokenVault vault;
  final TokenIssuer issuer;
  final TokenEndpoint tokens;
  final ClientCredentialsGrant clientCredentials;
  final AuthorizationScript authorization = new AuthorizationScript();
  final AuthorizationCodes codes;
  final PendingLogins deviceLogins;
  final DeviceScript device;
  final TokenExchangeScript tokenExchange = new TokenExchangeScript();
  final AssertionGrantRules assertionGrants;
  final PendingLogins cibaLogins;
  final CibaScript ciba;
  final RegistrationScript registration = new RegistrationScript();
  final DpopRules userInfoDpop = new DpopRules();
  final UserInfoEndpoint userInfo;
  final Metadata metadata;
  volatile boolean clientIdMetadataDocuments;

  ServerParts(AuthorizationServerBuilder options, Function<String, URI> places) {
    clock = options.clock();
    endpoints = new Endpoints(places, options.issuerPath(), options.isStrict());
    clientAssertions = new ClientAssertionRules(endpoints::issuer);
    attestations = new Attestations(clock, attestationRules, endpoints::issuer);
    authenticator =
        new ClientAuthenticator(
            clock,
            clients,
            new ClientAssertions(clock, clientAssertions),
            attestations,
            options.tlsOptions() != null);
    jwts = new ResponseJwts(clock, endpoints::issuer, keys);
    vault = new TokenVault(clock, grants);
    issuer = new TokenIssuer(vault, new IdTokens(clock, jwts));
    clientCredentials = new ClientCredentialsGrant(grants, issuer);
    codes = new AuthorizationCodes(clock, vault);
    deviceLogins = new PendingLogins(clock);
    device = new DeviceScript(clock, deviceLogins, authorization);
    cibaLogins = new PendingLogins(clock);
    ciba = new CibaScript(clock, cibaLogins, authorization);
    userInfo = new UserInfoEndpoint(userInfoGate(), clients, jwts);
    assertionGrants = new AssertionGrantRules(this::assertionAudiences);
    proofs = new DpopProofs(clock, dpop);
    tokens = new TokenEndpoint(authenticator, new Confirmations(dpop, proofs, mutualTls));
    metadata = new Metadata(options.issuerPath(), this::describe);
    addGrantTypes();
    addEndpoints(options.tokenEndpointQuery());
    addAuthorizationEndpoints();
    addDeviceEndpoint();
    addCibaEndpoint();
    addRegistrationEndpoints();
    addOpenIdEndpoints();
  }

  private ResourceGate userInfoGate() {
    return new ResourceGate(
        clock,
        vault::activeAccessToken,
        userInfoDpop,
        new DpopProofs(clock, userInfoDpop),
        "userinfo",
        request -> Optional.empty());
  }

  private void addGrantTypes() {
    tokens.add("client_credentials", clientCredentials);
    tokens.add("refresh_token", new RefreshTokenGrant(vault, issuer));
    tokens.add(
        PendingLoginGrant.DEVICE_CODE,
        new PendingLoginGrant("device_code", deviceLogins, grants, issuer));
    tokens.add(
        PendingLoginGrant.CIBA, new PendingLoginGrant("auth_req_id", cibaLogins, grants, issuer));
    tokens.add(
        TokenExchangeGrant.NAME,
        new TokenExchangeGrant(
            clock, new ExchangedTokens(clock, vault, keys, tokenExchange), grants, issuer, keys));
    tokens.addForAnybody(
        JwtBearerGrant.NAME, new JwtBearerGrant(clock, assertionGrants, grants, issuer));
    tokens.addForAnybody(
        Saml2BearerGrant.NAME, new Saml2BearerGrant(assertionGrants, grants, issuer));
    tokens.add(
        "authorization_code", new AuthorizationCodeGrant(codes, authorization, grants, issuer));
  }

  private void addEndpoints(String tokenQuery) {
    TokenStatusEndpoints statuses = new TokenStatusEndpoints(authenticator, vault, jwts);
    endpoints.addForm("token_endpoint", "/token", tokenQuery, tokens::answer);
    endpoints.addForm("revocation_endpoint", "/revoke", "", statuses::revoke);
    endpoints.addForm("introspection_endpoint", "/introspect", "", statuses::introspect);
    endpoints.add("jwks_uri", "/jwks", keys::answer);
    endpoints.add("challenge_endpoint", "/challenge", attestations::challenge);
  }

  private Set<String> assertionAudiences() {
    return Set.of(endpoints.issuer(), endpoints.uri("token_endpoint").toString());
  }

  private void addDeviceEndpoint() {
    DeviceAuthorizationEndpoint endpoint =
        new DeviceAuthorizationEndpoint(
            authenticator, grants, deviceLogins, device, () -> endpoints.place("/device"));
    endpoints.addForm(
        "device_authorization_endpoint", "/device_authorization", "", endpoint::answer);
    endpoints.addPages("/device", endpoint::page);
  }

  private void addCibaEndpoint() {
    BackchannelAuthenticationEndpoint endpoint =
        new BackchannelAuthenticationEndpoint(authenticator, grants, cibaLogins, ciba);
    endpoints.addForm("backchannel_authentication_endpoint", "/bc-authorize", "", endpoint::answer);
  }

  private void addRegistrationEndpoints() {
    Registrations registrations =
        new Registrations(clock, clients, registration, id -> endpoints.place("/register/" + id));
    RegistrationEndpoint endpoint =
        new RegistrationEndpoint(registrations, registration, tokens::grantTypes);
    endpoints.add("registration_endpoint", "/register", endpoint::answer);
    endpoints.addPages(
        "/register/[^/]+",
        new ClientConfigurationEndpoint(registrations, tokens::grantTypes)::answer);
  }

  private void addOpenIdEndpoints() {
    EndSessionEndpoint logout =
        new EndSessionEndpoint(endpoints::issuer, clients, keys, authorization);
    endpoints.add(
        "userinfo_endpoint",
        "/userinfo",
        request -> userInfoDpop.withNonce(userInfo.answer(request)));
    endpoints.add("end_session_endpoint", "/end_session", logout::answer);
  }

  private void addAuthorizationEndpoints() {
    RequestObjects requestObjects = new RequestObjects(clock, endpoints::issuer);
    PushedRequests pushed = new PushedRequests(clock);
    AuthorizationEndpoint authorize =
        new AuthorizationEndpoint(
            clock,
            new AuthorizationRequestReader(clients, requestObjects, pushed, authorization),
            new AuthorizationResponses(clock, endpoints::issuer, authorization, jwts),
            codes,
            grants,
            authorization);
    PushedAuthorizationEndpoint par =
        new PushedAuthorizationEndpoint(
            authenticator, proofs, requestObjects, pushed, grants, authorization);
    endpoints.add("authorization_endpoint", "/authorize", authorize::answer);
    endpoints.addForm("pushed_authorization_request_endpoint", "/par", "", par::answer);
  }

  Answer answer(RecordedRequest request) {
    if (metadata.isAt(request.path())) {
      return metadata.answer(request);
    }
    Answer answer = attestationRules.withChallenge(endpoints.answer(request));
    return TAKING_PROOFS.stream().map(endpoints::path).anyMatch(request.path()::equals)
        ? dpop.withNonce(answer)
        : answer;
  }

  private Map<String, Object> describe() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("issuer", endpoints.issuer());
    endpoints.describe(document);
    document.put("grant_types_supported", tokens.grantTypes());
    for (String endpoint : AUTHENTICATED) {
      document.put(endpoint + "_auth_methods_supported", authenticator.acceptedNames());
      document.put(endpoint + "_auth_signing_alg_values_supported", clientAssertions.algorithms());
    }
    attestationRules.describe(document);
    describeAuthorization(document);
    grants.describe(document);
    mutualTls.describe(document, endpoints);
    document.put("backchannel_token_delivery_modes_supported", List.of("poll", "ping"));
    document.put("userinfo_signing_alg_values_supported", ServerKeys.ALGORITHMS);
    document.put("introspection_signing_alg_values_supported", ServerKeys.ALGORITHMS);
    if (clientIdMetadataDocuments) {
      document.put("client_id_metadata_document_supported", true);
    }
    document.put("dpop_signing_alg_values_supported", dpop.algorithms());
    return document;
  }

  private void describeAuthorization(Map<String, Object> document) {
    document.put("response_types_supported", List.of("code"));
    document.put("response_modes_supported", ResponseMode.SUPPORTED);
    document.put("code_challenge_methods_supported", List.of("S256"));
    document.put("authorization_response_iss_parameter_supported", true);
    document.put("subject_types_supported", List.of("public"));
    document.put("request_parameter_supported", true);
    document.put("request_uri_parameter_supported", false);
    document.put("request_object_signing_alg_values_supported", RequestObjects.ALGORITHMS);
    document.put("require_signed_request_object", authorization.isRequestObjectRequired());
    document.put("require_pushed_authorization_requests", authorization.isPushingRequired());
    document.put("id_token_signing_alg_values_supported", ServerKeys.ALGORITHMS);
    document.put("authorization_signing_alg_values_supported", ServerKeys.ALGORITHMS);
  }
}
