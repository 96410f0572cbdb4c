package org.tokenbroker.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokenbroker.event.Kind;

/** What the page about events says is so. */
class EventsPageTest {
  private static final Path PAGE = Path.of("src", "docs", "events.md");
  private static final Pattern SNIPPET = Pattern.compile("(?s)```python\n(.+?)```");

  @TempDir Path folder = Path.of("");

  @Test
  void everyKindIsExplained() throws IOException {
    String page = Files.readString(PAGE);

    assertThat(Arrays.stream(Kind.values()).map(Kind::label))
        .allSatisfy(label -> assertThat(page).contains("`" + label + "`"));
  }

  /** The example of the specification's reference implementations, which ours signs alike. */
  @Test
  void theSnippetAcceptsWhatIsGenuineAndNothingElse() throws IOException, InterruptedException {
    String checks =
        """
        headers = {"webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek", "webhook-timestamp": "1614265330",
                   "webhook-signature": "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}
        secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        body = b'{"test": 2432232314}'
        ages = 10 ** 12
        print(is_genuine(headers, body, secret, ages),
              is_genuine(headers, body + b" ", secret, ages),
              is_genuine(headers | {"webhook-id": "other"}, body, secret, ages),
              is_genuine(headers, body, "whsec_AAAAr8GKYqrTwjUPD8ILPZIo2LaLaSw0", ages),
              is_genuine(headers, body, secret))
        """;
    Path script = folder.resolve("verify.py");
    Files.writeString(script, snippet() + "\n" + checks);

    assertThat(run(script)).isEqualTo("True False False False False");
  }

  private static String snippet() throws IOException {
    Matcher snippet = SNIPPET.matcher(Files.readString(PAGE));
    assertThat(snippet.find()).isTrue();
    return snippet.group(1);
  }

  private static String run(Path script) throws IOException, InterruptedException {
    Process python =
        new ProcessBuilder(List.of("python3", script.toString())).redirectErrorStream(true).start();
    String output =
        new String(python.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(python.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
