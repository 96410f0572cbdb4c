package org.tokenbroker.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.quarkus.runtime.annotations.RegisterForReflection;

/**
 * An event as it is told: CloudEvents 1.0 in the JSON format. The same event is always the same
 * text.
 *
 * @param id never given twice; a repeated delivery carries the same one
 * @param source which broker tells it
 * @param type its kind, after {@code org.tokenbroker.}
 * @param subject id of the connection or registration
 * @param time when it happened, RFC 3339
 * @param sequence its place among all events: higher for what comes later, compared as text
 */
@RegisterForReflection
@JsonInclude(JsonInclude.Include.NON_NULL)
public record CloudEvent(
    String specversion,
    String id,
    String source,
    String type,
    String subject,
    String time,
    String datacontenttype,
    String sequence,
    EventData data) {
  public static final String MEDIA_TYPE = "application/cloudevents+json";

  public static CloudEvent of(Event event, String source) {
    return new CloudEvent(
        "1.0",
        event.stamp().id().toString(),
        source,
        event.kind().type(),
        event.subject(),
        event.stamp().happenedAt().toString(),
        "application/json",
        event.stamp().place().toString(),
        EventData.of(event));
  }
}
