package org.tokenbroker.event.rest;

import io.quarkus.runtime.annotations.RegisterForReflection;
import java.util.List;
import org.tokenbroker.event.CloudEvent;
import org.tokenbroker.event.Event;
import org.tokenbroker.event.EventLog.Listing;
import org.tokenbroker.event.Place;

/**
 * Events in their order, as webhooks are told of them.
 *
 * @param next the {@code after} that goes on from here; on the last page too: keep it, and ask
 *     again later for what happened since
 * @param more whether events follow already
 */
@RegisterForReflection
public record EventPage(List<CloudEvent> events, String next, boolean more) {
  static EventPage of(Listing.Page page, Place after, String source) {
    List<Event> events = page.events();
    Place next = events.isEmpty() ? after : events.getLast().stamp().place();
    return new EventPage(
        events.stream().map(event -> CloudEvent.of(event, source)).toList(),
        next.toString(),
        page.more());
  }
}
