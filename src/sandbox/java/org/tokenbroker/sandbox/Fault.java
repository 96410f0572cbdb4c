package org.tokenbroker.sandbox;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/** What goes wrong with one token request; played by {@link FaultScript}. */
public sealed interface Fault {
  /**
   * Whether the request is carried out (codes spent, refresh tokens rotated) although its answer is
   * spoilt.
   */
  enum Effect {
    APPLIED,
    NOT_APPLIED
  }

  /** Carried out at once, answered properly after this time. */
  record Delay(Duration before) implements Fault {}

  /** Never answered; ends when the caller gives up. */
  record Hang(Effect effect) implements Fault {}

  /** The connection is closed after the request was read, without an answer. */
  record Cut(Effect effect) implements Fault {}

  /** Carried out; the connection is closed in the middle of the proper answer's body. */
  record CutMidBody() implements Fault {}

  /**
   * Carried out; answered 200 with a JSON string that never becomes a token answer, produced piece
   * by piece.
   *
   * @param bytes length of the body
   */
  record HugeBody(long bytes) implements Fault {}

  /**
   * An answer of choice.
   *
   * @param status HTTP status
   * @param headers HTTP headers
   * @param body sent as it is
   */
  record Answer(Effect effect, int status, Map<String, String> headers, String body)
      implements Fault {
    public Answer {
      headers = Map.copyOf(headers);
    }

    /** The same answer, after the request was carried out. */
    public Answer afterEffect() {
      return new Answer(Effect.APPLIED, status, headers, body);
    }

    public Answer header(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Answer(effect, status, more, body);
    }
  }

  /** Carried out, then 200 with a web page, as from a proxy in between. */
  static Answer html() {
    return new Answer(
        Effect.APPLIED,
        200,
        Map.of("Content-Type", "text/html"),
        "<!doctype html><title>Welcome</title><h1>Welcome</h1>");
  }

  /**
   * Carried out, then 200 without {@code access_token}, as some servers answer when only {@code
   * openid} was asked.
   */
  static Answer withoutAccessToken() {
    return json(200, new JsonObject().put("token_type", "Bearer").put("id_token", "e30.e30.e30"))
        .afterEffect();
  }

  /** Not carried out; status 200 with an {@code error} member. */
  static Answer errorWithStatus200(String code) {
    return json(200, new JsonObject().put("error", code));
  }

  /** Carried out, then 200 with arrays nested this deep. */
  static Answer deeplyNested(int depth) {
    return new Answer(
        Effect.APPLIED,
        200,
        Map.of("Content-Type", "application/json"),
        "{\"access_token\":" + "[".repeat(depth) + "]".repeat(depth) + "}");
  }

  /** 429 with {@code Retry-After} in seconds (RFC 9110 §10.2.3). */
  static Answer throttled(Duration retryAfter) {
    return json(429, new JsonObject()).header("Retry-After", Long.toString(retryAfter.toSeconds()));
  }

  /** 429 with {@code Retry-After} as an HTTP-date. */
  static Answer throttledUntil(Instant retryAt) {
    return json(429, new JsonObject())
        .header(
            "Retry-After",
            DateTimeFormatter.RFC_1123_DATE_TIME.format(retryAt.atOffset(ZoneOffset.UTC)));
  }

  /** 503: not processed. */
  static Answer unavailable() {
    return json(503, new JsonObject().put("error", "temporarily_unavailable"));
  }

  /** 500 without effect; {@link Answer#afterEffect} for one that spent the token. */
  static Answer serverError() {
    return json(500, new JsonObject().put("error", "server_error"));
  }

  /** 302 to somewhere else: must not be followed with credentials. */
  static Answer redirect(String location) {
    return new Answer(Effect.NOT_APPLIED, 302, Map.of("Location", location), "");
  }

  /** 401 {@code invalid_client}. */
  static Answer invalidClient() {
    return json(401, new JsonObject().put("error", "invalid_client"));
  }

  /**
   * 400 {@code invalid_grant} although the grant lives; the text must reach no log and no answer of
   * the broker.
   */
  static Answer invalidGrant(String description) {
    return json(
        400, new JsonObject().put("error", "invalid_grant").put("error_description", description));
  }

  /** A JSON answer without effect. */
  static Answer json(int status, JsonObject body) {
    return new Answer(
        Effect.NOT_APPLIED,
        status,
        Map.of("Content-Type", "application/json", "Cache-Control", "no-store"),
        body.encode());
  }
}
