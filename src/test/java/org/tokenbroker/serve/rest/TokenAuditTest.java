package org.tokenbroker.serve.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.http.TestHTTPResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jboss.logmanager.ExtLogRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.tokenbroker.fixture.Requirement;

/** Who got which token, in the log. */
@QuarkusTest
@TestProfile(ServingOnly.class)
@Requirement("E8")
class TokenAuditTest {
  private static final Logger AUDIT = Logger.getLogger("audit");

  @TestHTTPResource(value = "/", tls = true)
  URI door;

  @Inject ScriptedEngines engines;

  private final Lines lines = new Lines();

  /** Each line with its context data. */
  private static final class Lines extends Handler {
    private final List<String> written = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord line) {
      ExtLogRecord record = ExtLogRecord.wrap(line);
      written.add(
          "%s requestId=%s connectionId=%s"
              .formatted(
                  record.getFormattedMessage(),
                  record.getMdc("requestId"),
                  record.getMdc("connectionId")));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}

    List<String> about(String connection) {
      return written.stream().filter(line -> line.endsWith("connectionId=" + connection)).toList();
    }
  }

  @BeforeEach
  void listen() {
    AUDIT.addHandler(lines);
  }

  @AfterEach
  void stopListening() {
    AUDIT.removeHandler(lines);
  }

  @Test
  void eachIssuedTokenIsALineThatNamesAllButTheToken() {
    engines.holds("audited", "audited-tenant", 1);
    engines.refreshGives("audited", "audited-tenant", 2);
    Caller cart = Caller.consumer("audited-reader", door);
    Caller.operator(door).allow(cart, "audited-tenant");

    cart.with()
        .header("X-Request-Id", "first")
        .get("/v1/connections/audited/token")
        .then()
        .statusCode(200);
    cart.with()
        .header("X-Request-Id", "second")
        .get("/v1/connections/audited/token")
        .then()
        .statusCode(200);
    cart.report("audited", "{\"generation\": 1}").then().statusCode(200);

    List<String> issued = lines.about("audited");
    assertThat(issued).hasSize(3).noneMatch(line -> line.contains("token-audited"));
    assertThat(issued.getFirst())
        .startsWith(
            "event=token outcome=served reason=none consumer=\""
                + cart.identity()
                + "\" connection=audited generation=1 token_hash=")
        .contains("requestId=first");
    assertThat(issued.get(1)).contains("requestId=second");
    assertThat(hash(issued.get(1))).isEqualTo(hash(issued.getFirst())).hasSize(32);
    assertThat(issued.get(2)).contains("generation=2");
    assertThat(hash(issued.get(2))).isNotEqualTo(hash(issued.getFirst()));
  }

  @Test
  void eachRefusalIsALineWithItsReason() {
    engines.holds("denied", "denied-tenant", 1);
    Caller stranger = Caller.consumer("denied-reader", door);

    stranger.get("/v1/connections/denied/token").then().statusCode(404);
    stranger.get("/v1/connections/missing/token").then().statusCode(404);

    assertThat(lines.about("denied"))
        .singleElement()
        .asString()
        .startsWith(
            "event=token outcome=denied reason=no_rule consumer=\""
                + stranger.identity()
                + "\" target=denied");
    assertThat(lines.about("missing"))
        .singleElement()
        .asString()
        .contains("outcome=unknown reason=no_connection");
  }

  private static String hash(String line) {
    return line.substring(line.indexOf("token_hash=") + "token_hash=".length())
        .split(" ")[0]
        .toLowerCase(Locale.ROOT);
  }
}
