/**
 * The product's main job, to watch: calls to a real protected API at a steady rate, through an
 * outage of the real authorization server and a revocation. {@link dev.everbearer.demo.Demo} is the
 * way in; {@code DemoRun} makes one run and gives a {@code RunResult}, from which the three reports
 * (text, JSON, chart) are written.
 */
@NullMarked
package dev.everbearer.demo;

import org.jspecify.annotations.NullMarked;
