package org.tokenbroker.provider.catalog;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.Rotation;
import org.tokenbroker.provider.UrlTemplate;

/** The parts of a profile that say how requests are made. */
final class RequestFields {
  private static final Profile.Method[] OF_TOKENS = {Profile.Method.POST, Profile.Method.GET};
  private static final Pattern TOKEN_IN_PATH =
      Pattern.compile(
          "(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/\\{token}(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*/?");
  private static final Pattern WORD = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]*");
  private static final Pattern VISIBLE = Pattern.compile("[\\x20-\\x7E]*");
  private static final Pattern MEDIA_RANGES = Pattern.compile("[\\x21-\\x7E][\\x20-\\x7E]*");
  private static final Duration YEARS = Duration.ofDays(3650);
  private static final Set<String> ALGORITHMS =
      Set.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");
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
  private static final Set<String> SET_ON_CALLBACK =
      Set.of("state", "iss", "error", "error_description");
  private static final Set<String> SET_AS_HEADER =
      Set.of("authorization", "host", "content-length", "content-type", "accept", "connection");
  private static final Set<String> SET_AS_CLAIM =
      Set.of("iss", "sub", "aud", "jti", "iat", "exp", "nbf");

  private final FieldValues values;

  RequestFields(FieldValues values) {
    this.values = values;
  }

  /** Whether the broker sends something of its own under that name. */
  static boolean areOurs(String parameter) {
    return SET_ON_AUTHORIZE.contains(parameter) || SET_ON_TOKEN.contains(parameter);
  }

  Profile.Authorize authorize(YamlFields fields) {
    if (fields.is("send_scope", "false") && fields.has("required_scopes")) {
      fields.violated("required_scopes", "must be left out: send_scope is false");
    }
    return new Profile.Authorize(
        values.choice(fields, "pkce", Profile.Pkce.values(), Profile.Pkce.S256),
        fields.flag("require_iss", false),
        values
            .matching(fields, "response_type", VISIBLE, "must be visible ASCII, or empty for none")
            .orElse("code"),
        values.scopes(fields, "required_scopes"),
        ParameterFields.parameters(fields, "parameters", SET_ON_AUTHORIZE),
        ParameterFields.names(fields, "registration_parameters", SET_ON_AUTHORIZE),
        fields.flag("send_scope", true),
        values
            .matching(
                fields, "scope_separator", Pattern.compile("[ ,+]"), "must be a space, , or +")
            .orElse(" "));
  }

  Profile.Callback callback(YamlFields fields) {
    Optional<String> code = ParameterFields.name(fields, "code_parameter");
    if (code.filter(SET_ON_CALLBACK::contains).isPresent()) {
      fields.violated("code_parameter", "must be the name of a parameter that holds nothing else");
    }
    return new Profile.Callback(
        code.orElse("code"),
        PlaceFields.namedParameters(fields, "metadata"),
        Set.copyOf(values.words(fields, "variables")),
        fields.flag("provider_initiated", false));
  }

  Profile.Token token(YamlFields fields) {
    refuseBodyOfGet(fields);
    return new Profile.Token(
        values.choice(fields, "method", OF_TOKENS, Profile.Method.POST),
        values.choice(fields, "body", Profile.Body.values(), Profile.Body.FORM),
        values
            .matching(fields, "accept", MEDIA_RANGES, "must be a list of media types")
            .orElse("application/json"),
        ParameterFields.headers(fields, "headers", SET_AS_HEADER),
        ParameterFields.parameters(fields, "parameters", SET_ON_TOKEN),
        ParameterFields.names(fields, "registration_parameters", SET_ON_TOKEN),
        fields.flag("require_refresh_token", false),
        fields.flag("basic_urlencode", true),
        fields.flag("basic_client_id", false));
  }

  Profile.Assertion assertion(YamlFields fields) {
    String typ =
        values
            .matching(fields, "typ", VISIBLE, "must be visible ASCII, or empty for none")
            .orElse("client-authentication+jwt");
    Set<String> algorithms = Set.copyOf(values.words(fields, "algorithms"));
    if (!ALGORITHMS.containsAll(algorithms)) {
      fields.violated("algorithms", "must be some of RS256, PS256, ES256 and their longer kin");
    }
    return new Profile.Assertion(
        values.template(fields, "audience"),
        values.template(fields, "issuer"),
        algorithms.isEmpty() ? Set.of("RS256", "PS256", "ES256") : algorithms,
        values.choice(fields, "key_id", Profile.KeyName.values(), Profile.KeyName.KID),
        values.duration(
            fields,
            "lifetime",
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            Duration.ofSeconds(60)),
        values.duration(fields, "iat_skew", Duration.ZERO, Duration.ofSeconds(60), Duration.ZERO),
        Optional.of(typ).filter(value -> !value.isBlank()),
        ParameterFields.parameters(fields, "claims", SET_AS_CLAIM));
  }

  Profile.Refresh refresh(YamlFields fields) {
    refuseBodyOfGet(fields);
    return new Profile.Refresh(
        values.choice(
            fields, "mode", Profile.Refresh.Mode.values(), Profile.Refresh.Mode.REFRESH_TOKEN),
        values.choice(fields, "method", OF_TOKENS),
        values.choice(fields, "body", Profile.Body.values()),
        values
            .matching(fields, "grant_type", MEDIA_RANGES, "must be visible ASCII")
            .orElse("refresh_token"),
        tokenParameter(fields).orElse("refresh_token"),
        ParameterFields.parameters(fields, "parameters", SET_ON_TOKEN),
        rotation(fields),
        values.choice(
            fields,
            "send_scope",
            Profile.Refresh.SentScope.values(),
            Profile.Refresh.SentScope.NONE),
        fields.flag("send_redirect_uri", false),
        PlaceFields.places(
            fields,
            "expiry_fields",
            "refresh_expires_in",
            "refresh_token_expires_in",
            "x_refresh_token_expires_in"),
        values.duration(fields, "idle_lifetime", Duration.ofSeconds(10), YEARS),
        values.duration(fields, "margin", Duration.ZERO, Duration.ofDays(30), Duration.ZERO),
        values.duration(fields, "min_interval", Duration.ZERO, Duration.ofDays(1), Duration.ZERO),
        fields.flag("revokes_access_token", false),
        fields.flag("kept_on_reconsent", false));
  }

  /** A token never travels in another parameter's place (MO-8). */
  private Optional<String> tokenParameter(YamlFields fields) {
    return values.matching(
        fields,
        "token_parameter",
        name ->
            ParameterFields.isName(name)
                && (name.equals("refresh_token") || !SET_ON_TOKEN.contains(name)),
        "must be the name of a parameter that holds nothing else");
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

  /** A GET has its parameters in the query. */
  private static void refuseBodyOfGet(YamlFields fields) {
    boolean isGet = fields.is("method", "get");
    if (isGet && fields.has("body") && !fields.is("body", "query")) {
      fields.violated("body", "must be query, or left out: method is get");
    }
  }

  Profile.Revoke revoke(YamlFields fields) {
    refuseBodyOfGet(fields);
    if (fields.has("path") && fields.has("token_parameter")) {
      fields.violated("token_parameter", "must be left out: path holds the token");
    }
    List<Profile.Revoke.TokenKind> tokens =
        values.someOf(fields, "tokens", Profile.Revoke.TokenKind.values());
    return new Profile.Revoke(
        values.choice(fields, "method", Profile.Method.values(), Profile.Method.POST),
        values.choice(fields, "body", Profile.Body.values(), Profile.Body.FORM),
        values
            .matching(fields, "path", TOKEN_IN_PATH, "must be path segments, one of them {token}")
            .map(UrlTemplate::new),
        tokenParameter(fields).orElse("token"),
        ParameterFields.parameters(fields, "parameters", Set.of("token")),
        tokens.isEmpty() ? List.of(Profile.Revoke.TokenKind.values()) : tokens,
        values.choice(
            fields,
            "authentication",
            Profile.Revoke.Authentication.values(),
            Profile.Revoke.Authentication.CLIENT));
  }

  Profile.Resource resource(YamlFields fields) {
    return new Profile.Resource(
        values.choice(
            fields,
            "placement",
            Profile.Resource.Placement.values(),
            Profile.Resource.Placement.HEADER),
        ParameterFields.header(fields, "header").orElse("Authorization"),
        values
            .matching(fields, "scheme", WORD, "must be one word, or empty for the bare token")
            .orElse("Bearer"),
        ParameterFields.name(fields, "parameter").orElse("access_token"));
  }

  Profile.Limits limits(YamlFields fields) {
    return new Profile.Limits(
        values.count(fields, "requests_per_second", 10_000, 10),
        values.count(fields, "concurrency", 1_000, 8),
        values.choice(fields, "per", Profile.Limits.Per.values(), Profile.Limits.Per.PROVIDER),
        ParameterFields.header(fields, "reset_header"));
  }
}
