package dev.everbearer.http.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.Test;

/** The probe finds itself on either kind of loopback. */
class AuthenticatorProbeTest {

  @Test
  void anIpv6AddressStandsInBrackets() throws UnknownHostException {
    byte[] six = new byte[16];
    six[15] = 1;
    assertThat(AuthenticatorProbe.url(InetAddress.getByAddress(six), 80).getHost())
        .isEqualTo("[0:0:0:0:0:0:0:1]");
    assertThat(AuthenticatorProbe.url(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 80))
        .hasToString("http://127.0.0.1:80/");
  }
}
