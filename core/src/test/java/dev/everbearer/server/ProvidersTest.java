package dev.everbearer.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.server.ReuseWindow.Successor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The profiles of well-known servers: how they are found, and what they hold. */
class ProvidersTest {

  @ParameterizedTest
  @CsvSource({
    "https://accounts.google.com, google",
    "https://oauth2.googleapis.com/token, google",
    "https://tenant.eu.auth0.com/, auth0",
    "https://TENANT.OKTA.COM/oauth2/default, okta",
    "https://login.microsoftonline.com/common/v2.0, microsoft",
    "https://gitlab.com, gitlab",
    "https://open.tiktokapis.com/v2/oauth/token/, tiktok",
    "https://github.com/login/oauth/access_token, github",
    "https://acme.my.salesforce.com/services/oauth2/token, salesforce",
  })
  void aServerIsRecognisedByItsHost(String url, String name) {
    assertThat(ProviderProfile.forServer(url).flatMap(ProviderProfile::provider)).contains(name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://id.example.com",
        "https://auth0.com/",
        "https://evil-okta.com",
        "https://okta.com.example.com",
        "https://github.com.example.com/login/oauth/access_token",
        "https://id.example.com/github.com",
        "https://github.com@example.com/",
        "https://gist.github.com",
        "https://gitlab.com.example.com",
        "https://gitlab.example.com",
        "https://tiktokapis.com",
        "https://keycloak.example.com/realms/keycloak"
      })
  void hostsThatOnlyLookLikeItAreNotRecognised(String url) {
    assertThat(ProviderProfile.forServer(url)).isEmpty();
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> ProviderProfile.named("gogle"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("'gogle'")
        .hasMessageContaining("github, gitlab, google, keycloak, linkedin");
  }

  @Test
  void whatLoosensARuleAppliesByNameOnly() {
    for (Providers.Provider provider : Providers.ALL) {
      ProviderProfile itself = provider.recognised();
      assertThat(itself.tokenTypeAliases()).as(provider.name()).isEmpty();
      assertThat(itself.isBasicRaw()).isFalse();
      assertThat(itself.sendsClientIdWithBasic()).isFalse();
      assertThat(itself.isAssertionForTokenEndpoint()).isFalse();
      assertThat(itself.assertionAudience()).isEmpty();
      assertThat(itself.assertionType()).contains("client-authentication+jwt");
      assertThat(itself.allowsAnyTokenCharacter()).isFalse();
      assertThat(itself.omitsRedirectUri()).isFalse();
      assertThat(itself.expectedIssuer()).isEmpty();
      assertThat(itself.formMediaTypes()).containsExactly("application/x-www-form-urlencoded");
      assertThat(provider.named().expectedIssuer()).isEmpty();
    }
    assertThat(ProviderProfile.named("slack").tokenTypeAliases())
        .containsOnly(Map.entry("bot", "Bearer"), Map.entry("user", "Bearer"));
  }

  @Test
  void namesAndHostsAreOfOneProviderEach() {
    assertThat(Providers.ALL.stream().map(Providers.Provider::name))
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(Providers.ALL.stream().flatMap(each -> each.hosts().stream()))
        .doesNotHaveDuplicates()
        .allMatch(host -> host.matches("(\\*\\.)?[a-z0-9.-]+"));
    assertThat(Providers.ALL)
        .allMatch(each -> each.named().provider().equals(Optional.of(each.name())));
  }

  @Test
  void whatEverybodyRunsOnAHostOfTheirOwnIsKnownByItsName() {
    assertThat(ProviderProfile.named("keycloak").provider()).contains("keycloak");
    assertThat(ProviderProfile.named("keycloak").refreshTokenAdvice().orElse(""))
        .contains("offline_access");
    assertThat(ProviderProfile.named("keycloak").reuseWindow().isKnown())
        .as("its realm's administrator sets it")
        .isFalse();
  }

  @Test
  void aNamedProfileIsChangedWithoutLosingTheRest() {
    ProviderProfile slack = ProviderProfile.named("slack");
    ProviderProfile changed = slack.toBuilder().reuseWindow(ReuseWindow.unlimited()).build();
    assertThat(changed.reuseWindow()).isEqualTo(ReuseWindow.unlimited());
    assertThat(changed.tokenTypeAliases()).isEqualTo(slack.tokenTypeAliases());
    assertThat(changed.scopeSeparator()).isEqualTo(',');
    assertThat(slack.reuseWindow()).isEqualTo(ReuseWindow.none());
    assertThat(changed).hasToString("ProviderProfile[slack]");
    assertThat(slack.toBuilder().strict().build().isStrict()).isTrue();
  }

  // ---- how long a replaced refresh token is taken: data, which nothing reads yet

  @ParameterizedTest
  @CsvSource({
    "okta, 30 s",
    "auth0, none",
    "atlassian, 600 s",
    "xero, 1800 s",
    "google, unlimited",
    "microsoft, unlimited",
    "salesforce, none",
    "gitlab, none",
    "tiktok, unknown",
    "linkedin, unknown",
  })
  void aProfileSaysForHowLongAReplacedRefreshTokenIsTaken(String name, String window) {
    assertThat(ProviderProfile.named(name).reuseWindow()).hasToString(window);
  }

  @Test
  void withoutAProfileTheWindowIsNotKnown() {
    for (ProviderProfile profile : List.of(ProviderProfile.standard(), ProviderProfile.strict())) {
      assertThat(profile.reuseWindow().isKnown()).isFalse();
      assertThat(profile.reuseWindow().length()).isEmpty();
    }
    ReuseWindow window = ReuseWindow.of(Duration.ofSeconds(5)).giving(Successor.SAME);
    ProviderProfile own = ProviderProfile.builder().reuseWindow(window).build();
    assertThat(own.reuseWindow().isKnown()).isTrue();
    assertThat(own.reuseWindow().isUnlimited()).isFalse();
    assertThat(own.reuseWindow().length()).contains(Duration.ofSeconds(5));
    assertThat(own.reuseWindow().successor()).isEqualTo(Successor.SAME);
    assertThat(window).isNotEqualTo(ReuseWindow.of(Duration.ofSeconds(5)));
    assertThat(ReuseWindow.none().length()).contains(Duration.ZERO);
    assertThat(ReuseWindow.unlimited().length()).isEmpty();
    assertThatThrownBy(() -> ReuseWindow.of(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({"atlassian, 90", "google, 180", "salesforce, 30"})
  void aProfileSaysAfterHowLongAnIdleGrantEnds(String name, int days) {
    assertThat(ProviderProfile.named(name).idleLimit()).contains(Duration.ofDays(days));
    assertThat(ProviderProfile.standard().idleLimit()).isEmpty();
    assertThatThrownBy(() -> ProviderProfile.builder().idleLimit(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // ---- the document

  @Test
  void theDocumentListsExactlyWhatTheEntriesHold() throws Exception {
    List<String> rows =
        Files.readAllLines(Path.of("../docs/providers.md")).stream()
            .dropWhile(line -> !line.equals("## Who is known"))
            .takeWhile(line -> !line.equals("## Write your own"))
            .filter(line -> line.startsWith("| `"))
            .toList();
    assertThat(rows).isEqualTo(Providers.ALL.stream().map(ProvidersTest::row).toList());
  }

  private static String row(Providers.Provider provider) {
    return "| `%s` | %s | %s | %s | %s | %s |"
        .formatted(
            provider.name(),
            provider.hosts().stream().map(ProvidersTest::code).collect(Collectors.joining(", ")),
            orNothing(switches(provider.recognised())),
            orNothing(onlyNamed(provider)),
            provider.recognised().reuseWindow(),
            provider.recognised().refreshTokenAdvice().orElse(""));
  }

  private static String code(String text) {
    return "`" + text + "`";
  }

  private static String orNothing(List<String> switches) {
    return switches.stream().map(ProvidersTest::code).collect(Collectors.joining(", "));
  }

  private static List<String> onlyNamed(Providers.Provider provider) {
    List<String> all = new ArrayList<>(switches(provider.named()));
    all.removeAll(switches(provider.recognised()));
    return all;
  }

  /** As one would write them. */
  private static List<String> switches(ProviderProfile profile) {
    List<String> found = new ArrayList<>();
    if (profile.scopeSeparator() != ' ') {
      found.add("scopeSeparator('" + profile.scopeSeparator() + "')");
    }
    profile.absoluteExpiryMember().ifPresent(it -> found.add("absoluteExpiry(\"" + it + "\")"));
    profile.tokenTypeAliases().keySet().stream()
        .sorted()
        .forEach(it -> found.add("tokenTypeIsBearer(\"" + it + "\")"));
    if (profile.tokenRefusal().isIn(400, name -> FACEBOOK)) {
      found.add("tokenRefusal(...)");
    }
    return found;
  }

  private static final List<String> FACEBOOK =
      List.of("OAuth \"Facebook Platform\" \"invalid_token\" \"Session has expired\"");

  @Test
  void facebookSaysByA400ThatATokenIsOver() {
    ProviderProfile facebook = ProviderProfile.named("facebook");
    assertThat(facebook.tokenRefusal().isIn(400, name -> FACEBOOK)).isTrue();
    for (int status : Set.of(403, 404)) {
      assertThat(facebook.tokenRefusal().isIn(status, name -> FACEBOOK)).isFalse();
    }
    assertThat(
            facebook
                .tokenRefusal()
                .isIn(
                    400, name -> List.of("OAuth \"Facebook Platform\" \"invalid_request\" \"x\"")))
        .isFalse();
    assertThat(facebook.tokenRefusal().isIn(400, name -> List.of())).isFalse();
  }
}
