package org.tokenbroker.platform.rest;

import io.vertx.ext.web.RoutingContext;
import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.tokenbroker.platform.LogContext;

/**
 * The id that ties an answer to its log lines: taken from the caller where it is well-formed, else
 * made up; sent back, and on every log line of the request as {@code requestId}.
 */
public final class RequestIds {
  public static final String HEADER = "X-Request-Id";

  /** Fits UUIDs, ULIDs and trace ids; nothing that could break a log line. */
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

  private RequestIds() {}

  public static void assign(RoutingContext request) {
    String id = choose(request.request().getHeader(HEADER));
    request.response().putHeader(HEADER, id);
    LogContext.request(id);
  }

  static String choose(@Nullable String offered) {
    return offered != null && FORM.matcher(offered).matches() ? offered : made();
  }

  /** Not a secret: need not be hard to guess, only rare. */
  private static String made() {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    return HexFormat.of().toHexDigits(random.nextLong())
        + HexFormat.of().toHexDigits(random.nextLong());
  }
}
