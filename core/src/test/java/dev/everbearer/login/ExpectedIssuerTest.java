package dev.everbearer.login;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.grant.Grant;
import dev.everbearer.server.ExpectedIssuer;
import dev.everbearer.server.ProviderProfile;
import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.JwtKind;
import dev.everbearer.testing.server.ScriptedAuthorizationServer;
import dev.everbearer.testing.server.ScriptedServers;
import dev.everbearer.token.IdToken;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers that call themselves otherwise than the issuer at which they are found. */
@ExtendWith(ScriptedServers.class)
class ExpectedIssuerTest {

  private static final String TEMPLATE = "https://login.example.com/{tenantid}/v2.0";
  private static final String OURS = "https://login.example.com/72f988bf-86f1/v2.0";
  private static final ExpectedIssuer RULE =
      ExpectedIssuer.ofTenants(TEMPLATE, "72f988bf-86f1", "another");

  private final ScriptedAuthorizationServer server;

  ExpectedIssuerTest(ScriptedAuthorizationServer server) {
    this.server = server;
    // It does not name itself in its answers to the browser, as those servers do not.
    server.withoutMetadata("authorization_response_iss_parameter_supported");
    server.authorization().alterResponse(response -> response.without("iss"));
  }

  private WebLogin web(ProviderProfile profile) {
    return new WebLogin(
        server, Grant.authorizationCode().scope("openid"), builder -> builder.profile(profile));
  }

  private static ProviderProfile with(ExpectedIssuer rule) {
    return ProviderProfile.builder().expectedIssuer(rule).build();
  }

  /** The server calls itself by names of the test's. */
  private void names(String inMetadata, String inIdTokens) {
    server.metadata(Map.of("issuer", inMetadata));
    server.alterJwts(JwtKind.ID_TOKEN, jwt -> jwt.claim("iss", inIdTokens));
  }

  @Spec({"PQ-13", "MD-04"})
  @Test
  void aTemplateInTheMetadataIsRefusedByDefault() {
    names(TEMPLATE, OURS);
    for (ProviderProfile profile :
        new ProviderProfile[] {
          ProviderProfile.standard(), ProviderProfile.strict(), ProviderProfile.named("microsoft"),
        }) {
      try (WebLogin web = web(profile)) {
        assertThatThrownBy(web.flow::start)
            .hasMessageContaining("it is of another issuer, '" + TEMPLATE + "'");
      }
    }
  }

  @Spec({"PQ-13", "ID-01"})
  @Test
  void aNamedTenantIsTakenAndNoOther() throws Exception {
    names(TEMPLATE, OURS);
    try (WebLogin web = web(with(RULE))) {
      assertThat(web.login().validatedIdToken().map(IdToken::issuer)).contains(OURS);
      for (String other :
          new String[] {
            TEMPLATE,
            "https://login.example.com/9188040d-6c67/v2.0",
            OURS + "/",
            OURS.replace("72f988bf", "72F988BF"),
            OURS.replace("https://login", "https://LOGIN"),
            OURS.replace(".com/", ".com:443/"),
            server.issuer().toString(),
          }) {
        names(TEMPLATE, other);
        assertThat(WebLogin.refusal(web::login)).hasMessageContaining("it is of another issuer");
      }
    }
  }

  @Spec({"PQ-13", "MD-04"})
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://login.example.com/{tenantId}/v2.0",
        "https://login.example.com/{tenantid}/v2.0/",
        "https://login.example.com/another/v2.0",
        "https://other.example.com/{tenantid}/v2.0"
      })
  void theMetadataMustHaveTheVeryTemplate(String found) {
    names(found, OURS);
    try (WebLogin web = web(with(RULE))) {
      assertThatThrownBy(web.flow::start)
          .hasMessageContaining("it is of another issuer, '" + found + "'");
    }
  }

  @Spec("PQ-13")
  @Test
  void aTrailingSlashIsTakenOnlyWhereItIsExpected() throws Exception {
    String slashed = server.issuer() + "/";
    names(slashed, slashed);
    try (WebLogin web = web(ProviderProfile.standard())) {
      assertThatThrownBy(web.flow::start).hasMessageContaining("trailing slash");
    }
    try (WebLogin web = web(with(ExpectedIssuer.of(slashed)))) {
      assertThat(web.login().validatedIdToken().map(IdToken::issuer)).contains(slashed);
    }
    try (WebLogin web = web(with(ExpectedIssuer.of(slashed + "/")))) {
      assertThatThrownBy(web.flow::start).hasMessageContaining("it is of another issuer");
    }
  }

  @Spec("PQ-13")
  @Test
  void aRuleIsOfNamedTenantsAndOfOnePlace() {
    for (Runnable wrong :
        new Runnable[] {
          () -> ExpectedIssuer.of(""),
          () -> ExpectedIssuer.ofTenants(TEMPLATE),
          () -> ExpectedIssuer.ofTenants("https://login.example.com/v2.0", "a"),
          () -> ExpectedIssuer.ofTenants("https://{a}.example.com/{b}", "a"),
          () -> ExpectedIssuer.ofTenants(TEMPLATE, "a/../b"),
          () -> ExpectedIssuer.ofTenants(TEMPLATE, ""),
        }) {
      assertThatThrownBy(wrong::run).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
