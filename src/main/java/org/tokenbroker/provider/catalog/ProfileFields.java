package org.tokenbroker.provider.catalog;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Rotation;

/**
 * Makes a profile of YAML fields, with the defaults that {@link Profile} documents. Where a field
 * violates, a stand-in keeps the reading going so that all violations are found; the file is
 * refused then, and the profile dropped.
 */
final class ProfileFields {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
  private static final Pattern SCHEME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]*");
  private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7E]*");
  private static final URI STAND_IN = URI.create("https://stand-in.invalid");
  private static final Set<String> SET_ON_AUTHORIZE =
      Set.of(
          "response_type",
          "client_id",
          "redirect_uri",
          "scope",
          "state",
          "code_challenge",
          "code_challenge_method");
  private static final Set<String> SET_ON_TOKEN =
      Set.of(
          "grant_type",
          "code",
          "redirect_uri",
          "code_verifier",
          "refresh_token",
          "scope",
          "client_id",
          "client_secret",
          "client_assertion",
          "client_assertion_type");

  private final FieldValues values;

  ProfileFields(boolean plainHttpAllowed) {
    this.values = new FieldValues(plainHttpAllowed);
  }

  Profile profile(YamlFields fields) {
    String id =
        values
            .matching(fields, "id", ID, "must be 1 to 64 of a-z 0-9 . _ -, a letter or digit first")
            .orElse("");
    String name = values.text(fields, "name").orElse("");
    Optional<String> issuer = values.uri(fields, "issuer").map(URI::toString);
    Set<GrantType> grants =
        values.choices(fields, "grants", GrantType.values(), GrantType::parameter);
    Profile profile =
        new Profile(
            id,
            name,
            issuer,
            fields.section("endpoints", section -> endpoints(section, grants)),
            grants,
            values.choices(
                fields,
                "client_authentication",
                ClientAuthenticationMethod.values(),
                ClientAuthenticationMethod::parameter),
            fields.section("authorize", this::authorize),
            fields.section("token", this::token),
            fields.section("assertion", this::assertion),
            fields.section("expiry", this::expiry),
            fields.section("refresh", this::refresh),
            fields.section("resource", this::resource),
            fields.section("limits", this::limits));
    require(fields, "id", !id.isEmpty(), "must name the profile");
    require(fields, "name", !name.isEmpty(), "must say what an owner sees");
    require(
        fields,
        "issuer",
        knowsItsIssuer(profile),
        "must be there: the profile compares or signs it");
    return profile;
  }

  private static boolean knowsItsIssuer(Profile profile) {
    boolean signsIt =
        profile.clientAuthentication().contains(ClientAuthenticationMethod.PRIVATE_KEY_JWT)
            && profile.assertion().audience().isEmpty();
    return profile.issuer().isPresent() || !(signsIt || profile.authorize().requireIss());
  }

  private Profile.Endpoints endpoints(YamlFields fields, Set<GrantType> grants) {
    Optional<URI> authorize = values.uri(fields, "authorize");
    Optional<URI> token = values.uri(fields, "token");
    boolean browser = grants.contains(GrantType.AUTHORIZATION_CODE);
    require(
        fields,
        "authorize",
        authorize.isPresent() || !browser,
        "must be there: grants holds authorization_code");
    require(fields, "token", token.isPresent(), "must be there");
    return new Profile.Endpoints(authorize, token.orElse(STAND_IN), values.uri(fields, "revoke"));
  }

  private Profile.Authorize authorize(YamlFields fields) {
    return new Profile.Authorize(
        fields.flag("pkce", true),
        fields.flag("require_iss", false),
        values.scopes(fields, "required_scopes"),
        values.parameters(fields, "parameters", SET_ON_AUTHORIZE),
        fields.flag("send_scope", true));
  }

  private Profile.Token token(YamlFields fields) {
    return new Profile.Token(
        values.parameters(fields, "parameters", SET_ON_TOKEN),
        fields.flag("require_refresh_token", false));
  }

  private Profile.Assertion assertion(YamlFields fields) {
    String typ =
        values
            .matching(fields, "typ", VISIBLE, "must be visible ASCII, or empty for none")
            .orElse("client-authentication+jwt");
    return new Profile.Assertion(
        values.text(fields, "audience"),
        values.duration(
            fields,
            "lifetime",
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            Duration.ofSeconds(60)),
        Optional.of(typ).filter(value -> !value.isBlank()));
  }

  private Profile.Expiry expiry(YamlFields fields) {
    return new Profile.Expiry(
        values.names(fields, "fields", List.of("expires_in")),
        values.duration(
            fields,
            "default_lifetime",
            Duration.ofSeconds(10),
            Duration.ofDays(365),
            Duration.ofHours(1)));
  }

  private Profile.Refresh refresh(YamlFields fields) {
    return new Profile.Refresh(
        rotation(fields),
        fields.flag("send_scope", false),
        values.names(
            fields, "expiry_fields", List.of("refresh_expires_in", "refresh_token_expires_in")));
  }

  private Rotation rotation(YamlFields fields) {
    if (fields.isSection("rotation")) {
      return fields.section("rotation", this::grace);
    }
    return values
        .matching(
            fields,
            "rotation",
            Pattern.compile("none|strict"),
            "must be none, strict or {grace: 30s}")
        .filter("none"::equals)
        .<Rotation>map(none -> new Rotation.None())
        .orElseGet(Rotation.Strict::new);
  }

  private Rotation grace(YamlFields fields) {
    fields.missing("grace", "must say for how long, for example 30s");
    return new Rotation.Grace(
        values.duration(
            fields, "grace", Duration.ofSeconds(1), Duration.ofDays(30), Duration.ofSeconds(1)));
  }

  private Profile.Resource resource(YamlFields fields) {
    return new Profile.Resource(
        values.matching(fields, "header", HEADER, "must be a header name").orElse("Authorization"),
        values
            .matching(fields, "scheme", SCHEME, "must be one word, or empty for the bare token")
            .orElse("Bearer"));
  }

  private Profile.Limits limits(YamlFields fields) {
    return new Profile.Limits(
        values.count(fields, "requests_per_second", 10_000, 10),
        values.count(fields, "concurrency", 1_000, 8));
  }

  private static void require(YamlFields fields, String name, boolean fulfilled, String message) {
    if (!fulfilled) {
      fields.missing(name, message);
    }
  }
}
