package dev.everbearer.store;

import dev.everbearer.token.AccessToken;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.Scope;
import dev.everbearer.token.Secret;
import dev.everbearer.wire.StrictJson.BrokenJsonException;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;

/** A grant's record as JSON: what stands inside of what is sealed. */
final class RecordCodec {

  private static final int FORMAT = 1;

  /** A record of a few thousand access tokens: whatever is written can be read again. */
  private static final int MAX_MEMBERS = 100_000;

  private RecordCodec() {}

  /** Why bytes are no record, as the rest of a sentence on them; repeats nothing of them. */
  static final class NoRecordException extends Exception {

    private static final long serialVersionUID = 1L;

    NoRecordException(String message) {
      super(message);
    }

    /** The message, which is never null. */
    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  // ---- writing

  /** The record as UTF-8. */
  static byte[] encode(GrantRecord record) {
    JsonWriter all = new JsonWriter();
    all.put("format", FORMAT);
    all.put("generation", record.generation());
    all.put("version", record.version());
    all.put("refresh_token", record.refreshToken().map(Secret::reveal).orElse(null));
    all.put("server", record.server().map(RecordCodec::server).orElse(null));
    all.put("refresh_token_key", record.refreshTokenKey().orElse(null));
    all.put("refresh_token_life", record.refreshTokenLife().map(RecordCodec::life).orElse(null));
    all.put("dead", record.dead().map(Reason::name).orElse(null));
    all.put("tokens", record.tokens().entrySet().stream().map(RecordCodec::token).toList());
    all.put("to_revoke", record.toRevoke().stream().map(RecordCodec::pending).toList());
    all.put("rotation", rotation(record.rotation()));
    return all.encoded();
  }

  private static Map<String, Object> server(ServerIdentity server) {
    JsonWriter members = new JsonWriter();
    members.put("issuer", server.issuer());
    members.put("token_endpoint", server.tokenEndpoint());
    return members.members();
  }

  private static Map<String, Object> life(RefreshTokenLife life) {
    JsonWriter members = new JsonWriter();
    members.put("used_at", life.usedAt());
    members.put("end", life.end());
    return members.members();
  }

  private static Map<String, Object> token(Map.Entry<Variant, StoredToken> entry) {
    JsonWriter members = new JsonWriter();
    Variant variant = entry.getKey();
    members.put("asked_scope", variant.scope().tokens());
    members.put("asked_resources", variant.resources().stream().map(URI::toString).toList());
    members.put("asked_audiences", variant.audiences());
    members.put("asked_parameters", variant.parameters());
    members.put("asked_key", variant.senderKey());
    StoredToken stored = entry.getValue();
    members.put("stored_at", stored.obtainedAt());
    members.put("life", stored.life());
    AccessToken token = stored.token();
    members.put("value", token.value());
    members.put("type", token.type());
    members.put("key", token.keyThumbprint().orElse(null));
    members.put("obtained_at", token.obtainedAt().orElse(null));
    members.put("expires_at", token.expiresAt().orElse(null));
    members.put("scope", token.scope().map(Scope::tokens).orElse(null));
    return members.members();
  }

  private static Map<String, Object> pending(PendingRevocation pending) {
    JsonWriter members = new JsonWriter();
    members.put("token", pending.token().reveal());
    members.put("hint", pending.typeHint());
    members.put("server", pending.givenBy() == null ? null : server(pending.givenBy()));
    return members.members();
  }

  private static Map<String, Object> rotation(RotationState state) {
    JsonWriter members = new JsonWriter();
    members.put("lease", state.lease() == null ? null : lease(state.lease()));
    members.put("senders", state.senders().stream().map(RecordCodec::sender).toList());
    members.put("unclear", state.unclear() == null ? null : unclear(state.unclear()));
    members.put("refused", state.isRefused());
    members.put("parent", state.parent() == null ? null : state.parent().value());
    members.put("attempt", state.attempt());
    members.put("spare", state.spare() == null ? null : spare(state.spare()));
    members.put("not_before", state.notBefore());
    members.put("failures", state.failures());
    return members.members();
  }

  private static Map<String, Object> lease(Lease lease) {
    JsonWriter members = new JsonWriter();
    members.put("owner", lease.owner());
    members.put("epoch", lease.epoch());
    members.put("until", lease.until());
    return members.members();
  }

  private static Map<String, Object> sender(Sender sender) {
    JsonWriter members = new JsonWriter();
    members.put("owner", sender.owner());
    members.put("epoch", sender.epoch());
    members.put("token", sender.token().value());
    members.put("attempt", sender.attempt());
    members.put("at", sender.at());
    return members.members();
  }

  private static Map<String, Object> unclear(UnclearSend unclear) {
    JsonWriter members = new JsonWriter();
    members.put("first_at", unclear.firstAt());
    members.put("last_at", unclear.lastAt());
    members.put("attempts", unclear.attempts());
    return members.members();
  }

