package org.tokenbroker.connection.rest;

import io.quarkus.runtime.annotations.RegisterForReflection;
import org.jspecify.annotations.Nullable;

/**
 * Whose an install is.
 *
 * @param tenant the customer; form of an id
 */
@RegisterForReflection
public record ClaimRequest(@Nullable String tenant) {}
