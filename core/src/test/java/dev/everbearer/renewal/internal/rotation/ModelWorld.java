package dev.everbearer.renewal.internal.rotation;

import dev.everbearer.renewal.internal.rotation.ModelNode.Phase;
import dev.everbearer.renewal.internal.rotation.Settlement.Child;
import dev.everbearer.store.Fingerprint;
import dev.everbearer.store.GrantRecord;
import dev.everbearer.store.RotationState;
import dev.everbearer.store.Sender;
import dev.everbearer.store.ServerIdentity;
import dev.everbearer.store.TokenStore.Snapshot;
import dev.everbearer.token.LoginRequiredException.Reason;
import dev.everbearer.token.Secret;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The store, the nodes, the server and what is on the way between them, at one moment; and all that
 * may happen next. Everything that a node does to the record is what the real rules say.
 */
final class ModelWorld {

  private static final ServerIdentity SERVER =
      new ServerIdentity("https://id.test", URI.create("https://id.test/token"));
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
  private static final String PREFIX = "token-";
  private static final List<Secret> SECRETS = new ArrayList<>();
  private static final Map<Fingerprint, Integer> NUMBERS = new HashMap<>();

  static {
    for (int i = 0; i < 40; i++) {
      Secret secret = Secret.of(PREFIX + i);
      SECRETS.add(secret);
      NUMBERS.put(Fingerprint.of(secret), i);
    }
  }

  /** What may go wrong, and how often. */
  record Limits(int until, int sends, int crashes, int losses, int storeFaults, int logins) {

    private void appendTo(StringBuilder key) {
      key.append('l').append(sends).append(crashes).append(losses);
      key.append(storeFaults).append(logins);
    }

    private Limits crash() {
      return new Limits(until, sends, crashes - 1, losses, storeFaults, logins);
    }

    private Limits loss() {
      return new Limits(until, sends, crashes, losses - 1, storeFaults, logins);
    }

    private Limits storeFault() {
      return new Limits(until, sends, crashes, losses, storeFaults - 1, logins);
    }

    private Limits login() {
      return new Limits(until, sends, crashes, losses, storeFaults, logins - 1);
    }

    private Limits send() {
      return new Limits(until, sends - 1, crashes, losses, storeFaults, logins);
    }
  }

  /**
   * A request on its way, or its answer.
   *
   * @param answer a token, -1 for a refusal, -2 while the server has not processed it
   */
  private record Request(int node, long epoch, int token, int sentAt, int answer) {

    static final int UNPROCESSED = -2;

    Request answered(int by) {
      return new Request(node, epoch, token, sentAt, by);
    }

    /** From now on it can be processed for the quiet time, and no longer. */
    Request givenUp(int now) {
      return new Request(node, epoch, token, now - ModelRules.EXCHANGE, answer);
    }

    boolean canBeProcessed(int now) {
      return answer == UNPROCESSED && now <= sentAt + ModelRules.EXCHANGE + ModelRules.QUIET - 1;
    }
  }

  private final ModelRules rules;
  private int now;
  private GrantRecord record;
  private GrantRecord older;
  private ModelServer server;
  private final ModelNode[] nodes;
  private final List<Request> requests;
  private Limits left;
  private boolean isLossy;
  private boolean isSilent;
  private final Set<Integer> refused;

  final @Nullable ModelWorld from;
  final String by;

  private ModelWorld(ModelWorld from, String by) {
    this.rules = from.rules;
    this.now = from.now;
    this.record = from.record;
    this.older = from.older;
    this.server = from.server;
    this.nodes = from.nodes.clone();
    this.requests = new ArrayList<>(from.requests);
    this.left = from.left;
    this.isLossy = from.isLossy;
    this.isSilent = from.isSilent;
    this.refused = new TreeSet<>(from.refused);
    this.from = from;
    this.by = by;
  }

