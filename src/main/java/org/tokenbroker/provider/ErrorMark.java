package org.tokenbroker.provider;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * What marks an answer with a success status as an error.
 *
 * @param place where to look; required
 * @param value texts, numbers and truth values are compared as text; required
 * @param differs {@code true}: an error where the value differs, a missing one included; {@code
 *     false}: an error where it is equal; default false
 */
public record ErrorMark(Place place, String value, boolean differs) {
  boolean marks(JsonNode answer) {
    boolean equal = place.first(answer).map(JsonNode::asText).filter(value::equals).isPresent();
    return equal != differs;
  }
}
