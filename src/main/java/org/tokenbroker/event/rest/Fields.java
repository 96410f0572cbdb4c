package org.tokenbroker.event.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.Problem;
import org.tokenbroker.platform.Problem.FieldError;
import org.tokenbroker.platform.ProblemException;

/** Reads fields one by one and names all that are at fault at once; repeats no value. */
final class Fields {
  private static final int LARGEST_PAGE = 200;

  private final List<FieldError> errors = new ArrayList<>();

  /**
   * @param reader throws {@link IllegalArgumentException} with what would be right
   */
  <S, T> Optional<T> optional(String field, @Nullable S value, Function<S, T> reader) {
    try {
      return Optional.ofNullable(value).map(reader);
    } catch (IllegalArgumentException malformed) {
      refuse(field, String.valueOf(malformed.getMessage()));
      return Optional.empty();
    }
  }

  <S, T> Optional<T> required(String field, @Nullable S value, Function<S, T> reader) {
    if (value == null) {
      refuse(field, "must be given");
    }
    return optional(field, value, reader);
  }

  void refuse(String field, String fix) {
    errors.add(new FieldError(field, fix));
  }

  /**
   * @throws ProblemException naming all that is at fault
   */
  void refuseIfFlawed() {
    if (!errors.isEmpty()) {
      throw new ProblemException(Problem.invalid(List.copyOf(errors)));
    }
  }

  static int pageSize(String text) {
    if (!text.matches("[0-9]{1,3}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > LARGEST_PAGE) {
      throw new IllegalArgumentException("must be a number from 1 to " + LARGEST_PAGE);
    }
    return Integer.parseInt(text);
  }
}
