/** Everbearer for OkHttp: attaches tokens to the requests of an {@code OkHttpClient}. */
module dev.everbearer.okhttp {
  requires transitive dev.everbearer;
  requires transitive okhttp3;
  requires static org.jspecify;

  exports dev.everbearer.okhttp;
}
