package dev.everbearer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.everbearer.testing.Spec;
import dev.everbearer.testing.server.TlsIdentity;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Authorities of one's own, beside those of the platform or in their place. */
@Spec("BP-07")
class AuthoritiesTest {

  private static TlsIdentity identity;

  @BeforeAll
  static void makeCertificate() {
    identity = TlsIdentity.ofLoopback();
  }

  private static KeyStore store() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("own", identity.certificate());
    return store;
  }

  private static KeyStore withKey() throws Exception {
    KeyStore store = store();
    store.setKeyEntry(
        "key",
        identity.privateKey(),
        new char[0],
        new X509Certificate[] {TlsIdentity.ofClient("CN=key").certificate()});
    return store;
  }

  private static List<X509Certificate> trusted(@Nullable Authorities authorities) throws Exception {
    X509TrustManager manager = (X509TrustManager) Authorities.trustManagers(authorities)[0];
    return Arrays.asList(manager.getAcceptedIssuers());
  }

  @Test
  void thoseOfThePlatformAreTrustedByDefault() throws Exception {
    assertThat(trusted(null)).isNotEmpty().doesNotContain(identity.certificate());
  }

  @Test
  void addedOnesAreTrustedBesideThoseOfThePlatform() throws Exception {
    List<X509Certificate> all = trusted(new Authorities(withKey(), true));
    assertThat(all).containsAll(trusted(null)).contains(identity.certificate());
    assertThat(all).as("a key's certificate is no authority").hasSize(trusted(null).size() + 1);
  }

  @Test
  void othersAreTrustedInPlaceOfThoseOfThePlatform() throws Exception {
    assertThat(trusted(new Authorities(store(), false))).containsExactly(identity.certificate());
  }
}
