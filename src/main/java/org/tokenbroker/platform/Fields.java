package org.tokenbroker.platform;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.Problem.FieldError;

/**
 * Reads the fields of a request one by one and names all that are at fault at once; repeats no
 * value.
 */
public final class Fields {
  private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final int LARGEST_PAGE = 200;

  private final List<FieldError> errors = new ArrayList<>();

  /**
   * @param field JSON path or parameter name
   * @param value null where it was left out
   * @param reader throws {@link IllegalArgumentException} with what would be right
   */
  public <S, T> Optional<T> optional(String field, @Nullable S value, Function<S, T> reader) {
    try {
      return Optional.ofNullable(value).map(reader);
    } catch (IllegalArgumentException malformed) {
      refuse(field, String.valueOf(malformed.getMessage()));
      return Optional.empty();
    }
  }

  /** As {@link #optional}, and at fault where it was left out. */
  public <S, T> Optional<T> required(String field, @Nullable S value, Function<S, T> reader) {
    if (value == null) {
      refuse(field, "must be given");
    }
    return optional(field, value, reader);
  }

  /**
   * @param fix what is wrong and what would be right; never repeats the value
   */
  public void refuse(String field, String fix) {
    errors.add(new FieldError(field, fix));
  }

  /** A misspelt field would say something else than was meant. */
  public void refuseOthers(Iterator<String> names, Set<String> known) {
    names.forEachRemaining(
        name -> {
          if (!known.contains(name)) {
            refuse(
                PLAIN_NAME.matcher(name).matches() ? name : "(unprintable)",
                "is not a known field: remove it");
          }
        });
  }

  /**
   * @throws ProblemException 400 {@code invalid_request}, naming all that is at fault
   */
  public void refuseIfFlawed() {
    if (!errors.isEmpty()) {
      throw new ProblemException(Problem.invalid(List.copyOf(errors)));
    }
  }

  /** 400 {@code invalid_request}, where nothing else can be read. */
  public static ProblemException invalid(String field, String fix) {
    return new ProblemException(Problem.invalid(List.of(new FieldError(field, fix))));
  }

  /**
   * How many entries a page of a listing has at most: 1 to 200.
   *
   * @throws IllegalArgumentException with what would be right
   */
  public static int pageSize(String text) {
    if (!text.matches("[0-9]{1,3}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > LARGEST_PAGE) {
      throw new IllegalArgumentException("must be a number from 1 to " + LARGEST_PAGE);
    }
    return Integer.parseInt(text);
  }
}
