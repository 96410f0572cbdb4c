package org.tokenbroker.consent;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.tokenbroker.consent.CallbackParameters.Code;
import org.tokenbroker.consent.CallbackParameters.Unreadable;
import org.tokenbroker.token.Secret;

class CallbackParametersProperties {
  private static final String STATE = "s".repeat(43);

  @Property
  void anythingAtAllIsReadWithoutFailing(@ForAll String query) {
    assertThat(CallbackParameters.read(query)).isNotNull();
  }

  @Property
  void everyCodeIsReadAsItWasSent(@ForAll("codes") String code) {
    assertThat(CallbackParameters.read(Scene.query("code", code, "state", STATE)))
        .isEqualTo(new Code(Secret.of(STATE), Secret.of(code), Optional.empty()));
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
    assertMalformed("code=" + "c".repeat(CallbackParameters.MAX_LENGTH) + "&state=" + STATE);
  }

  @Example
  void aParameterWithoutAValueCountsAsOmitted() {
    assertThat(CallbackParameters.read("code=c&error=&state=" + STATE)).isInstanceOf(Code.class);
    assertThat(CallbackParameters.read("code=c&state"))
        .isEqualTo(new Unreadable(Refusal.STATE_MISSING));
  }

  @Example
  void whatItHoldsIsNotShown() {
    CallbackParameters read = CallbackParameters.read(Scene.query("code", "c0de", "state", STATE));

    assertThat(read.toString()).doesNotContain("c0de", STATE);
  }

  @Provide
  Arbitrary<String> codes() {
    return Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(200).filter(t -> !t.isBlank());
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.of("code", "state", "iss", "session_state");
  }

  private static void assertMalformed(@org.jspecify.annotations.Nullable String query) {
    assertThat(CallbackParameters.read(query)).isEqualTo(new Unreadable(Refusal.MALFORMED));
  }
}