  ModelWorld(ModelRules rules, ModelServer.Kind kind, int count, Limits limits) {
    this.rules = rules;
    this.server = ModelServer.of(kind);
    this.record = GrantRecord.absent().next().refreshToken(SECRETS.get(0), SERVER).build();
    this.older = record;
    this.nodes = new ModelNode[count];
    Arrays.fill(nodes, ModelNode.IDLE);
    this.requests = new ArrayList<>();
    this.left = limits;
    this.refused = new TreeSet<>();
    this.from = null;
    this.by = "start";
  }

  // ---- all that may happen next

  List<ModelWorld> successors() {
    List<ModelWorld> all = new ArrayList<>(proceeding());
    faults(all);
    if (now < left.until() && !isAtRest()) {
      all.add(ticked());
    }
    return all;
  }

  /** Nothing would be different later. */
  private boolean isAtRest() {
    RotationState state = record.rotation();
    return state.lease() == null
        && state.senders().isEmpty()
        && state.unclear() == null
        && requests.isEmpty()
        && Arrays.stream(nodes).allMatch(ModelNode.IDLE::equals);
  }

  /** What happens if nothing goes wrong. */
  List<ModelWorld> proceeding() {
    List<ModelWorld> all = new ArrayList<>();
    for (Request request : requests) {
      if (request.canBeProcessed(now)) {
        all.add(processed(request));
      }
      if (request.answer() != Request.UNPROCESSED) {
        all.add(delivered(request));
      }
    }
    for (int i = 0; i < nodes.length; i++) {
      acting(i, all);
    }
    return all;
  }

  private void acting(int i, List<ModelWorld> all) {
    ModelNode node = nodes[i];
    switch (node.phase()) {
      case IDLE -> {
        if (left.sends() > 0) {
          reading(i, record, all);
        }
      }
      case WRITING -> all.add(writing(i, node));
      case TAKEN -> all.add(sentOrWithdrawn(i, node));
      case WITHDRAWING -> all.add(withdrawn(i, node));
      case SENT -> {
        if (now >= node.at() + ModelRules.EXCHANGE) {
          all.add(gaveUp(i, node));
        }
      }
      case GOT -> all.add(node.isBoxed() ? committed(i, node) : with(i, node.boxing(), "boxes"));
      case REFUSED -> refusing(i, node, all);
      case DOWN -> all.add(with(i, node.restarted(), "restarts"));
    }
  }

  private void faults(List<ModelWorld> all) {
    for (int i = 0; i < nodes.length; i++) {
      ModelNode node = nodes[i];
      if (left.crashes() > 0 && node.phase() != Phase.DOWN) {
        all.add(crashed(i, node, true));
        if (node.isBoxed()) {
          all.add(crashed(i, node, false));
        }
      }
      if (left.storeFaults() > 0 && node.phase() == Phase.IDLE && older != record) {
        List<ModelWorld> lagging = new ArrayList<>();
        reading(i, older, lagging);
        lagging.forEach(each -> each.left = left.storeFault());
        all.addAll(lagging);
      }
    }
    for (int i = 0; i < nodes.length; i++) {
      ModelNode node = nodes[i];
      if (left.storeFaults() > 0 && node.phase() == Phase.WRITING && node.take() != null) {
        all.add(unknown(i, with(i, node, "hears nothing of the store, that wrote nothing")));
        all.add(unknown(i, writing(i, node)));
      }
    }
    for (Request request : requests) {
      if (left.losses() > 0 && isAwaited(request)) {
        all.add(answeredByGateway(request));
      }
      if (left.losses() > 0) {
        ModelWorld next =
            new ModelWorld(this, name(request.node()) + "'s request or answer is lost");
        next.requests.remove(request);
        next.left = left.loss();
        next.isLossy = true;
        all.add(next);
      }
    }
    if (left.logins() > 0) {
      all.add(loggedIn());
    }
  }

