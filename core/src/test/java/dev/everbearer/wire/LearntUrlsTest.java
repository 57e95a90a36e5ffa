package dev.everbearer.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.ScriptedApi;
import dev.everbearer.wire.TransportException.Trouble;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LearntUrlsTest {

  private static final URI PUBLIC_API = URI.create("https://8.8.8.8/api");

  /** Names resolve to what stands here; literals to themselves. */
  private static final Map<String, String[]> NAMES =
      Map.of(
          "public.example", new String[] {"8.8.8.8", "2606:4700::1111"},
          "mixed.example", new String[] {"8.8.8.8", "10.1.2.3"},
          "inside.example", new String[] {"10.1.2.3"},
          "local.example", new String[] {"127.0.0.1"});

  private static InetAddress[] resolve(String host) throws UnknownHostException {
    if (host.startsWith("gone")) {
      throw new UnknownHostException(host);
    }
    String[] literals = NAMES.getOrDefault(host, new String[] {host});
    InetAddress[] addresses = new InetAddress[literals.length];
    for (int i = 0; i < literals.length; i++) {
      addresses[i] = InetAddress.getByName(literals[i]);
    }
    return addresses;
  }

  private static LearntUrls from(URI given, String... listed) {
    return new LearntUrls(given, Set.of(listed), LearntUrlsTest::resolve);
  }

  @ParameterizedTest
  @CsvSource({
    "127.0.0.1, loopback",
    "127.255.255.254, loopback",
    "[::1], loopback",
    "169.254.169.254, link-local",
    "[fe80::1], link-local",
    "[febf::1], link-local",
    "10.0.0.1, private",
    "172.16.0.1, private",
    "172.31.255.255, private",
    "192.168.0.1, private",
    "[fc00::1], private",
    "[fdff::1], private",
    "[fec0::1], private",
    "100.64.0.1, carrier",
    "100.127.255.255, carrier",
    "224.0.0.1, multicast",
    "239.1.1.1, multicast",
    "[ff02::1], multicast",
    "0.0.0.0, reserved",
    "[::], reserved",
    "240.0.0.1, reserved",
    "255.255.255.255, reserved",
    "192.0.0.1, reserved",
    "192.0.2.1, reserved",
    "192.88.99.1, reserved",
    "198.18.0.1, reserved",
    "198.19.255.255, reserved",
    "198.51.100.1, reserved",
    "203.0.113.1, reserved",
    "[2001:db8::1], reserved",
    "[2001::1], reserved",
    "[4000::1], reserved",
    "[::ffff:127.0.0.1], loopback",
    "[::ffff:a9fe:a9fe], link-local",
    "[::10.0.0.1], private",
    "[64:ff9b::127.0.0.1], loopback",
    "[64:ff9b::a9fe:a9fe], link-local",
    "[64:ff9b:1::808:808], private",
    "[2002:a9fe:a9fe::1], link-local",
    "mixed.example, private",
    "inside.example, private",
    "local.example, loopback",
  })
  @Spec("SE-30")
  void whatLeadsInsideIsNotCalled(String host, String kind) {
    assertThat(from(PUBLIC_API).objection(URI.create("https://" + host + "/x"))).contains(kind);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "8.8.4.4",
        "100.63.255.255",
        "100.128.0.1",
        "169.253.1.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.1.0.1",
        "192.167.1.1",
        "198.17.1.1",
        "198.20.1.1",
        "198.51.99.1",
        "203.0.112.1",
        "223.1.1.1",
        "[2606:4700::1111]",
        "[::ffff:8.8.8.8]",
        "[64:ff9b::808:808]",
        "[2002:808:808::1]",
        "public.example",
        "gone.example",
        "h0x.example",
      })
  @Spec("SE-30")
  void whatIsPublicIsCalled(String host) {
    assertThat(from(PUBLIC_API).objection(URI.create("https://" + host + "/x"))).isNull();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://0177.0.0.1/",
        "https://127.0.0.01/",
        "https://[fe80::1%25eth0]/",
        "https://8.8.8.8./",
        "https://0x7f.0.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://127.1/"
      })
  @Spec("SE-30")
  void numbersInOtherFormsAreNotCalled(String url) {
    URI uri = URI.create(url);
    if (uri.getHost() == null) {
      assertThatThrownBy(() -> EndpointRules.DEFAULT.check("endpoint", uri))
          .isInstanceOf(IllegalArgumentException.class);
    } else {
      assertThat(from(PUBLIC_API).objection(uri)).contains("number");
    }
  }

  @Test
  @Spec("SE-30")
  void anApiInsideMayNameWhatIsInTheSameKindOfPlace() {
    URI local = URI.create("http://127.0.0.1:8080/api");
    assertThat(from(local).objection(URI.create("http://[::1]:9000/"))).isNull();
    assertThat(from(local).objection(URI.create("https://local.example/"))).isNull();
    assertThat(from(local).objection(URI.create("https://169.254.169.254/"))).contains("link");
    URI inside = URI.create("https://inside.example/");
    assertThat(from(inside).objection(URI.create("https://192.168.7.7/"))).isNull();
    assertThat(from(inside).objection(URI.create("http://127.0.0.1/"))).contains("loopback");
  }

  @Test
  @Spec("SE-30")
  void aListedHostMayBeAnywhere() {
    URI url = URI.create("https://INSIDE.example/keys");
    assertThat(from(PUBLIC_API, "inside.example").objection(url)).isNull();
    assertThat(from(PUBLIC_API, "other.example").objection(url)).isNotNull();
  }

  @Test
  @Spec("SE-30")
  void nothingIsSentWhereWeDoNotGo() throws Exception {
    try (ScriptedApi api = ScriptedApi.open();
        JdkTransport plain =
            JdkTransport.making(HttpClient::newHttpClient, r -> {}, InstantSource.system())) {
      Transport.Call call =
          new Transport.Call(
              api.uri("/x"), Map.of(), null, 1000, Duration.ofSeconds(10), false, null);
      Transport guarded = new GuardedTransport(plain, from(PUBLIC_API));
      assertThatThrownBy(() -> guarded.exchange(call))
          .isInstanceOfSatisfying(
              TransportException.class,
              e -> {
                assertThat(e.trouble()).isEqualTo(Trouble.FORBIDDEN);
                assertThat(HttpFailures.ofReading("key set", call.uri(), e).toException())
                    .hasMessageContaining("loopback address")
                    .hasMessageContaining("allowInternalHosts");
              });
      assertThat(api.requestCount()).isZero();
      Transport fromLocal = new GuardedTransport(plain, from(api.origin()));
      assertThat(fromLocal.exchange(call).status()).isEqualTo(200);
    }
  }
}
