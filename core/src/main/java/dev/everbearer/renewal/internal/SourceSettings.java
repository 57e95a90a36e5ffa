package dev.everbearer.renewal.internal;

import dev.everbearer.renewal.RenewalPolicy;
import dev.everbearer.token.TokenSource;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * What a source is given.
 *
 * @param name what people call its grant; holds no secret
 * @param policy when to renew
 * @param maxWait how long callers wait that do not say
 * @param exchangeTimeout the longest exchange with the server, body included
 * @param timing time and threads
 * @param clockWatch tells of steps of the wall clock
 * @param announcer tells the listeners
 * @param onClose is given the source when that is closed
 */
public record SourceSettings(
    String name,
    RenewalPolicy policy,
    Duration maxWait,
    Duration exchangeTimeout,
    Timing timing,
    ClockWatch clockWatch,
    Announcer announcer,
    Consumer<TokenSource> onClose) {}
