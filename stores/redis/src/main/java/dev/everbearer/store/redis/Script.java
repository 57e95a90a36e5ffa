package dev.everbearer.store.redis;

import io.lettuce.core.codec.Base16;
import java.nio.charset.StandardCharsets;

/**
 * What the server does at once. The server is not told of a script before: it is sent whole where
 * its digest is not known.
 */
enum Script {

  /**
   * The server's clock in seconds and microseconds; and, of a key that is there, version, record
   * and 1 if they are as they were written.
   */
  READ(
      """
      local time = redis.call('TIME')
      local kind = redis.call('TYPE', KEYS[1])['ok']
      if kind == 'none' then
        return {time[1], time[2]}
      end
      if kind ~= 'hash' then
        return {time[1], time[2], '', '', '0'}
      end
      local found = redis.call('HMGET', KEYS[1], 'version', 'record', 'sum')
      local whole = found[1] and found[2] and found[3] == redis.sha1hex(found[2])
      return {time[1], time[2], found[1] or '', found[2] or '', whole and '1' or '0'}
      """),

  /**
   * 1: written; 2: written, and to be listed; 0: another version is there; -1: what is there is
   * broken. The last writes are known by their ids, so that one that a client sends again after a
   * lost answer is not told as lost.
   */
  WRITE(
      """
      local kind = redis.call('TYPE', KEYS[1])['ok']
      if kind ~= 'none' and kind ~= 'hash' then
        return -1
      end
      local found = redis.call(
        'HMGET', KEYS[1], 'version', 'record', 'sum', 'writes', 'state', 'listed')
      if kind == 'hash' and
          not (found[1] and found[2] and found[3] == redis.sha1hex(found[2])) then
        return -1
      end
      local writes = found[4] or ''
      if (found[1] or '0') ~= ARGV[1] then
        return string.find(writes, ARGV[2], 1, true) and 2 or 0
      end
      local time = redis.call('TIME')
      redis.call('HSET', KEYS[1],
        'version', ARGV[3], 'record', ARGV[4], 'sum', redis.sha1hex(ARGV[4]),
        'state', ARGV[5], 'reason', ARGV[6], 'expires_at', ARGV[7],
        'registration', ARGV[8], 'grant_type', ARGV[9], 'subject', ARGV[10],
        'changed_at', time[1] .. string.format('%06d', time[2]),
        'writes', string.sub(ARGV[2] .. writes, 1, 16 * string.len(ARGV[2])))
      if ARGV[11] ~= '' then
        redis.pcall('PUBLISH', ARGV[11], ARGV[12])
      end
      return (found[6] and found[5] == ARGV[5]) and 1 or 2
      """),

  /** Notes that a grant is in the index. */
  LISTED(
      """
      if redis.call('HEXISTS', KEYS[1], 'version') == 1 then
        redis.call('HSET', KEYS[1], 'listed', '1')
      end
      return 1
      """),

  /** Moves what is broken; 0 when it is another one by now. */
  SET_ASIDE(
      """
      local kind = redis.call('TYPE', KEYS[1])['ok']
      local found = {}
      if kind == 'hash' then
        found = redis.call('HMGET', KEYS[1], 'version', 'record')
      end
      if kind == 'none' or (found[1] or '') ~= ARGV[1] or (found[2] or '') ~= ARGV[2] then
        return 0
      end
      if redis.call('RENAMENX', KEYS[1], KEYS[2]) == 0 then
        return 0
      end
      if kind == 'hash' then
        redis.call('HSET', KEYS[2], 'why', ARGV[3])
      end
      return 1
      """);

  private final String text;
  private final String digest;

  Script(String text) {
    this.text = text;
    this.digest = Base16.digest(text.getBytes(StandardCharsets.UTF_8));
  }

  String text() {
    return text;
  }

  /** By which the server knows it. */
  String digest() {
    return digest;
  }
}
