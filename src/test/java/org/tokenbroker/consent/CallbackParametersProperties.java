package org.tokenbroker.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.consent.CallbackParameters.Code;
import org.tokenbroker.provider.Profile.Callback;
import org.tokenbroker.token.Secret;

class CallbackParametersProperties {
  private static final String STATE = "s".repeat(43);
  private static final Callback RULES = new Callback("code", Map.of(), Set.of(), false);

  @Property
  void anythingAtAllIsReadWithoutFailing(@ForAll String query) {
    assertThat(CallbackQuery.read(query).flatMap(read -> CallbackParameters.of(read, RULES)))
        .isNotNull();
  }

  @Property
  void everyCodeIsReadAsItWasSent(@ForAll("codes") String code) {
    assertThat(read(Scene.query("code", code, "state", STATE)))
        .contains(new Code(Secret.of(code), Optional.empty(), Map.of()));
  }

  @Property
  void aParameterThatStandsTwiceSpoilsTheResponse(@ForAll("names") String name) {
    String query = Scene.query("code", "c", "state", STATE, "iss", "i", "session_state", "x");

    assertMalformed(query + "&" + name + "=again");
    assertMalformed(name + "=&" + query);
  }

  @Example
  void aResponseIsEitherACodeOrAnError() {
    assertMalformed(Scene.query("state", STATE));
    assertMalformed(Scene.query("state", STATE, "code", "c", "error", "access_denied"));
    assertMalformed("");
    assertMalformed(null);
  }

  @Example
  void badEncodingAndExcessiveLengthAreMalformed() {
    assertMalformed("code=%zz&state=" + STATE);
    assertMalformed("code=" + "c".repeat(CallbackQuery.MAX_LENGTH) + "&state=" + STATE);
  }

  @Example
  void aParameterWithoutAValueCountsAsOmitted() {
    assertThat(read("code=c&error=&state=" + STATE)).get().isInstanceOf(Code.class);
    assertThat(CallbackQuery.read("code=c&state").orElseThrow().value("state")).isEmpty();
  }

  @Example
  void aProviderMayCallTheCodeOtherwiseAndSendFactsAlong() {
    Callback rules =
        new Callback("oauth_code", Map.of("realm", "realmId", "host", "host"), Set.of(), false);
    CallbackQuery query =
        CallbackQuery.read(Scene.query("oauth_code", "c", "code", "no", "realmId", "4711"))
            .orElseThrow();

    assertThat(CallbackParameters.of(query, rules))
        .contains(new Code(Secret.of("c"), Optional.empty(), Map.of("realm", "4711")));
  }

  @Example
  void whatItHoldsIsNotShown() {
    CallbackQuery query =
        CallbackQuery.read(Scene.query("code", "c0de", "state", STATE)).orElseThrow();

    assertThat(query.toString()).doesNotContain("c0de", STATE);
    assertThat(CallbackParameters.of(query, RULES).toString()).doesNotContain("c0de", STATE);
  }

  private static Optional<CallbackParameters> read(@Nullable String query) {
    return CallbackQuery.read(query).flatMap(read -> CallbackParameters.of(read, RULES));
  }

  @Provide
  Arbitrary<String> codes() {
    return Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(200).filter(t -> !t.isBlank());
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("code", "state", "iss", "session_state");
  }

  private static void assertMalformed(@Nullable String query) {
    assertThat(read(query)).isEmpty();
  }
}
