package org.tokenbroker.event;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

class PlaceProperties {
  @Property
  void aPlaceIsReadAsItWasWritten(@ForAll @LongRange(min = 0) long number) {
    assertThat(Place.parse(new Place(number).toString())).isEqualTo(new Place(number));
  }

  @Property
  void placesCompareLikeTheirTexts(
      @ForAll @LongRange(min = 0) long one, @ForAll @LongRange(min = 0) long other) {
    int byText = new Place(one).toString().compareTo(new Place(other).toString());

    assertThat(Integer.signum(byText)).isEqualTo(new Place(one).compareTo(new Place(other)));
  }
}
