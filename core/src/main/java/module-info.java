/**
 * Everbearer: the OAuth 2.0 client toolkit that keeps programs calling OAuth-protected APIs without
 * interruption.
 */
module dev.everbearer {
  requires transitive java.net.http;
  requires tools.jackson.core;
  requires com.nimbusds.jose.jwt;
  requires static jdk.jfr;
  requires static org.jspecify;

  exports dev.everbearer;
  exports dev.everbearer.challenge;
  exports dev.everbearer.client;
  exports dev.everbearer.grant;
  exports dev.everbearer.http;
  exports dev.everbearer.login;
  exports dev.everbearer.renewal;
  exports dev.everbearer.server;
  exports dev.everbearer.store;
  exports dev.everbearer.token;
}
