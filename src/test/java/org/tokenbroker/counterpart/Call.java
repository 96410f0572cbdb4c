package org.tokenbroker.counterpart;

import java.util.Optional;
import java.util.Set;

/**
 * A request that a counterpart got, without anything secret.
 *
 * @param path of the request
 * @param grantType value of {@code grant_type}; empty where there is none
 * @param parameters names of all parameters, of body and query
 * @param status HTTP status of the answer
 * @param refusal why it was refused, in words of the counterpart's documentation
 */
public record Call(
    String path, String grantType, Set<String> parameters, int status, Optional<String> refusal) {}
