package dev.everbearer.e2e.keycloak;

import com.nimbusds.jose.Algorithm;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWEAlgorithm;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.ParseException;
import java.util.List;

/**
 * Keycloak unpacked and built, and beside it what belongs to our realm: a database that has it, the
 * certificates, and the keys of clients. Both are made once on a machine and kept in the user's
 * cache directory.
 */
record PreparedKeycloak(Path server, Path realm) {

  private static final List<String> BUILD =
      List.of(
          "build",
          "--db=dev-file",
          "--https-client-auth=request",
          // Looks for a D-Bus, for ten seconds where there is one that does not answer.
          "--spi-storage--sssd--enabled=false");
  private static final String DATABASE = "keycloak.mv.db";
  private static final String KEY = "key-service.jwk.json";
  private static final String KEY_PLACE = "@key-service-jwks@";
  private static final String ENCRYPTION_KEY = "encryption.jwk.json";
  private static final String ENCRYPTION_KEY_PLACE = "@encryption-jwks@";

  /** From the distribution's zip, whose name ends with the version. */
  static PreparedKeycloak from(Path zip) {
    String realm = realmTemplate();
    String version = zip.getFileName().toString().replaceAll("^keycloak-quarkus-dist-|\\.zip$", "");
    KeptDirectory server =
        KeptDirectory.of("keycloak-" + version + "-" + KeptDirectory.hash(BUILD.toString()));
    KeptDirectory data =
        server.sibling("realm-" + KeptDirectory.hash(realm + Certificates.COMMANDS));
    return new PreparedKeycloak(
        server.madeBy(directory -> makeServer(zip, directory)),
        data.madeBy(directory -> makeRealm(server.path(), realm, directory)));
  }

  Path database() {
    return realm.resolve(DATABASE);
  }

  Certificates certificates() {
    return new Certificates(realm);
  }

  ECKey keyServiceKey() {
    return key(KEY);
  }

  ECKey encryptionKey() {
    return key(ENCRYPTION_KEY);
  }

  private ECKey key(String file) {
    try {
      return ECKey.parse(Files.readString(realm.resolve(file)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ParseException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How Keycloak is told of a copy of the database that stands in this directory. */
  static String databaseOption(Path directory) {
    return "--db-url=jdbc:h2:file:" + directory.resolve("keycloak") + ";NON_KEYWORDS=VALUE";
  }

  private static void makeServer(Path zip, Path directory) throws IOException {
    Unzip.withoutTopDirectory(zip, directory);
    KeycloakProcess.run(directory, directory.resolve("build.log"), BUILD);
  }

  private static void makeRealm(Path server, String template, Path directory) throws IOException {
    ECKey key = newKey(KeyUse.SIGNATURE, JWSAlgorithm.ES256, "key-service-1");
    ECKey encryptionKey = newKey(KeyUse.ENCRYPTION, JWEAlgorithm.ECDH_ES, "encryption-1");
    Files.writeString(directory.resolve(KEY), key.toJSONString());
    Files.writeString(directory.resolve(ENCRYPTION_KEY), encryptionKey.toJSONString());
    Certificates.makeIn(directory);
    Path realm = directory.resolve("realm.json");
    Files.writeString(
        realm,
        template
            .replace(KEY_PLACE, publicInJson(key))
            .replace(ENCRYPTION_KEY_PLACE, publicInJson(encryptionKey)));
    KeycloakProcess.run(
        server,
        directory.resolve("import.log"),
        List.of("import", "--optimized", "--file=" + realm, databaseOption(directory)));
  }

  /** The key set, as a string of JSON has it. */
  private static String publicInJson(ECKey key) {
    return new JWKSet(key.toPublicJWK()).toString().replace("\"", "\\\"");
  }

  private static ECKey newKey(KeyUse use, Algorithm algorithm, String id) {
    try {
      return new ECKeyGenerator(Curve.P_256).keyUse(use).algorithm(algorithm).keyID(id).generate();
    } catch (JOSEException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String realmTemplate() {
    try (InputStream in = PreparedKeycloak.class.getResourceAsStream("/keycloak/realm.json")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
