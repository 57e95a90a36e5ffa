package dev.everbearer.server.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.server.internal.MetadataReader.UnusableMetadataException;
import dev.everbearer.testing.Spec;
import dev.everbearer.wire.EndpointRules;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MetadataReaderTest {

  private static Object read(String issuer, String found) throws UnusableMetadataException {
    Map<String, Object> document = Map.of("issuer", found, "token_endpoint", "https://h/token");
    return new MetadataReader(issuer, null, EndpointRules.DEFAULT).read(document);
  }

  @Spec("MD-04")
  @ParameterizedTest
  @CsvSource({
    "https://h, https://h/",
    "https://h/, https://h",
    "https://h, https://h:443",
    "https://h:443, https://h",
    "https://h, https://H",
    "https://h, HTTPS://h",
    "https://h/a, https://h/A",
    "https://h/a, https://h/%61",
    "https://h/%2f, https://h/%2F",
    "https://h/a, https://h/b/../a",
    "https://h, https://h?",
    "https://h/\u00e9, https://h/e\u0301"
  })
  void anyOtherWritingOfTheIssuerIsAnotherIssuer(String issuer, String found) {
    assertThatThrownBy(() -> read(issuer, found))
        .isInstanceOf(UnusableMetadataException.class)
        .hasMessageContaining("another issuer");
  }

  @Spec("MD-04")
  @ParameterizedTest
  @ValueSource(strings = {"https://h", "https://h/", "https://H:443/A%2f", "https://h/a/b/"})
  void theSameCodePointsAreTheSameIssuer(String issuer) throws UnusableMetadataException {
    assertThat(read(issuer, issuer)).hasToString(issuer);
  }
}