  ModelWorld ticked() {
    ModelWorld next = new ModelWorld(this, "tick");
    next.now++;
    int hold = (int) rules.patience.hold().toSeconds();
    for (ModelNode node : nodes) {
      boolean holdsAnswer =
          node.phase() == Phase.SENT || node.phase() == Phase.GOT || node.phase() == Phase.DOWN;
      if (node.take() != null && holdsAnswer && next.now >= claimedAt(node) + Math.max(hold, 5)) {
        next.isSilent = true;
      }
    }
    next.requests.removeIf(
        request ->
            request.answer() == Request.UNPROCESSED
                && !request.canBeProcessed(next.now)
                && next.marksLoss());
    return next;
  }

  private boolean marksLoss() {
    isLossy = true;
    return true;
  }

  private static int claimedAt(ModelNode node) {
    return node.take().next().rotation().senders().stream()
        .filter(each -> each.is(node.claim().owner(), node.claim().epoch()))
        .mapToInt(each -> (int) (each.at().getEpochSecond() - START.getEpochSecond()))
        .findFirst()
        .orElse(node.at());
  }

  private ModelWorld with(int i, ModelNode node, String what) {
    ModelWorld next = new ModelWorld(this, name(i) + " " + what);
    next.nodes[i] = node;
    return next;
  }

  private static String name(int i) {
    return String.valueOf((char) ('A' + i));
  }

  private Instant time() {
    return START.plusSeconds(now);
  }

  // ---- nodes

  private void reading(int i, GrantRecord read, List<ModelWorld> all) {
    Step step = rules.next(new Snapshot(read, time()), name(i));
    if (step instanceof Step.Take take) {
      all.add(with(i, ModelNode.taking(take, now), "is about to take"));
    } else if (step instanceof Step.Write write) {
      all.add(with(i, ModelNode.writing(write.next()), "is about to settle"));
    }
  }

  private ModelWorld writing(int i, ModelNode node) {
    ModelWorld next = written(i, node.write(), node.take() != null ? "takes" : "settles");
    if (next == null) {
      return with(i, ModelNode.IDLE, "is outrun");
    }
    next.nodes[i] = node.take() != null ? node.taken() : ModelNode.IDLE;
    if (node.take() != null) {
      next.requireNotRefused(number(node.claim().token()));
    }
    return next;
  }

  private ModelWorld idle(int i) {
    nodes[i] = ModelNode.IDLE;
    return this;
  }

  /** The world with another record; null when somebody came in between. */
  private @Nullable ModelWorld written(int i, GrantRecord next, String what) {
    if (next.version() != record.version() + 1) {
      return null;
    }
    ModelWorld world = new ModelWorld(this, name(i) + " " + what);
    world.older = record;
    world.record = rules.written(next);
    world.dropOutrun(i);
    return world;
  }

  /** What others are about to write comes too late now, and they look again. */
  private void dropOutrun(int writer) {
    for (int i = 0; i < nodes.length; i++) {
      if (i != writer && nodes[i].phase() == Phase.WRITING) {
        nodes[i] = ModelNode.IDLE;
      }
    }
  }

  private ModelWorld sentOrWithdrawn(int i, ModelNode node) {
    if (!rules.maySend(node.take(), node.at(), now)) {
      return withdrawn(i, node);
    }
    int token = number(node.claim().token());
    requireAlone(token);
    ModelWorld next = with(i, node.sending(token, now), "sends " + token);
    next.left = left.send();
    next.requests.add(new Request(i, node.claim().epoch(), token, now, Request.UNPROCESSED));
    return next;
  }

  private ModelWorld withdrawn(int i, ModelNode node) {
    return written(i, rules.withdrawn(record, node.claim()), "withdraws").idle(i);
  }

  private ModelWorld gaveUp(int i, ModelNode node) {
    ModelWorld next = written(i, rules.givenUp(record, node.claim(), time()), "gives up");
    next.isLossy = true;
    return next.idle(i).withoutLost();
  }

