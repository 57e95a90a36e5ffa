/**
 * The adapter for OkHttp, and so for Retrofit. Start at {@link
 * dev.everbearer.okhttp.OAuthInterceptor}.
 */
@NullMarked
package dev.everbearer.okhttp;

import org.jspecify.annotations.NullMarked;
