package org.tokenbroker.safe;

import static org.tokenbroker.platform.startup.StartCheck.severe;
import static org.tokenbroker.platform.startup.StartCheck.waivable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.tokenbroker.platform.startup.Rules;
import org.tokenbroker.platform.startup.Setting;
import org.tokenbroker.platform.startup.Settings;
import org.tokenbroker.platform.startup.StartCheck;
import org.tokenbroker.platform.startup.Violation;

/** Secrets rest in Vault, reached over TLS by a login that is meant for production (K-2). */
public final class SafeStartChecks {
  private static final Pattern EMBEDDED =
      Pattern.compile("token[.-]broker\\.(?:safe\\.embedded|sandbox)(?:\\..*)?");
  private static final String VAULT = "quarkus.vault.";
  private static final String LOG = VAULT + "log-confidentiality-level";
  private static final String TOKEN = VAULT + "authentication.client-token";
  private static final String WRAPPED_TOKEN = VAULT + "authentication.client-token-wrapping-token";
  private static final String ROLE_ID = VAULT + "authentication.app-role.role-id";
  private static final String SECRET_ID = VAULT + "authentication.app-role.secret-id";
  private static final String WRAPPED_SECRET_ID =
      VAULT + "authentication.app-role.secret-id-wrapping-token";
  private static final String KUBERNETES_ROLE = VAULT + "authentication.kubernetes.role";

  /**
   * What Vault and OpenBao issue: {@code hvs.}, {@code hvb.} or {@code s.} and at least 24
   * characters. A token that someone typed, such as the one of a dev server, looks different.
   */
  private static final Pattern ISSUED_TOKEN =
      Pattern.compile("(hv[sb]|[sb])\\.[A-Za-z0-9_.-]{24,}");

  /** In the order in which they are reported. */
  public static final List<StartCheck> ALL =
      List.of(
          severe("embedded-safe", SafeStartChecks::noEmbeddedSafe),
          severe(
              "vault-address",
              Rules.https(VAULT + "url", "set it to the https address of Vault or OpenBao")),
          severe(
              "vault-verification",
              Rules.off(VAULT + "tls.skip-verify", "accepts any server as Vault")),
          severe("vault-log", SafeStartChecks::logsMaskSecrets),
          severe("vault-login", SafeStartChecks::oneWholeLogin),
          severe("vault-dev-token", SafeStartChecks::tokenWasIssued),
          waivable(
              "vault-secret-in-plain-sight",
              Rules.secretsOutOfSight(
                  List.of(TOKEN, WRAPPED_TOKEN, SECRET_ID, WRAPPED_SECRET_ID))));

  private SafeStartChecks() {}

  private static List<Violation> noEmbeddedSafe(Settings settings) {
    return settings.names().stream()
        .filter(name -> EMBEDDED.matcher(name).matches())
        .filter(
            name ->
                !settings
                    .find(name)
                    .map(Setting::value)
                    .filter("false"::equalsIgnoreCase)
                    .isPresent())
        .map(
            name ->
                new Violation(
                    name,
                    "asks for the embedded safe of the sandbox, which is for first runs only",
                    "remove it and set quarkus.vault.url"))
        .toList();
  }

  private static List<Violation> logsMaskSecrets(Settings settings) {
    boolean secretsInLogs =
        settings.find(LOG).map(Setting::value).filter("low"::equalsIgnoreCase).isPresent();
    return secretsInLogs
        ? List.of(new Violation(LOG, "writes secrets of Vault to the log", "set it to high"))
        : List.of();
  }

  private static List<Violation> oneWholeLogin(Settings settings) {
    List<Violation> violations = new ArrayList<>();
    boolean appRole = settings.has(ROLE_ID);
    boolean secretId = settings.has(SECRET_ID) || settings.has(WRAPPED_SECRET_ID);
    List<String> logins =
        Stream.of(KUBERNETES_ROLE, ROLE_ID, TOKEN, WRAPPED_TOKEN).filter(settings::has).toList();
    if (appRole && !secretId) {
      violations.add(
          Rules.missing(SECRET_ID, "set it, or " + WRAPPED_SECRET_ID + ", from a Secret"));
    }
    if (!appRole && secretId) {
      violations.add(Rules.missing(ROLE_ID, "set it to the AppRole's role id"));
    }
    if (logins.isEmpty() && !secretId) {
      violations.add(
          Rules.missing(
              KUBERNETES_ROLE,
              "set it to log in by service account, or set " + ROLE_ID + " or " + TOKEN));
    }
    if (logins.size() > 1) {
      logins.forEach(
          login ->
              violations.add(
                  new Violation(
                      login, "is one of several ways to log in to Vault", "keep one of them")));
    }
    return violations;
  }

  private static List<Violation> tokenWasIssued(Settings settings) {
    boolean typed =
        settings
            .find(TOKEN)
            .filter(token -> !ISSUED_TOKEN.matcher(token.value()).matches())
            .isPresent();
    return typed
        ? List.of(
            new Violation(
                TOKEN,
                "is not a token that Vault issued, so it belongs to a dev server",
                "log in with an issued, renewable token, AppRole or a service account"))
        : List.of();
  }
}
