package org.tokenbroker.provider.rest;

import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.tokenbroker.platform.OperatorOnly;
import org.tokenbroker.provider.Profiles;

/** The catalogue, for operators. */
@Path("/v1/profiles")
@Tag(name = "Profiles", description = "What the broker knows of providers. Operators only.")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
public class ProfileResource {
  private final Profiles profiles;

  ProfileResource(Profiles profiles) {
    this.profiles = profiles;
  }

  @GET
  @NonBlocking
  @Operation(summary = "List the profiles of the catalogue")
  public List<ProfileView> list() {
    return profiles.all().stream().map(ProfileView::of).toList();
  }

  @GET
  @Path("/{id}")
  @NonBlocking
  @Operation(summary = "Show a profile of the catalogue")
  public ProfileView show(@PathParam("id") String id) {
    return profiles.find(id).map(ProfileView::of).orElseThrow(RegistrationProblems::unknown);
  }
}