  private ModelWorld committed(int i, ModelNode node) {
    Child child = new Child(SECRETS.get(node.child()), null, SERVER);
    GrantRecord after = rules.answered(record, node.claim(), child).next().build();
    ModelWorld next = written(i, after, "commits " + node.child());
    next.nodes[i] = ModelNode.IDLE;
    if (hasLiveToken() && !next.hasLiveToken() && !next.isAnswerComing()) {
      throw next.violated("a live token that was kept is in the store");
    }
    return next;
  }

  private void refusing(int i, ModelNode node, List<ModelWorld> all) {
    boolean isLast = now > node.at();
    rules
        .refused(record, node.claim(), isLast)
        .ifPresent(
            after -> {
              ModelWorld next = written(i, after, isLast ? "decides" : "is answered for");
              if (next.record.refreshToken().equals(record.refreshToken())
                  && next.record.generation() == node.claim().generation()) {
                next.refused.add(node.token());
              }
              all.add(next.idle(i));
            });
  }

  private ModelWorld unknown(int i, ModelWorld next) {
    next.nodes[i] = nodes[i].withdrawing();
    next.left = left.storeFault();
    return next;
  }

  private ModelWorld crashed(int i, ModelNode node, boolean keepsOutbox) {
    ModelWorld next =
        with(i, node.crashed(keepsOutbox), keepsOutbox ? "crashes" : "loses its outbox");
    next.left = left.crash();
    next.isLossy = true;
    return next.withoutLost();
  }

  private ModelWorld loggedIn() {
    ModelWorld next = new ModelWorld(this, "login");
    next.server = server.login();
    next.older = record;
    int token = next.server.tokens().size() - 1;
    next.record = record.next().newGeneration().refreshToken(SECRETS.get(token), SERVER).build();
    next.left = left.login();
    next.dropOutrun(-1);
    return next;
  }

  // ---- server and network

  private ModelWorld processed(Request request) {
    ModelServer.Answer answer = server.refresh(request.token(), now);
    ModelWorld next = new ModelWorld(this, name(request.node()) + " is answered by the server");
    next.server = answer.after();
    next.requests.remove(request);
    if (isAwaited(request)) {
      next.requests.add(request.answered(answer.child()));
    } else {
      next.isLossy = true;
    }
    return next;
  }

  /** 502 says nothing of what the server behind it has done, or does for a while longer. */
  private ModelWorld answeredByGateway(Request request) {
    ModelWorld next = gaveUp(request.node(), nodes[request.node()]);
    next.left = left.loss();
    next.requests.remove(request);
    if (request.answer() == Request.UNPROCESSED) {
      next.requests.add(request.givenUp(now));
    }
    return next;
  }

  private boolean isAwaited(Request request) {
    ModelNode node = nodes[request.node()];
    return node.phase() == Phase.SENT && node.claim().epoch() == request.epoch();
  }

  /** Answers to nobody are lost. */
  private ModelWorld withoutLost() {
    requests.removeIf(request -> request.answer() != Request.UNPROCESSED && !isAwaited(request));
    return this;
  }

  private ModelWorld delivered(Request request) {
    ModelWorld next = new ModelWorld(this, name(request.node()) + " hears");
    next.requests.remove(request);
    ModelNode node = nodes[request.node()];
    next.nodes[request.node()] =
        request.answer() < 0 ? node.refused(now) : got(node, request.answer());
    return next;
  }

  /** Only a crash can tell between the two. */
  private ModelNode got(ModelNode node, int child) {
    ModelNode got = node.getting(child);
    return left.crashes() > 0 ? got : got.boxing();
  }

  // ---- what must always be so

  private AssertionError violated(String what) {
    StringBuilder path = new StringBuilder("Not so: " + what);
    List<String> steps = new ArrayList<>();
    for (ModelWorld world = this; world != null; world = world.from) {
      steps.add("%n  %d s: %-40s %s".formatted(world.now, world.by, world.shown()));
    }
    for (int i = steps.size() - 1; i >= 0; i--) {
      path.append(steps.get(i));
    }
    return new AssertionError(path.toString());
  }

