package org.tokenbroker.event.rest;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.event.EventLog.Filter;
import org.tokenbroker.event.Kind;
import org.tokenbroker.event.Place;
import org.tokenbroker.platform.Fields;
import org.tokenbroker.token.ConnectionId;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.TenantId;

/** Which events are asked for. */
record EventInput(Filter filter, Place after, int limit) {

  static EventInput of(
      @Nullable String after,
      @Nullable String connection,
      @Nullable String registration,
      @Nullable String tenant,
      @Nullable String kind,
      String limit) {
    Fields fields = new Fields();
    Optional<Place> from = fields.optional("after", after, Place::parse);
    Filter filter =
        new Filter(
            fields.optional("connection", connection, ConnectionId::new),
            fields.optional("registration", registration, RegistrationId::new),
            fields.optional("tenant", tenant, TenantId::new),
            fields.optional("kind", kind, EventInput::kind));
    Optional<Integer> size = fields.required("limit", limit, Fields::pageSize);
    fields.refuseIfFlawed();
    return new EventInput(filter, from.orElse(Place.START), size.orElseThrow());
  }

  static Kind kind(String label) {
    return Kind.of(label)
        .orElseThrow(() -> new IllegalArgumentException("must be one of " + Kind.labels()));
  }
}
