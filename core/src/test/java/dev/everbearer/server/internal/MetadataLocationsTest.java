package dev.everbearer.server.internal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MetadataLocationsTest {

  private static final String OAUTH = "/.well-known/oauth-authorization-server";
  private static final String OPENID = "/.well-known/openid-configuration";

  @Spec({"MD-01", "MD-02", "MD-03"})
  @ParameterizedTest
  @CsvSource({
    "https://h, https://h, ''",
    "https://h/, https://h, ''",
    "https://h/a, https://h, /a",
    "https://h/a/, https://h, /a",
    "https://h:8/a/b, https://h:8, /a/b",
    "https://h/a%2Fb, https://h, /a%2Fb",
    "https://H/A, https://H, /A"
  })
  void theWellKnownPartIsInsertedTwiceAndThenAppended(String issuer, String origin, String path) {
    var locations = MetadataLocations.of(issuer).stream().map(Object::toString).toList();

    assertThat(locations.get(0)).isEqualTo(origin + OAUTH + path);
    assertThat(locations.get(1)).isEqualTo(origin + OPENID + path);
    // Without a path, inserting and appending are the same.
    assertThat(locations.get(locations.size() - 1)).isEqualTo(origin + path + OPENID);
    assertThat(locations).doesNotHaveDuplicates().hasSize(path.isEmpty() ? 2 : 3);
  }
}
