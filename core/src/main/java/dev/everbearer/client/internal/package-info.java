/** Proving possession of the client's DPoP key; not exported. */
@NullMarked
package dev.everbearer.client.internal;

import org.jspecify.annotations.NullMarked;
