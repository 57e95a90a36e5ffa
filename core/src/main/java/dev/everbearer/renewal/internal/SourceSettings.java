package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.RenewalPolicy;
import java.time.Duration;

/**
 * What all sources of a client share.
 *
 * @param policy when to renew
 * @param exchangeTimeout the longest exchange with the server, body included
 * @param timing time and threads
 * @param clockWatch tells of steps of the wall clock
 * @param announcer tells the listeners
 */
public record SourceSettings(
    RenewalPolicy policy,
    Duration exchangeTimeout,
    Timing timing,
    ClockWatch clockWatch,
    Announcer announcer) {}
