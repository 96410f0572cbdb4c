package org.tokenbroker.provider.rest;

import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.OperatorOnly;
import org.tokenbroker.platform.door.Callers;
import org.tokenbroker.provider.KeptKey;
import org.tokenbroker.provider.KeyCertificate;
import org.tokenbroker.provider.KeyDesk;
import org.tokenbroker.provider.KeyDesk.Seen;
import org.tokenbroker.provider.KeyDesk.Turned;
import org.tokenbroker.token.RegistrationId;

/** Signing keys of a registration, for operators. Private parts go in and never come out (IV-6). */
@Path("/v1/registrations/{id}/keys")
@Tag(
    name = "Signing keys",
    description =
        "Keys by which a registration proves itself (private_key_jwt): generated, uploaded, active,"
            + " retired. Operators only.")
@Produces(MediaType.APPLICATION_JSON)
@OperatorOnly
public class SigningKeyResource {
  private static final Logger AUDIT = Logger.getLogger("audit");

  private final KeyDesk desk;

  SigningKeyResource(KeyDesk desk) {
    this.desk = desk;
  }

  @POST
  @Operation(
      summary = "Have a signing key made, or bring one",
      description =
          "At most two keys live at a time. The new one signs nothing before it is marked as uploaded"
              + " and activated. The same request with the same kid answers 200 and changes nothing.")
  @APIResponse(
      responseCode = "201",
      description = "The new key, without its private part",
      content = @Content(schema = @Schema(implementation = SigningKeyView.class)))
  @APIResponse(responseCode = "200", description = "The key, which was there before")
  @APIResponse(responseCode = "404", description = "Unknown")
  @APIResponse(responseCode = "409", description = "two_keys; key_id_taken; secrets_missing")
  public Uni<RestResponse<SigningKeyView>> post(
      @Context RoutingContext request,
      @PathParam("id") String id,
      @Nullable SigningKeyRequest body) {
    SigningKeyRequest order = SigningKeyInput.checked(body);
    return kept(RegistrationInput.id(id), order)
        .map(
            turned ->
                done(
                    request,
                    id,
                    Optional.ofNullable(order.kid()).orElse("-"),
                    order.privateKeyJwk() == null ? "generated" : "taken",
                    turned))
        .map(SigningKeyResource::created);
  }

  @GET
  @Operation(summary = "List the signing keys, retired ones for a while")
  public Uni<SigningKeyList> list(@PathParam("id") String id) {
    return seen(RegistrationInput.id(id)).map(keys -> SigningKeyList.of(keys.ring()));
  }

  @GET
  @Path("/{kid}")
  @Operation(summary = "Show a signing key")
  public Uni<SigningKeyView> get(@PathParam("id") String id, @PathParam("kid") String kid) {
    return found(id, kid).map(SigningKeyView::of);
  }

  @GET
  @Path("/{kid}/jwk")
  @Operation(
      summary = "Show the public half of a signing key",
      description = "A JWK (RFC 7517) to be uploaded at the provider.")
  @Produces("application/jwk+json")
  public Uni<String> jwk(@PathParam("id") String id, @PathParam("kid") String kid) {
    return found(id, kid).map(key -> key.publicJwk().orElseThrow(SigningKeyProblems::unknown));
  }

  @GET
  @Path("/{kid}/certificate")
  @Operation(
      summary = "Show the certificate of a signing key",
      description =
          "PEM, to be uploaded at the provider; with those that signed it where they were brought"
              + " along. 404 `no_certificate` where the key has none.")
  @Produces("application/pem-certificate-chain")
  public Uni<String> certificate(@PathParam("id") String id, @PathParam("kid") String kid) {
    return found(id, kid)
        .map(
            key ->
                key.certificate()
                    .map(KeyCertificate::pem)
                    .orElseThrow(SigningKeyProblems::noCertificate));
  }

