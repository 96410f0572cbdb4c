package org.tokenbroker.provider.catalog;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.tokenbroker.provider.ClientAuthenticationMethod;
import org.tokenbroker.provider.GrantType;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.UrlTemplate;
import org.tokenbroker.provider.Variable;

/**
 * Makes a profile of YAML fields, with the defaults that {@link Profile} documents. Where a field
 * violates, a stand-in keeps the reading going so that all violations are found; the file is
 * refused then, and the profile dropped.
 */
final class ProfileFields {
  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern VARIABLE = Pattern.compile("[a-z][a-z0-9_]{0,31}");
  private static final Set<String> RENAMED =
      Set.of("client_id", "client_secret", "redirect_uri", "code", "scope");

  private final FieldValues values;
  private final RequestFields requests;
  private final AnswerFields answers;

  ProfileFields(boolean plainHttpAllowed, Predicate<String> inReach) {
    this.values = new FieldValues(plainHttpAllowed, inReach);
    this.requests = new RequestFields(values);
    this.answers = new AnswerFields(values);
  }

  Profile profile(YamlFields fields) {
    String id =
        values
            .matching(fields, "id", ID, "must be 1 to 64 of a-z 0-9 . _ -, a letter or digit first")
            .orElse("");
    String name = values.text(fields, "name").orElse("");
    Set<GrantType> grants =
        values.choices(fields, "grants", GrantType.values(), GrantType::parameter, true);
    Profile profile =
        new Profile(
            id,
            name,
            values.url(fields, "issuer"),
            fields.flag("discovery", false),
            fields.tableOfSections("variables", this::variable),
            values.hosts(fields, "hosts"),
            fields.section("endpoints", this::endpoints),
            grants,
            values.choices(
                fields,
                "client_authentication",
                ClientAuthenticationMethod.values(),
                ClientAuthenticationMethod::parameter,
                !grants.equals(EnumSet.of(GrantType.API_KEY))),
            ParameterFields.renamed(fields, "parameter_names", RENAMED),
            fields.section("authorize", requests::authorize),
            fields.section("callback", requests::callback),
            fields.section("token", requests::token),
            fields.section("response", answers::response),
            fields.section("error", answers::error),
            fields.section("assertion", requests::assertion),
            fields.section("expiry", answers::expiry),
            fields.section("grant", answers::grant),
            fields.section("refresh", requests::refresh),
            fields.section("revoke", requests::revoke),
            postConnect(fields),
            fields.section("resource", requests::resource),
            fields.section("limits", requests::limits));
    require(fields, "id", !id.isEmpty(), "must name the profile");
    require(fields, "name", !name.isEmpty(), "must say what an owner sees");
    if (!isShown(name)) {
      fields.violated("name", "must be at most 500 characters, without control characters");
    }
    require(
        fields,
        "issuer",
        knowsItsIssuer(profile),
        "must be there: the profile compares, signs or discovers by it");
    checkVariables(fields, profile);
    checkHosts(fields, profile);
    checkParameterNames(fields, profile);
    checkToldVariables(fields, profile);
    Contradictions.check(fields, profile);
    return profile;
  }

  private static boolean isShown(String name) {
    return name.length() <= 500 && name.chars().noneMatch(Character::isISOControl);
  }

  private Optional<Profile.PostConnect> postConnect(YamlFields fields) {
    return fields.has("post_connect")
        ? Optional.of(fields.section("post_connect", answers::postConnect))
        : Optional.empty();
  }

  private static boolean knowsItsIssuer(Profile profile) {
    boolean signsIt =
        profile.clientAuthentication().stream().anyMatch(ProfileFields::isAssertion)
            && profile.assertion().audience().isEmpty();
    return profile.issuer().isPresent()
        || !(signsIt || profile.authorize().requireIss() || profile.discovery());
  }

  private static boolean isAssertion(ClientAuthenticationMethod method) {
    return switch (method) {
      case PRIVATE_KEY_JWT, CLIENT_SECRET_JWT -> true;
      case CLIENT_SECRET_BASIC, CLIENT_SECRET_POST, TLS_CLIENT_AUTH, NONE -> false;
    };
  }

  private Profile.Endpoints endpoints(YamlFields fields) {
    return new Profile.Endpoints(
        values.url(fields, "authorize"),
        values.url(fields, "token"),
        values.url(fields, "refresh"),
        values.url(fields, "revoke"),
        values.url(fields, "introspect"));
  }

