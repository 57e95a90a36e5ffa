/** Everbearer's store of grants in Redis or Valkey. */
module dev.everbearer.store.redis {
  requires transitive dev.everbearer;
  requires transitive lettuce.core;
  // Lettuce says of no module that it needs it.
  requires io.netty.handler;
  requires io.netty.resolver.dns;
  requires static org.jspecify;

  exports dev.everbearer.store.redis;
}
