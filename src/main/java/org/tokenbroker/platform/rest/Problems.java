package org.tokenbroker.platform.rest;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.Problem.FieldError;

/**
 * Which problem a framework's failure is. Pure; never repeats a value or a message of the failure.
 */
final class Problems {
  static final Problem INTERNAL_ERROR =
      Problem.of(
          500,
          "internal_error",
          "The broker failed to answer.",
          "The log has the reason under the answer's X-Request-Id.");

  private static final String BODY = "body";
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");

  private Problems() {}

  static Problem ofStatus(int status) {
    return switch (status) {
      case 400 -> Problem.of(400, "invalid_request", "The request is not valid.", "");
      case 401 -> Problem.of(401, "unauthorized", "The request lacks an identity.", "");
      case 403 -> Problem.of(403, "forbidden", "The caller may not do this.", "");
      case 404 -> Problem.of(404, "not_found", "There is nothing here.", "");
      case 405 ->
          Problem.of(405, "method_not_allowed", "The resource does not know this method.", "");
      case 406 ->
          Problem.of(
              406, "not_acceptable", "The resource has no form that the request accepts.", "");
      case 408 -> Problem.of(408, "request_timeout", "The request did not arrive in time.", "");
      case 413 -> Problem.of(413, "content_too_large", "The request body is too large.", "");
      case 414 -> Problem.of(414, "uri_too_long", "The request URI is too long.", "");
      case 415 ->
          Problem.of(
              415,
              "unsupported_media_type",
              "The request body has an unsupported type.",
              "Send Content-Type: application/json.");
      default ->
          status >= 400 && status < 500
              ? Problem.of(status, "request_refused", "The request was refused.", "")
              : INTERNAL_ERROR;
    };
  }

  /** 400 with the place that is at fault. */
  static Problem ofJson(JacksonException failure) {
    return Problem.invalid(
        List.of(
            DuplicateMember.in(failure).map(Problems::twice).orElseGet(() -> fieldError(failure))));
  }

  private static FieldError twice(List<String> path) {
    return new FieldError(
        path.stream().map(Problems::plain).collect(Collectors.joining(".")),
        "is there twice: keep one");
  }

  private static String plain(String name) {
    return PLAIN_NAME.matcher(name).matches() ? name : "(unprintable)";
  }

  private static FieldError fieldError(JacksonException failure) {
    return switch (failure) {
      case UnrecognizedPropertyException unknown ->
          new FieldError(path(unknown), "is not a known field: remove it");
      case InvalidFormatException form ->
          new FieldError(path(form), "has a value of the wrong form");
      case JsonMappingException mapping ->
          new FieldError(path(mapping), "has a value of the wrong type");
      default -> new FieldError(BODY, "is not well-formed JSON" + place(failure.getLocation()));
    };
  }

  private static String place(JsonLocation location) {
    return location == null
        ? ""
        : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
  }

  private static String path(JsonMappingException failure) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : failure.getPath()) {
      String name = step.getFieldName();
      if (name == null) {
        path.append('[').append(step.getIndex()).append(']');
      } else {
        path.append(path.isEmpty() ? "" : ".").append(plain(name));
      }
    }
    return path.isEmpty() ? BODY : path.toString();
  }
}