  void check() {
    if (server.isRevoked() && !isLossy && !isSilent) {
      throw violated("a server ends a grant after a loss alone");
    }
    boolean isDead =
        record.dead().filter(Reason.LOGGED_OUT::equals).isEmpty() && record.dead().isPresent();
    if (isDead && !isSilent && (hasLiveToken() || isAnswerComing())) {
      throw violated("a grant is over only when it is");
    }
    int token = number(record.refreshToken().orElseThrow());
    if (server.tokens().get(token).login() != record.generation()) {
      throw violated("no renewal of before goes over a login");
    }
  }

  /** In the store or in an outbox. */
  private boolean hasLiveToken() {
    boolean isInStore =
        record.refreshToken().filter(this::isLive).isPresent()
            || (record.rotation().spare() != null && isLive(record.rotation().spare().token()));
    return isInStore
        || Arrays.stream(nodes)
            .anyMatch(
                node ->
                    node.isBoxed()
                        && server.isLive(node.child())
                        && node.claim().generation() == record.generation());
  }

  private boolean isAnswerComing() {
    boolean isGot =
        Arrays.stream(nodes)
            .anyMatch(
                node ->
                    node.phase() == Phase.GOT
                        && server.isLive(node.child())
                        && node.claim().generation() == record.generation());
    return isGot
        || requests.stream()
            .anyMatch(
                request ->
                    request.answer() >= 0
                        && server.isLive(request.answer())
                        && isAwaited(request)
                        && nodes[request.node()].claim().generation() == record.generation());
  }

  private boolean isLive(Secret token) {
    return server.isLive(number(token));
  }

  private static int number(Secret token) {
    return Integer.parseInt(token.reveal().substring(PREFIX.length()));
  }

  private static int number(Fingerprint token) {
    return NUMBERS.get(token);
  }

  private void requireNotRefused(int token) {
    if (refused.contains(token) && !isSilent) {
      throw violated("what the server refused is not sent again");
    }
  }

  /** Nobody sends what another request may still bring to the server, or what may undo it. */
  private void requireAlone(int token) {
    if (isSilent || server.kind().window().isUnlimited()) {
      return;
    }
    for (Request request : requests) {
      boolean isSame = request.token() == token;
      boolean mayOverlap =
          isSame && server.kind().window().length().filter(w -> !w.isZero()).isPresent();
      if (request.canBeProcessed(now) && !mayOverlap && !isOfOtherLogin(request.token(), token)) {
        throw violated(name(request.node()) + "'s request is settled before " + token + " is sent");
      }
    }
  }

  private boolean isOfOtherLogin(int one, int other) {
    return server.tokens().get(one).login() != server.tokens().get(other).login();
  }

  // ---- a way on

  /** Left alone, all of them together come to a new token, or to the end that is true. */
  void requireWayOn() {
    ModelWorld world = new ModelWorld(this, "left alone");
    world.left = new Limits(now + 60, 100, 0, 0, 0, 0);
    for (int i = 0; i < 400 && !world.isOn(record); i++) {
      List<ModelWorld> next = world.proceeding();
      world = next.isEmpty() ? world.ticked() : next.get(0);
      world.check();
    }
    if (!world.isOn(record)) {
      throw world.violated("there is a way on");
    }
  }

  /** Nothing more can come of it that matters. */
  boolean isEnded() {
    boolean isOver = record.dead().isPresent() && !hasLiveToken() && !isAnswerComing();
    boolean isGivenUp = isSilent && !hasLiveToken() && !isAnswerComing();
    return left.logins() == 0 && (isGivenUp || isOver || (server.isRevoked() && isLossy));
  }

