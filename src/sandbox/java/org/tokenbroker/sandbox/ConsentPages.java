package org.tokenbroker.sandbox;

import java.util.Collection;
import java.util.stream.Collectors;

/**
 * The pages that an owner sees: plain HTML that works without script, by keyboard and by screen
 * reader.
 */
final class ConsentPages {
  private static final String FRAME =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%s</title>
      <style>
      :root { color-scheme: light dark }
      body { font: 1.1rem/1.5 system-ui, sans-serif; margin: 0 }
      main { max-width: 32rem; margin: 3rem auto; padding: 0 1rem }
      h1 { font-size: 1.5rem }
      label { display: block; margin-top: 1rem; font-weight: 600 }
      input { font: inherit; width: 100%%; box-sizing: border-box; padding: .5rem; margin-top: .25rem }
      button { font: inherit; padding: .6rem 1.4rem; margin: 1.5rem .5rem 0 0; min-height: 2.75rem }
      :focus-visible { outline: 3px solid #1a6fd4; outline-offset: 2px }
      </style>
      </head>
      <body>
      <main>
      %s
      </main>
      </body>
      </html>
      """;

  private ConsentPages() {}

  /** Asks the owner. {@code request} names the pending authorization request. */
  static String question(
      String clientId, Collection<String> scopes, String request, String account) {
    String list =
        scopes.stream()
            .sorted()
            .map(scope -> "<li><code>" + escape(scope) + "</code></li>")
            .collect(Collectors.joining("\n"));
    return FRAME.formatted(
        "Allow access?",
        """
        <h1>Allow access?</h1>
        <p><strong>%s</strong> asks to use your account with these permissions:</p>
        <ul>
        %s
        </ul>
        <form method="post" action="/authorize/decision">
        <input type="hidden" name="request" value="%s">
        <label for="account">Account</label>
        <input id="account" name="account" value="%s" required maxlength="64" autocomplete="username" \
        aria-describedby="hint">
        <p id="hint">A sandbox has no passwords: any name will do.</p>
        <button name="decision" value="allow">Allow</button>
        <button name="decision" value="deny" formnovalidate>Deny</button>
        </form>"""
            .formatted(escape(clientId), list, escape(request), escape(account)));
  }

  /** Says why nothing can be asked. */
  static String refused(String reason) {
    return FRAME.formatted(
        "This link does not work",
        "<h1>This link does not work</h1>\n<p>" + escape(reason) + "</p>");
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
