package org.tokenbroker.platform.startup;

/**
 * Why this replica must not start.
 *
 * @param property the offending property
 * @param problem what is wrong; never repeats the value, which may be a secret
 * @param fix what to set instead
 */
public record Violation(String property, String problem, String fix) {}