  private static Map<String, Object> spare(Spare spare) {
    JsonWriter members = new JsonWriter();
    members.put("token", spare.token().reveal());
    members.put("key", spare.keyThumbprint());
    members.put("attempt", spare.attempt());
    return members.members();
  }

  // ---- reading

  /**
   * A record from UTF-8.
   *
   * @throws NoRecordException if it is none, or one of a version of this that is not known here
   */
  static GrantRecord decode(byte[] utf8) throws NoRecordException {
    try {
      JsonReader all = JsonReader.of(utf8, MAX_MEMBERS);
      if (all.number("format") != FORMAT) {
        throw new NoRecordException("another version of this program wrote it");
      }
      return record(all);
    } catch (BrokenJsonException e) {
      throw new NoRecordException(String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException | DateTimeException | ArithmeticException e) {
      throw new NoRecordException("it holds no record of a grant");
    }
  }

  private static GrantRecord record(JsonReader all) {
    GrantRecord.Builder record =
        GrantRecord.restoring(all.number("generation"), all.number("version"));
    String token = all.textOrNull("refresh_token");
    JsonReader server = all.objectOrNull("server");
    record.refreshToken(
        token == null ? null : Secret.of(token),
        server == null ? null : server(server),
        all.textOrNull("refresh_token_key"));
    JsonReader life = all.objectOrNull("refresh_token_life");
    record.refreshTokenLife(
        life == null
            ? null
            : new RefreshTokenLife(life.instant("used_at"), life.instantOrNull("end")));
    all.list("tokens").forEach(each -> record.token(variant(each), stored(each)));
    record.toRevoke(all.list("to_revoke").stream().map(RecordCodec::pending).toList());
    JsonReader rotation = all.objectOrNull("rotation");
    record.rotation(rotation == null ? RotationState.NONE : rotation(rotation));
    String dead = all.textOrNull("dead");
    return dead == null ? record.build() : record.dead(Reason.named(dead)).build();
  }

  private static ServerIdentity server(JsonReader from) {
    return new ServerIdentity(from.textOrNull("issuer"), URI.create(from.text("token_endpoint")));
  }

  private static Variant variant(JsonReader from) {
    Map<String, String> parameters = new LinkedHashMap<>();
    JsonReader asked = from.objectOrNull("asked_parameters");
    if (asked != null) {
      asked.names().forEach(name -> parameters.put(name, asked.text(name)));
    }
    return new Variant(
        Scope.of(from.texts("asked_scope")),
        new LinkedHashSet<>(from.texts("asked_resources").stream().map(URI::create).toList()),
        new LinkedHashSet<>(from.texts("asked_audiences")),
        parameters,
        from.textOrNull("asked_key"));
  }

  private static StoredToken stored(JsonReader from) {
    String life = from.textOrNull("life");
    return new StoredToken(
        accessToken(from), from.instant("stored_at"), life == null ? null : Duration.parse(life));
  }

  private static AccessToken accessToken(JsonReader from) {
    String value = from.text("value");
    Instant obtained = from.instantOrNull("obtained_at");
    Instant expires = from.instantOrNull("expires_at");
    Scope scope = from.has("scope") ? Scope.of(from.texts("scope")) : null;
    return switch (from.text("type")) {
      case "Bearer" -> AccessToken.bearer(value, obtained, expires, scope);
      case "DPoP" -> AccessToken.dpop(value, from.text("key"), obtained, expires, scope);
      default -> AccessToken.notApplicable(value, obtained, expires, scope);
    };
  }

  private static PendingRevocation pending(JsonReader from) {
    JsonReader server = from.objectOrNull("server");
    return new PendingRevocation(
        Secret.of(from.text("token")), from.text("hint"), server == null ? null : server(server));
  }

  private static RotationState rotation(JsonReader from) {
    JsonReader lease = from.objectOrNull("lease");
    JsonReader unclear = from.objectOrNull("unclear");
    JsonReader spare = from.objectOrNull("spare");
    String parent = from.textOrNull("parent");
    return new RotationState(
        lease == null
            ? null
            : new Lease(lease.text("owner"), lease.number("epoch"), lease.instant("until")),
        from.list("senders").stream().map(RecordCodec::sender).toList(),
        unclear == null
            ? null
            : new UnclearSend(
                unclear.instant("first_at"), unclear.instant("last_at"), unclear.count("attempts")),
        from.isTrue("refused"),
        parent == null ? null : new Fingerprint(parent),
        from.count("attempt"),
        spare == null
            ? null
            : new Spare(
                Secret.of(spare.text("token")), spare.textOrNull("key"), spare.count("attempt")),
        from.instantOrNull("not_before"),
        from.count("failures"));
  }

  private static Sender sender(JsonReader from) {
    return new Sender(
        from.text("owner"),
        from.number("epoch"),
        new Fingerprint(from.text("token")),
        from.count("attempt"),
        from.instant("at"));
  }
}
