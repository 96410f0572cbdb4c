package org.tokenbroker.serve.rest;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.Fields;
import org.tokenbroker.platform.ProblemException;
import org.tokenbroker.serve.MinimumLife;
import org.tokenbroker.serve.Rejection;
import org.tokenbroker.serve.Target;
import org.tokenbroker.token.Generation;
import org.tokenbroker.token.RegistrationId;
import org.tokenbroker.token.Scopes;
import org.tokenbroker.token.TenantId;

/** Reads what consumers send; every offending parameter is named at once, no value is repeated. */
final class TokenInput {
  private static final Pattern SECONDS = Pattern.compile("([0-9]{1,9})s?");
  private static final Pattern MINUTES = Pattern.compile("([0-9]{1,7})m");
  private static final Pattern HOURS = Pattern.compile("([0-9]{1,5})h");
  private static final Pattern PROVIDER = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final int LONGEST_CHALLENGE = 2048;

  private final Fields fields = new Fields();

  MinimumLife minimumLife(@Nullable String text) {
    return fields
        .optional("min_ttl", text, TokenInput::duration)
        .map(MinimumLife::of)
        .orElseGet(MinimumLife::standard);
  }

  Scopes scopes(@Nullable String text) {
    return fields.optional("scope", text, Scopes::parse).orElseGet(Scopes::none);
  }

  Optional<Target.Lookup> lookup(
      @Nullable String tenant, @Nullable String provider, @Nullable String registration) {
    Optional<TenantId> of = fields.required("tenant", tenant, TenantId::new);
    if ((provider == null) == (registration == null)) {
      fields.refuse("provider", "give either provider or registration, not both and not neither");
      return Optional.empty();
    }
    return registration == null
        ? fields
            .optional("provider", provider, TokenInput::providerId)
            .flatMap(id -> of.map(whose -> new Target.AtProvider(whose, id)))
        : fields
            .optional("registration", registration, RegistrationId::new)
            .flatMap(id -> of.map(whose -> new Target.UnderRegistration(whose, id)));
  }

  Optional<Rejection> rejection(@Nullable ReportBody body) {
    if (body == null) {
      fields.refuse("body", "must be a JSON object with a generation");
      return Optional.empty();
    }
    Optional<Generation> generation =
        fields.required("generation", body.generation(), TokenInput::generation);
    Optional<Integer> status = fields.optional("status", body.status(), TokenInput::status);
    Optional<String> challenge =
        fields.optional("www_authenticate", body.wwwAuthenticate(), TokenInput::challenge);
    return generation.map(
        refused ->
            new Rejection(
                refused, status.map(OptionalInt::of).orElseGet(OptionalInt::empty), challenge));
  }

  /**
   * @throws ProblemException if anything read so far is at fault
   */
  void refuseIfFlawed() {
    fields.refuseIfFlawed();
  }

  private static Duration duration(String text) {
    Matcher seconds = SECONDS.matcher(text);
    if (seconds.matches()) {
      return Duration.ofSeconds(Long.parseLong(seconds.group(1)));
    }
    Matcher minutes = MINUTES.matcher(text);
    if (minutes.matches()) {
      return Duration.ofMinutes(Long.parseLong(minutes.group(1)));
    }
    Matcher hours = HOURS.matcher(text);
    return hours.matches() ? Duration.ofHours(Long.parseLong(hours.group(1))) : isoDuration(text);
  }

  private static Duration isoDuration(String text) {
    try {
      Duration duration = Duration.parse(text);
      if (!duration.isNegative()) {
        return duration;
      }
    } catch (DateTimeParseException malformed) {
      throw notADuration();
    }
    throw notADuration();
  }

  private static IllegalArgumentException notADuration() {
    return new IllegalArgumentException(
        "must be a duration such as 60, 60s, 2m, 1h or PT1M, not negative");
  }

  private static String providerId(String text) {
    if (!PROVIDER.matcher(text).matches()) {
      throw new IllegalArgumentException("must be the id of a provider's profile");
    }
    return text;
  }

  private static Generation generation(long number) {
    if (number < 1) {
      throw new IllegalArgumentException("must be the generation of a served token, at least 1");
    }
    return new Generation(number);
  }

  private static int status(int number) {
    if (number != 401 && number != 403) {
      throw new IllegalArgumentException(
          "must be 401 or 403; other answers do not concern the token");
    }
    return number;
  }

  private static String challenge(String text) {
    if (text.length() > LONGEST_CHALLENGE) {
      throw new IllegalArgumentException("must be at most 2048 characters");
    }
    return text;
  }
}
