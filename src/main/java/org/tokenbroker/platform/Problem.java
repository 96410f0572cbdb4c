package org.tokenbroker.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;

/**
 * An RFC 9457 problem document. Callers program against {@code code}; no member ever holds upstream
 * text or a secret.
 *
 * @param type a URN made of the code
 * @param title one sentence that is the same for each occurrence
 * @param status the HTTP status it is sent with
 * @param code stable snake_case name of the problem
 * @param detail what is wrong this time and how to mend it; may be empty
 * @param errors one entry for each offending field; empty where no field is at fault
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public record Problem(
    String type, String title, int status, String code, String detail, List<FieldError> errors) {
  public static final String MEDIA_TYPE = "application/problem+json";

  public static Problem of(int status, String code, String title, String detail) {
    return new Problem("urn:token-broker:problem:" + code, title, status, code, detail, List.of());
  }

  /** 400 {@code invalid_request}: all offending fields at once. */
  public static Problem invalid(List<FieldError> errors) {
    return new Problem(
        "urn:token-broker:problem:invalid_request",
        "The request is not valid.",
        400,
        "invalid_request",
        "",
        errors);
  }

  /**
   * @param field JSON path or parameter name
   * @param fix what is wrong and what would be right; never repeats the value
   */
  @RegisterForReflection
  public record FieldError(String field, String fix) {}
}
