package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.nimbusds.jose.util.JSONObjectUtils;
import dev.everbearer.client.ClientIdDocument;
import dev.everbearer.client.ClientMetadata;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that are known by the URL of a document (OAuth Client ID Metadata Document). */
@ExtendWith(ScriptedServers.class)
class ClientIdDocumentTest {

  private static final String URL = "https://app.example.com/oauth/client.json";
  private static final ClientMetadata METADATA =
      ClientMetadata.nativeApp("http://127.0.0.1/callback").clientName("App");

  @Test
  @Spec("CM-01")
  void theDocumentRepeatsItsUrlAndIsOneThatServersTake(ScriptedAuthorizationServer server)
      throws Exception {
    ClientIdDocument document = ClientIdDocument.at(URL, METADATA);
    assertThat(document.clientId()).isEqualTo(URL);
    assertThat(JSONObjectUtils.parse(document.json()))
        .containsAllEntriesOf(
            Map.of(
                "client_id",
                URL,
                "client_name",
                "App",
                "redirect_uris",
                List.of("http://127.0.0.1/callback"),
                "token_endpoint_auth_method",
                "none"));
    server.clientIdMetadataDocument(URL, document.json());
  }

  @Test
  @Spec("CM-01")
  void withoutAMethodThereIsNone() {
    assertThat(ClientIdDocument.at(URL, ClientMetadata.empty()).json())
        .isEqualTo("{\"client_id\":\"" + URL + "\",\"token_endpoint_auth_method\":\"none\"}");
  }

  @ParameterizedTest
  @Spec("CM-01")
  @ValueSource(
      strings = {
        "http://app.example.com/client",
        "http://127.0.0.1/client",
        "https://app.example.com",
        "https://app.example.com/a/../client",
        "https://app.example.com/./client",
        "https://app.example.com/a/..",
        "https://app.example.com/a/%2E%2e/client",
        "https://app.example.com/client#x",
        "https://user@app.example.com/client",
        "https:///client",
        "urn:client",
        "/client",
        "not a url"
      })
  void aUrlThatIsNoClientIdIsRefused(String url) {
    assertThatIllegalArgumentException().isThrownBy(() -> ClientIdDocument.at(url, METADATA));
  }

  @ParameterizedTest
  @Spec("CM-01")
  @ValueSource(strings = {"client_secret_basic", "client_secret_post", "client_secret_jwt"})
  void aMethodThatSharesASecretIsRefused(String method) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> ClientIdDocument.at(URL, METADATA.authMethod(method)))
        .withMessageContaining(method);
    assertThat(ClientIdDocument.at(URL, METADATA.authMethod("private_key_jwt")).json())
        .contains("private_key_jwt");
  }

  @Test
  @Spec("CM-01")
  void itIsUsedOnlyWhereTheMetadataSaysSo(ScriptedAuthorizationServer server) {
    ClientIdDocument document = ClientIdDocument.at(URL, METADATA);
    assertThat(isTaken(server, document)).isFalse();
    server.metadata(Map.of("client_id_metadata_document_supported", false));
    assertThat(isTaken(server, document)).isFalse();
    server.metadata(Map.of("client_id_metadata_document_supported", true));
    assertThat(isTaken(server, document)).isTrue();
  }

  private static boolean isTaken(ScriptedAuthorizationServer server, ClientIdDocument document) {
    try (Registrar registrar =
        OAuthClient.builder().issuer(server.issuer().toString()).registrar()) {
      return registrar.takes(document);
    }
  }
}
