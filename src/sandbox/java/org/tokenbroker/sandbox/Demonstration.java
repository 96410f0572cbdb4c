package org.tokenbroker.sandbox;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Sets the demonstration up through the management API, as an operator would, and says how to use
 * it.
 */
public class Demonstration implements QuarkusApplication {
  private static final String MACHINE = "demo-machine";
  private static final String CUSTOMER = "demo-customer";
  private static final int FAILED = 1;
  private static final AtomicReference<@Nullable Setup> SETUP = new AtomicReference<>();

  /** What {@link SandboxMain} knows before the broker starts. */
  private record Setup(
      SandboxSettings settings, SandboxCertificates certificates, DemoClients clients) {}

  static void prepare(
      SandboxSettings settings, SandboxCertificates certificates, DemoClients clients) {
    SETUP.set(new Setup(settings, certificates, clients));
  }

  @Override
  public int run(String... args) {
    Setup setup = Optional.ofNullable(SETUP.get()).orElseThrow();
    try {
      welcome(setup, declare(setup), System.out);
    } catch (OperatorClient.Refused refused) {
      System.err.println(
          "token-broker sandbox: " + refused.getMessage() + "; see " + setup.settings().folder());
      return FAILED;
    }
    Quarkus.waitForExit();
    return 0;
  }

  /** Returns the consent link. */
  private static String declare(Setup setup) {
    OperatorClient operator = new OperatorClient(setup.settings().tokenUrl(), setup.certificates());
    DemoClients clients = setup.clients();
    operator.put(
        "/v1/registrations/" + MACHINE,
        registration(
            "Demonstration: a machine client",
            clients.machineId(),
            clients.machineSecret(),
            "demo.read"));
    operator.put(
        "/v1/registrations/" + DemoClients.APP_REGISTRATION,
        registration(
                "Demonstration: an app",
                clients.appId(),
                clients.appSecret(),
                "demo.read",
                "demo.write",
                "offline_access")
            .put("redirect_uris", new JsonArray().add(clients.redirectUri())));
    operator.put(
        "/v1/connections/" + MACHINE, connection("sandbox", MACHINE, "client_credentials"));
    operator.put(
        "/v1/connections/" + CUSTOMER,
        connection("demo-tenant", DemoClients.APP_REGISTRATION, "authorization_code"));
    operator.put("/v1/access-rules/" + MACHINE, rule(MACHINE));
    operator.put("/v1/access-rules/" + CUSTOMER, rule(CUSTOMER));
    return operator.post("/v1/connections/" + CUSTOMER + "/consent").getString("link");
  }

  private static JsonObject registration(
      String name, String clientId, String secret, String... scopes) {
    JsonArray wanted = new JsonArray();
    for (String scope : scopes) {
      wanted.add(scope);
    }
    return new JsonObject()
        .put("profile", SandboxMain.PROFILE)
        .put("name", name)
        .put("purpose", "Shows what the broker does")
        .put("contacts", new JsonArray().add("you"))
        .put("client_authentication", "client_secret_basic")
        .put("client_id", clientId)
        .put("client_secret", secret)
        .put("scopes", wanted);
  }

  private static JsonObject connection(String tenant, String registration, String grant) {
    return new JsonObject()
        .put("tenant", tenant)
        .put("registration", registration)
        .put("grant_type", grant);
  }

  private static JsonObject rule(String connection) {
    return new JsonObject()
        .put("consumer", SandboxCertificates.CONSUMER)
        .put("connection", connection)
        .put("all_scopes", true);
  }

  private static void welcome(Setup setup, String consentLink, PrintStream out) {
    SandboxSettings settings = setup.settings();
    out.println();
    out.println(
        "The broker is ready. Fetch a token over mTLS; run it again three minutes later and the generation is higher:");
    out.println(curl(setup, MACHINE));
    out.println("Give consent in a browser, as a customer would:");
    out.println(consentLink);
    out.println("Then fetch the customer's token:");
    out.println(curl(setup, CUSTOMER));
    out.println("Health, and metrics:");
    out.println(settings.managementUrl() + "/q/health");
    out.println(settings.managementUrl() + "/q/metrics");
    out.println("Data and logs are kept in " + settings.folder() + ". Ctrl-C stops everything.");
    out.flush();
  }

  private static String curl(Setup setup, String connection) {
    SandboxCertificates certificates = setup.certificates();
    return "curl -sS --cacert '%s' --cert '%s' --key '%s' '%s/v1/connections/%s/token'"
        .formatted(
            certificates.bundle(),
            certificates.consumer().certificate(),
            certificates.consumer().key(),
            setup.settings().tokenUrl(),
            connection);
  }
}
