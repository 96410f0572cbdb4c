package org.tokenbroker.event.rest;

import io.smallrye.mutiny.Uni;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.event.EventConfig;
import org.tokenbroker.event.EventLog;
import org.tokenbroker.event.EventLog.Listing;
import org.tokenbroker.platform.OperatorOnly;

/** What happened, for operators. */
@Path("/v1/events")
@Tag(
    name = "Events",
    description = "What happened to connections and registrations. Operators only.")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
public class EventResource {
  private final EventLog log;
  private final String source;

  EventResource(EventLog log, EventConfig config) {
    this.log = log;
    this.source = config.source().toString();
  }

  @GET
  @Operation(
      summary = "List events",
      description =
          "In the order in which they happened, the oldest first. Pass `next` of an answer, or the `sequence` of any event, as"
              + " `after` to go on. What was committed later always comes later: nobody misses an event that reads on from"
              + " where it was. Events are listed for `token-broker.event.retention`.")
  public Uni<EventPage> list(
      @QueryParam("after") @Nullable String after,
      @QueryParam("connection") @Nullable String connection,
      @QueryParam("registration") @Nullable String registration,
      @QueryParam("tenant") @Nullable String tenant,
      @QueryParam("kind") @Nullable String kind,
      @QueryParam("limit") @DefaultValue("50") String limit) {
    EventInput input = EventInput.of(after, connection, registration, tenant, kind, limit);
    return log.list(input.filter(), input.after(), input.limit())
        .map(
            listing ->
                switch (listing) {
                  case Listing.Page page -> EventPage.of(page, input.after(), source);
                  case Listing.NoSuchPlace unknown -> throw EventProblems.noSuchPlace();
                  case Listing.Unavailable unavailable -> throw EventProblems.unavailable();
                });
  }
}
