package dev.everbearer.fleet;

import dev.everbearer.store.Fingerprint;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** One run: starts the nodes, makes the faults, hears what the nodes tell. */
final class ChaosRun {

  private static final List<String> GRANTS = List.of("ann", "ben", "cleo", "dan");
  private static final Duration LONGEST_SETTLING = Duration.ofSeconds(90);
  private static final long TICK_NANOS = 50_000_000;
  private static final int TICKS_PER_LINE = 20;

  private final ChaosOptions options;
  private final Path home;
  private final PrintStream err;
  private final boolean isTerminal = Boolean.getBoolean("everbearer.terminal");
  private final GrantLedger ledger = new GrantLedger();
  private final List<ChaosNode> nodes = new ArrayList<>();
  private final AtomicLong adoptions = new AtomicLong();
  private final AtomicLong recoveries = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong open = new AtomicLong();
  private final Map<String, Long> lastRenewed = new ConcurrentHashMap<>();
  private final Object logins = new Object();
  private final long start = System.nanoTime();
  private long ticks;

  ChaosRun(ChaosOptions options, Path home, PrintStream err) {
    this.options = options;
    this.home = home;
    this.err = err;
  }

  ChaosResult make() {
    try (ledger) {
      GRANTS.forEach(ledger::login);
      for (int i = 0; i < options.nodes(); i++) {
        nodes.add(new ChaosNode(this::started));
      }
      makeFaults();
      long end = System.nanoTime();
      settle(end);
      if (isTerminal) {
        err.println();
      }
      return result(end);
    } finally {
      nodes.forEach(ChaosNode::close);
    }
  }

  private NodeProcess started() {
    NodeProcess process =
        NodeProcess.start(
            NodeMain.class,
            List.of(home.toString(), options.store(), ledger.tokenEndpoint().toString()),
            this::hear);
    synchronized (logins) {
      GRANTS.forEach(name -> process.tell(ledger.order(name)));
    }
    return process;
  }

  private void makeFaults() {
    long end = start + options.duration().toNanos();
    ChaosFaults faults = new ChaosFaults(options.seed(), nodes, ledger, start);
    while (System.nanoTime() - end < 0) {
      faults.makeDue(System.nanoTime());
      tick(System.nanoTime());
    }
  }

  /** All is well again, and so every grant has to be renewed: one that is not was lost. */
  private void settle(long faultsEnded) {
    ledger.recover();
    nodes.forEach(node -> node.recover(Long.MAX_VALUE));
    long end = faultsEnded + LONGEST_SETTLING.toNanos();
    while (!isRenewedSince(faultsEnded) && System.nanoTime() - end < 0) {
      tick(faultsEnded);
    }
    lost.addAndGet(GRANTS.stream().filter(name -> !isRenewedSince(name, faultsEnded)).count());
  }

  private boolean isRenewedSince(long moment) {
    return GRANTS.stream().allMatch(name -> isRenewedSince(name, moment));
  }

  private boolean isRenewedSince(String name, long moment) {
    Long last = lastRenewed.get(name);
    return last != null && last - moment > 0;
  }

  private void tick(long end) {
    LockSupport.parkNanos(TICK_NANOS);
    if (isTerminal && ticks++ % TICKS_PER_LINE == 0) {
      err.print("\r" + result(end).liveLine());
      err.flush();
    }
  }

  private ChaosResult result(long end) {
    return new ChaosResult(
        ledger.rotations(),
        ledger.requests(),
        adoptions.get(),
        recoveries.get(),
        nodes.stream().mapToLong(ChaosNode::kills).sum(),
        lost.get(),
        open.get(),
        Duration.ofNanos(end - start).toSeconds());
  }

  // ---- what nodes tell

  private void hear(String line) {
    String[] words = line.split(" ");
    switch (words[0]) {
      case "kept" -> ledger.kept(new Fingerprint(words[1]));
      case "recovered" -> recoveries.incrementAndGet();
      case "adopted" -> {
        adoptions.incrementAndGet();
        lastRenewed.put(words[1], System.nanoTime());
      }
      case "own" -> lastRenewed.put(words[1], System.nanoTime());
      case "over" -> over(words[1], Integer.parseInt(words[2]));
      default -> err.println(line);
    }
  }

  private void over(String name, int login) {
    synchronized (logins) {
      if (!ledger.isOfNow(name, login)) {
        return;
      }
      (ledger.wasKept(name) ? lost : open).incrementAndGet();
      ledger.login(name);
      nodes.forEach(node -> node.tell(ledger.order(name)));
    }
  }
}
