/**
 * What entitles a client to tokens, as pure data, equal by value. Start at {@link
 * dev.everbearer.grant.Grant}.
 */
@NullMarked
package dev.everbearer.grant;

import org.jspecify.annotations.NullMarked;
