package dev.everbearer.server.internal;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.everbearer.CannedAnswer;
import dev.everbearer.Untrusting;
import dev.everbearer.server.AuthorizationServer;
import dev.everbearer.server.Endpoint;
import dev.everbearer.server.ResourceMetadata;
import dev.everbearer.server.internal.ResourceMetadataReader.UnusableResourceException;
import dev.everbearer.testing.Spec;
import dev.everbearer.wire.EndpointRules;
import dev.everbearer.wire.StrictJson;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** What servers and APIs publish about themselves. */
@Spec("SE-12")
class MetadataFuzzTest {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final String ISSUER = "https://id.example.com";
  private static final URI RESOURCE = URI.create("https://api.example.com/v1");

  @FuzzTest(maxDuration = "1m")
  void server(byte[] answer) throws Exception {
    DocumentFetcher fetcher =
        new DocumentFetcher(CannedAnswer.of(answer, NOW), Map.of(), Duration.ofSeconds(5));
    Untrusting.survives(
        () -> used(new Discovery(ISSUER, null, EndpointRules.DEFAULT, fetcher).find().value()));
  }

  private static Object used(AuthorizationServer server) {
    for (Endpoint endpoint : Endpoint.values()) {
      server.endpoint(endpoint);
      server.mutualTlsEndpoint(endpoint);
      server.authMethods(endpoint);
    }
    server.grantTypes();
    server.responseModes();
    return server;
  }

  @FuzzTest(maxDuration = "1m")
  void resource(byte[] document) throws Exception {
    for (boolean allowsPrefix : new boolean[] {true, false}) {
      Untrusting.survives(
          () ->
              used(
                  new ResourceMetadataReader(RESOURCE, allowsPrefix, EndpointRules.DEFAULT)
                      .read(StrictJson.object(document))),
          BrokenJsonException.class,
          UnusableResourceException.class);
    }
  }

  private static Object used(ResourceMetadata resource) {
    resource.authorizationServers();
    resource.scopesSupported();
    resource.takesHeader();
    resource.requiresDpop();
    resource.dpopAlgorithms();
    return resource;
  }
}
