package org.tokenbroker.provider.catalog;

import java.time.Duration;
import java.util.Set;
import java.util.regex.Pattern;
import org.tokenbroker.provider.ErrorMark;
import org.tokenbroker.provider.ErrorRule;
import org.tokenbroker.provider.Place;
import org.tokenbroker.provider.Profile;
import org.tokenbroker.provider.UrlTemplate;

/** The parts of a profile that say how answers are read. */
final class AnswerFields {
  private static final Pattern MEDIA_RANGES = Pattern.compile("[\\x21-\\x7E][\\x20-\\x7E]*");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final Duration YEARS = Duration.ofDays(3650);
  private static final Place STAND_IN = new Place("stand_in");

  private final FieldValues values;

  AnswerFields(FieldValues values) {
    this.values = values;
  }

  Profile.Response response(YamlFields fields) {
    return new Profile.Response(
        PlaceFields.places(fields, "access_token", "access_token"),
        PlaceFields.places(fields, "refresh_token", "refresh_token"),
        PlaceFields.places(fields, "token_type", "token_type"),
        PlaceFields.places(fields, "scope", "scope"),
        Set.copyOf(values.words(fields, "token_types")),
        PlaceFields.namedPlaces(fields, "metadata"));
  }

  Profile.ErrorReading error(YamlFields fields) {
    return new Profile.ErrorReading(
        fields.sections("when", this::mark),
        PlaceFields.places(fields, "code", "error"),
        PlaceFields.places(fields, "text", "error_description"),
        fields.sections("rules", this::rule));
  }

  private ErrorMark mark(YamlFields fields) {
    fields.missing("place", "must say where to look");
    fields.missing("value", "must say what to compare with");
    return new ErrorMark(
        PlaceFields.place(fields, "place").orElse(STAND_IN),
        values.text(fields, "value").orElse(""),
        fields.flag("differs", false));
  }

  private ErrorRule rule(YamlFields fields) {
    fields.missing("means", "must say what the error means");
    ErrorRule rule =
        new ErrorRule(
            values.number(fields, "status", 200, 599),
            values.text(fields, "code"),
            values.text(fields, "text"),
            Set.copyOf(values.someOf(fields, "on", ErrorRule.RequestKind.values())),
            values.choice(fields, "means", ErrorRule.Meaning.values(), ErrorRule.Meaning.REQUEST));
    if (!fields.has("status") && !fields.has("text")) {
      fields.missing("code", "must be there, or status or text");
    }
    if (rule.means() == ErrorRule.Meaning.UNCLEAR
        && !rule.on().equals(Set.of(ErrorRule.RequestKind.REFRESH_TOKEN))) {
      fields.violated("on", "must be [refresh_token] where means is unclear");
    }
    return rule;
  }

  Profile.Expiry expiry(YamlFields fields) {
    if (fields.is("never", "true")) {
      refuse(fields, "introspect", "must be left out: tokens never end");
      refuse(fields, "default_lifetime", "must be left out: tokens never end");
    }
    if (fields.is("mode", "date")) {
      refuse(fields, "unit", "must be left out: a date has none");
    }
    return new Profile.Expiry(
        PlaceFields.places(fields, "fields", "expires_in"),
        values.choice(fields, "mode", Profile.Expiry.Mode.values(), Profile.Expiry.Mode.RELATIVE),
        values.choice(fields, "unit", Profile.Expiry.Unit.values(), Profile.Expiry.Unit.SECONDS),
        values.choice(
            fields, "zero_means", Profile.Expiry.Zero.values(), Profile.Expiry.Zero.EXPIRED),
        values.duration(
            fields, "default_lifetime", Duration.ofSeconds(10), Duration.ofDays(365), HOUR),
        fields.flag("never", false),
        fields.flag("introspect", false));
  }

  private static void refuse(YamlFields fields, String name, String message) {
    if (fields.has(name)) {
      fields.violated(name, message);
    }
  }

  Profile.Grant grant(YamlFields fields) {
    Profile.Grant read =
        new Profile.Grant(
            values.duration(fields, "max_age", HOUR, YEARS),
            values.duration(
                fields, "warn_before", HOUR, Duration.ofDays(365), Duration.ofDays(14)));
    if (fields.has("warn_before")
        && read.maxAge().filter(age -> age.compareTo(read.warnBefore()) < 0).isPresent()) {
      fields.violated("warn_before", "must not be longer than max_age");
    }
    return read;
  }

  Profile.PostConnect postConnect(YamlFields fields) {
    fields.missing("url", "must say what is fetched");
    Profile.PostConnect read =
        new Profile.PostConnect(
            values.url(fields, "url").orElseGet(() -> new UrlTemplate("https://stand-in.invalid")),
            ParameterFields.parameters(fields, "optional_parameters", Set.of()),
            values
                .matching(fields, "accept", MEDIA_RANGES, "must be a list of media types")
                .orElse("application/json"),
            PlaceFields.place(fields, "identity"),
            PlaceFields.namedPlaces(fields, "metadata"),
            Set.copyOf(values.words(fields, "required")),
            PlaceFields.place(fields, "return_url"),
            values.hosts(fields, "return_hosts"));
    if (!read.metadata().keySet().containsAll(read.required())) {
      fields.violated("required", "must hold names of metadata only");
    }
    if (read.returnUrl().isPresent() && read.returnHosts().isEmpty()) {
      fields.missing("return_hosts", "must say where return_url may lead");
    }
    return read;
  }
}
