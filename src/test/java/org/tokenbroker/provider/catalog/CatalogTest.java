package org.tokenbroker.provider.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tokenbroker.provider.Profile;

class CatalogTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicReference<Instant> now = new AtomicReference<>(START);
  private final InstantSource clock = now::get;

  @TempDir Path folder;

  @Test
  void aFolderOfFilesIsTheCatalogue() throws IOException {
    write("b.yaml", profile("beta", "Beta"));
    write("a.yml", profile("alpha", "Alpha"));
    write("notes.txt", "no profile");
    write(".hidden.yaml", "no profile");

    Catalog catalog = loaded();

    assertThat(catalog.all()).extracting(Profile::id).containsExactly("alpha", "beta");
    assertThat(catalog.find("beta")).map(Profile::name).contains("Beta");
    assertThat(catalog.find("gamma")).isEmpty();
    assertThat(catalog.status()).isEqualTo(new CatalogStatus(2, START, List.of()));
  }

  @Test
  void aChangedFileIsReadAgain() throws IOException {
    write("a.yaml", profile("alpha", "Alpha"));
    Catalog catalog = loaded();

    write("a.yaml", profile("alpha", "Alpha two"));
    write("b.yaml", profile("beta", "Beta"));
    later(catalog);

    assertThat(catalog.all()).extracting(Profile::name).containsExactly("Alpha two", "Beta");
    assertThat(catalog.status().changedAt()).isEqualTo(START.plusSeconds(5));
  }

  @Test
  void aFileThatIsGoneTakesItsProfileAlong() throws IOException {
    write("a.yaml", profile("alpha", "Alpha"));
    Catalog catalog = loaded();

    Files.delete(folder.resolve("a.yaml"));
    later(catalog);

    assertThat(catalog.all()).isEmpty();
  }

  @Test
  void anUnchangedFolderChangesNothing() throws IOException {
    write("a.yaml", profile("alpha", "Alpha"));
    Catalog catalog = loaded();

    later(catalog);

    assertThat(catalog.status().changedAt()).isEqualTo(START);
  }

  @Test
  void aBadFileKeepsItsLastGoodProfileAndIsNamed() throws IOException {
    write("a.yaml", profile("alpha", "Alpha"));
    write("b.yaml", profile("beta", "Beta"));
    Catalog catalog = loaded();

    write("a.yaml", "id: alpha\nnme: Alpha\n");
    write("b.yaml", profile("beta", "Beta two"));
    later(catalog);

    assertThat(catalog.all()).extracting(Profile::name).containsExactly("Alpha", "Beta two");
    assertThat(catalog.status().isWell()).isFalse();
    assertThat(catalog.status().violations())
        .extracting(Violation::toString)
        .contains("a.yaml:2:1: nme is not a known field");

    write("a.yaml", profile("alpha", "Alpha three"));
    later(catalog);

    assertThat(catalog.status().isWell()).isTrue();
    assertThat(catalog.find("alpha")).map(Profile::name).contains("Alpha three");
  }

  @Test
  void aBadFileAtStartLeavesTheOthersInUse() throws IOException {
    write("a.yaml", "nonsense");
    write("b.yaml", profile("beta", "Beta"));

    Catalog catalog = loaded();

    assertThat(catalog.all()).extracting(Profile::id).containsExactly("beta");
    assertThat(catalog.status().violations()).hasSizeGreaterThanOrEqualTo(1);
  }

  @Test
  void aCopyThatKeptItsIdDoesNotTakeTheProfileOver() throws IOException {
    write("alpha.yaml", profile("alpha", "Alpha"));
    Catalog catalog = loaded();

    write("alpha-beta.yaml", profile("alpha", "Impostor"));
    later(catalog);

    assertThat(catalog.all()).extracting(Profile::name).containsExactly("Alpha");
    assertThat(catalog.status().violations())
        .extracting(Violation::toString)
        .containsExactly("alpha-beta.yaml:1:1: id is the id of the profile in alpha.yaml already");

    write("alpha.yaml", profile("alpha", "Alpha two"));
    later(catalog);

    assertThat(catalog.all()).extracting(Profile::name).containsExactly("Alpha two");
  }

  @Test
  void anEditThatTakesAnothersIdLeavesBothAsTheyWere() throws IOException {
    write("a.yaml", profile("alpha", "Alpha"));
    write("b.yaml", profile("beta", "Beta"));
    Catalog catalog = loaded();

    write("a.yaml", profile("beta", "Impostor"));
    later(catalog);

    assertThat(catalog.all()).extracting(Profile::name).containsExactly("Alpha", "Beta");
    assertThat(catalog.status().isWell()).isFalse();
  }

  @Test
  void aFileMayBeRenamed() throws IOException {
    write("b.yaml", profile("alpha", "Alpha"));
    Catalog catalog = loaded();

    Files.move(folder.resolve("b.yaml"), folder.resolve("a.yaml"));
    later(catalog);

    assertThat(catalog.all()).extracting(Profile::name).containsExactly("Alpha");
    assertThat(catalog.status().isWell()).isTrue();
  }

  @Test
  void atStartNobodyCanTellWhichOfTwoProfilesWithOneIdIsMeant() throws IOException {
    write("a.yaml", profile("alpha", "Alpha"));
    write("b.yaml", profile("alpha", "Impostor"));
    write("c.yaml", profile("gamma", "Gamma"));

    Catalog catalog = loaded();

    assertThat(catalog.all()).extracting(Profile::name).containsExactly("Gamma");
    assertThat(catalog.status().violations())
        .extracting(Violation::toString)
        .containsExactly(
            "a.yaml:1:1: id is the id of the profile in b.yaml too; neither is in use",
            "b.yaml:1:1: id is the id of the profile in a.yaml too; neither is in use");

    Files.delete(folder.resolve("b.yaml"));
    later(catalog);

    assertThat(catalog.find("alpha")).map(Profile::name).contains("Alpha");
  }

  @Test
  void aFolderThatCannotBeReadLeavesEverythingAsItWas() throws IOException {
    write("a.yaml", profile("alpha", "Alpha"));
    Catalog catalog = loaded();

    Files.move(folder, folder.resolveSibling("moved"));
    later(catalog);

    assertThat(catalog.find("alpha")).isPresent();
    assertThat(catalog.status().violations())
        .extracting(Violation::message)
        .containsExactly("cannot be read");

    Files.move(folder.resolveSibling("moved"), folder);
    later(catalog);

    assertThat(catalog.status().isWell()).isTrue();
  }

  @Test
  void shippedFilesAreThoseThatTheIndexNames() throws IOException {
    ClassLoader loader = CatalogTest.class.getClassLoader();

    assertThat(ProfileFiles.shipped(loader, "catalog-sample/index.txt"))
        .containsOnlyKeys("one.yaml", "two.yaml");
  }

  @Test
  void everyShippedFileIsInTheIndexAndValid() throws IOException {
    ClassLoader loader = CatalogTest.class.getClassLoader();
    Path shipped = Path.of("src/main/resources/catalog");

    assertThat(ProfileFiles.shipped(loader, ProfileFiles.INDEX))
        .containsExactlyEntriesOf(ProfileFiles.mounted(shipped))
        .allSatisfy(
            (file, text) ->
                assertThat(new ProfileReader(false, host -> true).read(file, text))
                    .isInstanceOf(Reading.Accepted.class));
  }

  private Catalog loaded() {
    Catalog catalog =
        new Catalog(
            "catalog-empty/index.txt",
            Optional.of(folder),
            new ProfileReader(false, host -> true),
            clock);
    catalog.reload();
    return catalog;
  }

  private void later(Catalog catalog) {
    now.updateAndGet(instant -> instant.plusSeconds(5));
    catalog.reload();
  }

  private void write(String file, String text) throws IOException {
    Files.writeString(folder.resolve(file), text);
  }

  private static String profile(String id, String name) {
    return """
        id: %s
        name: %s
        endpoints: {token: 'https://as.example/token'}
        grants: [client_credentials]
        client_authentication: [client_secret_basic]
        """
        .formatted(id, name);
  }
}
