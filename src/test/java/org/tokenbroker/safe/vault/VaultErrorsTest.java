package org.tokenbroker.safe.vault;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.vault.client.VaultClientException;
import io.vertx.core.http.HttpClosedException;
import java.net.ConnectException;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.tokenbroker.safe.SafeFault;

class VaultErrorsTest {
  @ParameterizedTest
  @CsvSource({
    "412, NOT_SERVING",
    "429, NOT_SERVING",
    "472, NOT_SERVING",
    "473, NOT_SERVING",
    "501, NOT_SERVING",
    "503, NOT_SERVING",
    "500, UNREACHABLE",
    "502, UNREACHABLE",
    "504, UNREACHABLE",
    "400, CORRUPT",
    "405, CORRUPT",
    "200, CORRUPT"
  })
  void aStatusTellsWhetherTheRequestWasCarriedOut(int status, SafeFault fault) {
    assertThat(VaultErrors.classify(answer(status, "some text")))
        .isEqualTo(new VaultReply.Failed<>(fault));
    assertThat(VaultErrors.code(answer(status, "some text"))).isEqualTo(Integer.toString(status));
  }

  @Test
  void onlyTheLostRaceAmongBadRequestsIsStale() {
    assertThat(
            VaultErrors.classify(
                answer(400, "check-and-set parameter did not match the current version")))
        .isEqualTo(new VaultReply.Stale<>());
    assertThat(VaultErrors.classify(answer(400, "check-and-set parameter required for this call")))
        .isEqualTo(new VaultReply.Failed<>(SafeFault.CORRUPT));
  }

  @Test
  void nothingAtAPathIsMissingButNoEngineAtAPathIsForbidden() {
    assertThat(
            VaultErrors.classify(
                new VaultClientException("op", "path", 404, "{\"errors\":[]}", null)))
        .isEqualTo(new VaultReply.Missing<>(0));
    assertThat(VaultErrors.classify(answer(404, "no handler for route")))
        .isEqualTo(new VaultReply.Failed<>(SafeFault.FORBIDDEN));
  }

  @Test
  void aDeletedDocumentTellsItsNewestVersion() {
    String body = "{\"data\":{\"data\":null,\"metadata\":{\"version\":7,\"destroyed\":true}}}";

    assertThat(VaultErrors.classify(new VaultClientException("op", "path", 404, body, null)))
        .isEqualTo(new VaultReply.Missing<>(7));
  }

  @Test
  void aDeniedTokenIsDenied() {
    assertThat(VaultErrors.classify(answer(403, "permission denied")))
        .isEqualTo(new VaultReply.Denied<>());
  }

  @ParameterizedTest
  @MethodSource("cuts")
  void noAnswerIsUnreachable(Throwable failure) {
    assertThat(VaultErrors.classify(new CompletionException(failure)))
        .isEqualTo(new VaultReply.Failed<>(SafeFault.UNREACHABLE));
    assertThat(VaultErrors.code(failure)).isEqualTo("none");
  }

  static Stream<Throwable> cuts() {
    return Stream.of(
        new ConnectException("refused"),
        new TimeoutException("late"),
        new HttpClosedException("Connection was closed"),
        new VaultClientException("op", "path", null, List.of("Connection was closed"), null));
  }

  private static VaultClientException answer(int status, String error) {
    return new VaultClientException("op", "path", status, List.of(error), null);
  }
}
