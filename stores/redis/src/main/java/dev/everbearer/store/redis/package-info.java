/**
 * Grants in Redis or Valkey, for one process or many. Start at {@link
 * dev.everbearer.store.redis.RedisTokenStore}.
 */
@NullMarked
package dev.everbearer.store.redis;

import org.jspecify.annotations.NullMarked;
