package dev.everbearer.renewal.internal;

import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;

/**
 * Time, threads and chance, as they are given to the engine.
 *
 * @param wall the wall clock
 * @param nanoTime the monotonic clock
 * @param scheduler runs short tasks that never block
 * @param worker runs exchanges, which block
 * @param callbacks runs foreign code: listeners, and what hangs on stages
 * @param random between 0 and 1, for jitter
 */
public record Timing(
    InstantSource wall,
    LongSupplier nanoTime,
    ScheduledExecutorService scheduler,
    Executor worker,
    Executor callbacks,
    DoubleSupplier random) {}