  private boolean isOn(GrantRecord before) {
    boolean isDead = record.dead().isPresent() && !hasLiveToken() && !isAnswerComing();
    boolean isRenewed =
        record.rotation().unclear() == null
            && record.version() > before.version()
            && record.refreshToken().filter(this::isLive).isPresent()
            && record.rotation().lease() == null;
    return isDead || isRenewed;
  }

  // ---- equality, but for what does not matter

  String key() {
    List<Long> epochs = epochs();
    StringBuilder key = new StringBuilder();
    key.append(now).append('|').append(shown(record, epochs)).append('|');
    if (left.storeFaults() > 0) {
      key.append(older == record ? "=" : shown(older, epochs)).append('|');
    }
    for (ModelNode node : nodes) {
      key.append(node.phase()).append(node.at()).append(',').append(node.token());
      key.append(',').append(node.child()).append(node.isBoxed());
      if (node.write() != null) {
        key.append(node.write().version() == record.version() + 1 ? "fits" : "outrun");
        key.append(shown(node.write(), epochs));
      }
      if (node.take() != null) {
        key.append(epochs.indexOf(node.claim().epoch())).append(node.claim().attempt());
        key.append('g').append(node.claim().generation());
      }
      key.append(';');
    }
    for (Request request : requests) {
      key.append(request.node()).append(epochs.indexOf(request.epoch())).append(request.token());
      key.append('@').append(request.sentAt()).append(':').append(request.answer()).append(';');
    }
    server.appendTo(key);
    left.appendTo(key);
    key.append(isLossy).append(isSilent).append(refused);
    return key.toString();
  }

  private List<Long> epochs() {
    Set<Long> epochs = new TreeSet<>();
    collect(record, epochs);
    collect(older, epochs);
    for (ModelNode node : nodes) {
      if (node.take() != null) {
        epochs.add(node.claim().epoch());
      }
      if (node.write() != null) {
        collect(node.write(), epochs);
      }
    }
    requests.forEach(request -> epochs.add(request.epoch()));
    return new ArrayList<>(epochs);
  }

  private static void collect(GrantRecord record, Set<Long> epochs) {
    if (record.rotation().lease() != null) {
      epochs.add(record.rotation().lease().epoch());
    }
    record.rotation().senders().forEach(sender -> epochs.add(sender.epoch()));
  }

  private String shown() {
    return shown(record, epochs())
        + " "
        + Arrays.stream(nodes).map(node -> node.phase().name()).toList();
  }

  private static String shown(GrantRecord record, List<Long> epochs) {
    RotationState state = record.rotation();
    StringBuilder text = new StringBuilder();
    text.append('g').append(record.generation());
    text.append(" token ").append(number(record.refreshToken().orElseThrow()));
    record.dead().ifPresent(text::append);
    if (state.lease() != null) {
      text.append(" lease ").append(state.lease().owner());
      text.append(epochs.indexOf(state.lease().epoch())).append('<');
      text.append(seconds(state.lease().until()));
    }
    for (Sender sender : state.senders()) {
      text.append(" sender ").append(sender.owner()).append(epochs.indexOf(sender.epoch()));
      text.append(' ').append(number(sender.token())).append('#').append(sender.attempt());
      text.append('@').append(seconds(sender.at()));
    }
    if (state.unclear() != null) {
      text.append(" unclear ").append(seconds(state.unclear().firstAt())).append('-');
      text.append(seconds(state.unclear().lastAt())).append('x').append(state.unclear().attempts());
    }
    text.append(state.isRefused() ? " refused" : "");
    if (state.parent() != null) {
      text.append(" of ").append(number(state.parent())).append('#').append(state.attempt());
    }
    if (state.spare() != null) {
      text.append(" spare ").append(number(state.spare().token()));
    }
    if (state.notBefore() != null) {
      text.append(" not before ").append(seconds(state.notBefore()));
    }
    return text.toString();
  }

  private static long seconds(Instant time) {
    return time.getEpochSecond() - START.getEpochSecond();
  }
}
