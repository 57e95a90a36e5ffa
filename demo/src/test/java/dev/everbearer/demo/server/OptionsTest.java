package dev.everbearer.demo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class OptionsTest {

  @Test
  void makesUpAClientAtEveryCall() {
    var one = DemoServers.Options.defaults();
    var other = DemoServers.Options.defaults();
    assertThat(one.accessTokenLifetime()).isEqualTo(Duration.ofSeconds(5));
    assertThat(one.clientId()).isNotEqualTo(other.clientId());
    assertThat(one.clientSecret()).isNotEqualTo(other.clientSecret()).hasSizeGreaterThan(40);
  }

  @Test
  void keepsTheSecretOutOfItsText() {
    var options = DemoServers.Options.defaults();
    assertThat(options.toString()).contains(options.clientId());
    assertThat(options.toString()).doesNotContain(options.clientSecret());
  }

  @Test
  void startsWithTheClientGiven() {
    var options = DemoServers.Options.defaults().withClient("my client", "s3cret: a+b/c%20=ü");
    try (var servers = DemoServers.start(options)) {
      Caller caller = new Caller(servers);
      assertThat(servers.clientId()).isEqualTo("my client");
      assertThat(caller.clientCredentials().status()).isEqualTo(200);
      assertThat(caller.tokenWithPost("grant_type=client_credentials").status()).isEqualTo(200);
    }
  }
}