  @POST
  @Path("/{kid}/uploaded")
  @Operation(summary = "Say that the provider knows a signing key", description = "Idempotent.")
  public Uni<SigningKeyView> uploaded(
      @Context RoutingContext request, @PathParam("id") String id, @PathParam("kid") String kid) {
    return desk.uploaded(RegistrationInput.id(id), SigningKeyInput.keyId(kid))
        .map(turned -> done(request, id, kid, "uploaded", turned))
        .map(done -> SigningKeyView.of(done.key()));
  }

  @POST
  @Path("/{kid}/activate")
  @Operation(
      summary = "Sign with a key from now on",
      description =
          "Idempotent. The key that signed before is retired and its private part destroyed; its"
              + " public half stays among those of /jwks for 15 minutes.")
  public Uni<SigningKeyView> activate(
      @Context RoutingContext request, @PathParam("id") String id, @PathParam("kid") String kid) {
    return desk.activate(RegistrationInput.id(id), SigningKeyInput.keyId(kid))
        .map(turned -> done(request, id, kid, "activated", turned))
        .map(done -> SigningKeyView.of(done.key()));
  }

  @DELETE
  @Path("/{kid}")
  @Operation(
      summary = "Retire a signing key that does not sign",
      description = "Idempotent. Its private part is destroyed.")
  public Uni<RestResponse<Void>> delete(
      @Context RoutingContext request, @PathParam("id") String id, @PathParam("kid") String kid) {
    return desk.withdraw(RegistrationInput.id(id), SigningKeyInput.keyId(kid))
        .map(turned -> done(request, id, kid, "retired", turned))
        .map(done -> RestResponse.noContent());
  }

  private Uni<Turned> kept(RegistrationId id, SigningKeyRequest body) {
    return SigningKeyInput.brought(body)
        .map(brought -> desk.take(id, brought, Optional.ofNullable(body.algorithm())))
        .orElseGet(() -> desk.generate(id, SigningKeyInput.wish(body)));
  }

  private Uni<KeptKey> found(String id, String kid) {
    String keyId = SigningKeyInput.keyId(kid);
    return seen(RegistrationInput.id(id))
        .map(keys -> keys.ring().find(keyId).orElseThrow(SigningKeyProblems::unknown));
  }

  private Uni<Seen.Keys> seen(RegistrationId id) {
    return desk.look(id)
        .map(
            seen ->
                switch (seen) {
                  case Seen.Keys keys -> keys;
                  case Seen.Unknown unknown -> throw SigningKeyProblems.unknown();
                  case Seen.Unavailable unavailable -> throw RegistrationProblems.unavailable();
                });
  }

  private static Turned.Done done(
      RoutingContext request, String registration, String kid, String step, Turned turned) {
    AUDIT.infof(
        "event=signing_key step=%s outcome=%s caller=\"%s\" registration=%s key=%s",
        step, outcome(turned), Callers.of(request), registration, key(kid, turned));
    return switch (turned) {
      case Turned.Done done -> done;
      case Turned.Flawed flawed -> throw RegistrationProblems.flawed(flawed.flaws());
      case Turned.Refused refused -> throw SigningKeyProblems.refused(refused.why());
      case Turned.Unknown unknown -> throw SigningKeyProblems.unknown();
      case Turned.Unavailable unavailable -> throw RegistrationProblems.unavailable();
    };
  }

  private static RestResponse<SigningKeyView> created(Turned.Done done) {
    return RestResponse.status(
        done.anew() ? RestResponse.Status.CREATED : RestResponse.Status.OK,
        SigningKeyView.of(done.key()));
  }

  private static String outcome(Turned turned) {
    return switch (turned) {
      case Turned.Done done -> done.anew() ? "done" : "was_so";
      case Turned.Flawed flawed -> "invalid";
      case Turned.Refused refused -> refused.why().name().toLowerCase(Locale.ROOT);
      case Turned.Unknown unknown -> "unknown";
      case Turned.Unavailable unavailable -> "unavailable";
    };
  }

  private static String key(String kid, Turned turned) {
    return turned instanceof Turned.Done done ? done.key().keyId() : kid;
  }
}
