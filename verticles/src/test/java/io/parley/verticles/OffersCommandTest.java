package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.testkit.TestPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Isolated("takes the streams that what other tests log goes to")
class OffersCommandTest {

  private final String url = TestPostgres.database();

  @TempDir Path folder;

  @Test
  void aFileIsLoadedAndItsPoolListed() throws IOException {
    Path file = file("\uFEFFcode,worth\nSPRING-0001,15\n\"SPRING-0002\";15\n\nSPRING-0003\n");

    CommandRun load = run("load", file.toString(), "--pool=spring", "--skip-header");

    assertThat(load.err()).isEmpty();
    assertThat(load.exit()).isZero();
    assertThat(load.out())
        .isEqualTo("3 loaded into pool spring, 0 left out as repeats; 3 free now\n");
    assertThat(run("list").out()).isEqualTo("pool spring  3 free of 3\n");
  }

  @Test
  void codesThatAreThereAreLeftOutAndNamed() throws IOException {
    run("load", file("SPRING-0001\n").toString(), "--pool=spring");

    CommandRun load = run("load", file("spring-0001\nFALL-1\nFALL-1\n").toString(), "--pool=fall");

    assertThat(load.exit()).isZero();
    assertThat(load.out())
        .isEqualTo(
            """
            spring-0001 was there already, in pool spring
            FALL-1 was there already, in pool fall
            1 loaded into pool fall, 2 left out as repeats; 1 free now
            """);
  }

  @Test
  void whereALineIsNoCodeNothingIsLoaded() throws IOException {
    Path file = file("SPRING-0001\nno code here\nSPRING-0002\nabc\n");

    CommandRun load = run("load", file.toString(), "--pool=spring");

    assertThat(load.exit()).isEqualTo(1);
    assertThat(load.err().lines())
        .satisfiesExactly(
            line -> assertThat(line).startsWith(file + ":2: \"no code here\" is no code"),
            line -> assertThat(line).startsWith(file + ":4: \"abc\" is no code"),
            line -> assertThat(line).isEqualTo("2 of 4 lines are no codes; nothing was loaded"));
    assertThat(run("list").out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"Spring", "a b", ""})
  void aPoolHasAPlainName(String pool) throws IOException {
    CommandRun load = run("load", file("SPRING-0001\n").toString(), "--pool=" + pool);

    assertThat(load.exit()).isEqualTo(2);
    assertThat(load.err()).contains("no name of a pool");
  }

  @Test
  void whatCannotBeReadIsSaid() throws IOException {
    assertThat(run("load", folder.resolve("none").toString(), "--pool=spring").err())
        .contains("cannot be read; nothing was loaded");
    assertThat(run("load", file("\n \n").toString(), "--pool=spring").err())
        .contains("has no codes; nothing was loaded");
    Path latin =
        Files.write(folder.resolve("latin"), "CÖDE-1".getBytes(StandardCharsets.ISO_8859_1));
    assertThat(run("load", latin.toString(), "--pool=spring").err()).contains("is not UTF-8");
  }

  @Test
  void offersThatStandAreListed() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(TestPostgres.jdbc(url), "postgres", "postgres");
        Statement statement = connection.createStatement()) {
      statement.execute(
          """
          insert into offer_grant (conversation, turn, index, offer, origin, worth, persons, code, state,
                                   granted_at, expires_at, changed_at)
          values ('0d1a7a4e-9a3c-8c1b-9b1e-0a5d5cf0f4aa', 3, 1, 'comeback', 'static', '15%', '{id:1}',
                  'BACK15', 'SENT', now(), '2099-01-01T00:00:00Z', now()),
                 ('0d1a7a4e-9a3c-8c1b-9b1e-0a5d5cf0f4aa', 4, 1, 'comeback', 'static', '15%', '{id:1}',
                  'BACK15', 'EXPIRED', now(), '2099-01-01T00:00:00Z', now())
          """);
    }

    assertThat(run("list").out())
        .isEqualTo(
            "offer comeback  BACK15  15%  sent  until 2099-01-01T00:00:00Z "
                + " 0d1a7a4e-9a3c-8c1b-9b1e-0a5d5cf0f4aa:3:1\n");
  }

  private Path file(String text) throws IOException {
    return Files.writeString(Files.createTempFile(folder, "codes", ".csv"), text);
  }

  private CommandRun run(String command, String... arguments) {
    return CommandRun.of(
        Stream.concat(Stream.of("offers", "--database=" + url, command), Stream.of(arguments))
            .toArray(String[]::new));
  }
}
