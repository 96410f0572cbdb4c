package org.tokenbroker.serve.rest;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.quarkus.runtime.annotations.RegisterForReflection;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What a consumer tells of an API's refusal.
 *
 * @param generation of the refused token
 * @param status HTTP status of the API's answer: 401 or 403
 * @param wwwAuthenticate its {@code WWW-Authenticate} header, as it came
 */
@RegisterForReflection
@Schema(name = "Rejection")
public record ReportBody(
    @Nullable Long generation,
    @Nullable Integer status,
    @JsonProperty("www_authenticate") @Nullable String wwwAuthenticate) {}