  private Variable variable(YamlFields fields) {
    Optional<String> pattern =
        values.matching(
            fields, "pattern", ProfileFields::isPattern, "must be a regular expression");
    Variable variable =
        new Variable(
            values.choice(fields, "kind", Variable.Kind.values(), Variable.Kind.SEGMENT),
            values.words(fields, "values"),
            pattern,
            values.text(fields, "default"),
            fields.flag("optional", false));
    if (variable.values().isEmpty() && pattern.isEmpty()) {
      fields.missing("pattern", "must be there, or values");
    }
    if (!variable.values().isEmpty() && fields.has("pattern")) {
      fields.violated("pattern", "must be left out: values are the only ones allowed");
    } else if (!variable.values().stream().allMatch(variable::allows)) {
      fields.violated("values", "must each be what a URL can hold: " + variable.kind().meaning());
    }
    if (variable.unless().filter(unless -> !variable.allows(unless)).isPresent()) {
      fields.violated("default", variable.rule());
    }
    if (variable.optional() && variable.unless().isPresent()) {
      fields.violated("optional", "must be left out: it has a default");
    }
    return variable;
  }

  private static boolean isPattern(String text) {
    try {
      return text.length() <= 128 && !Pattern.compile(text).pattern().isEmpty();
    } catch (PatternSyntaxException notOne) {
      return false;
    }
  }

  private static void checkVariables(YamlFields fields, Profile profile) {
    Set<String> declared = profile.variables().keySet();
    declared.stream()
        .filter(name -> !VARIABLE.matcher(name).matches())
        .forEach(
            name ->
                fields.violated("variables." + name, "must be named by a-z 0-9 _, a letter first"));
    templates(profile)
        .flatMap(template -> template.variables().stream())
        .distinct()
        .filter(name -> !declared.contains(name))
        .forEach(name -> fields.violated("variables." + name, "must be declared: a URL holds it"));
    checkOptional(fields, profile);
  }

  /** Every other URL has to be there. */
  private static void checkOptional(YamlFields fields, Profile profile) {
    Set<String> others =
        otherTemplates(profile)
            .flatMap(template -> template.variables().stream())
            .collect(Collectors.toSet());
    profile
        .variables()
        .forEach(
            (name, variable) -> {
              if (variable.optional() && others.contains(name)) {
                fields.violated(
                    "variables." + name,
                    "must not be optional: not only endpoints.revoke holds it");
              }
            });
  }

  private static void checkHosts(YamlFields fields, Profile profile) {
    boolean needed = templates(profile).anyMatch(url -> !url.hostVariables().isEmpty());
    if (needed && profile.hosts().isEmpty()) {
      fields.missing("hosts", "must be there: a URL has a variable in its host");
    }
  }

  /** What goes over the wire under one name would be one parameter. */
  private static void checkParameterNames(YamlFields fields, Profile profile) {
    List<String> renamed = List.copyOf(profile.parameterNames().values());
    if (Set.copyOf(renamed).size() < renamed.size()) {
      fields.violated("parameter_names", "must give each parameter a name of its own");
    }
    if (further(profile).anyMatch(renamed::contains)) {
      fields.violated("parameter_names", "must not give the name of a further parameter");
    }
    profile.parameterNames().entrySet().stream()
        .filter(entry -> !entry.getKey().equals(entry.getValue()))
        .filter(entry -> RequestFields.areOurs(entry.getValue()))
        .map(entry -> "parameter_names." + entry.getKey())
        .forEach(path -> fields.violated(path, "must not be a name that the broker uses itself"));
    if (profile.refresh().parameters().containsKey(profile.refresh().tokenParameter())) {
      fields.violated("refresh.parameters", "must not hold the token_parameter");
    }
  }

  /** Whoever sends an owner back to us may choose among hosts that the profile names, only. */
  private static void checkToldVariables(YamlFields fields, Profile profile) {
    Profile.Callback callback = profile.callback();
    if (!profile.variables().keySet().containsAll(callback.variables())
        || !callback.metadata().keySet().containsAll(callback.variables())) {
      fields.violated("callback.variables", "must be names of variables and of callback.metadata");
    }
    if (!callback.variables().isEmpty() && profile.hosts().contains("*")) {
      fields.violated(
          "callback.variables", "must not be there: hosts leaves the choice to anybody");
    }
  }

  private static Stream<String> further(Profile profile) {
    return Stream.of(
            profile.authorize().parameters().keySet(),
            profile.authorize().registrationParameters(),
            profile.token().parameters().keySet(),
            profile.token().registrationParameters(),
            profile.refresh().parameters().keySet())
        .flatMap(Set::stream);
  }

  private static Stream<UrlTemplate> templates(Profile profile) {
    return Stream.concat(otherTemplates(profile), profile.endpoints().revoke().stream());
  }

  private static Stream<UrlTemplate> otherTemplates(Profile profile) {
    Profile.Endpoints endpoints = profile.endpoints();
    return Stream.of(
            profile.issuer(),
            endpoints.authorize(),
            endpoints.token(),
            endpoints.refresh(),
            endpoints.introspect(),
            profile.assertion().audience(),
            profile.assertion().issuer(),
            profile.postConnect().map(Profile.PostConnect::url))
        .flatMap(Optional::stream);
  }

  private static void require(YamlFields fields, String name, boolean fulfilled, String message) {
    if (!fulfilled) {
      fields.missing(name, message);
    }
  }
}
