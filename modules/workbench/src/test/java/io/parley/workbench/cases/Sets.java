package io.parley.workbench.cases;

import io.parley.codec.FlowFiles;
import io.parley.engine.Block;
import io.parley.engine.FlowSid;
import io.parley.engine.Tag;
import io.parley.engine.flow.Flow;
import io.parley.engine.flow.FlowReading;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/// The shop of the documentation, and surroundings that know one word and two codes.
final class Sets {

  static final Surroundings SURROUNDINGS =
      new Surroundings() {
        @Override
        public Seen see(Saying saying) {
          String body =
              saying.parameters().text("Body").orElse("").replace("!", "").toUpperCase(Locale.ROOT);
          return new Seen(
              body.equals("STOP") ? List.of(new Tag(Tag.OPT_OUT, 1, "keyword STOP")) : List.of(),
              "one-word");
        }

        @Override
        public Meaning meaning(int code) {
          return new Meaning(
              "code_" + code,
              "told to fail",
              switch (code) {
                case 21610 -> Optional.of(Block.OPTED_OUT);
                case 21614 -> Optional.of(Block.UNREACHABLE);
                default -> Optional.empty();
              });
        }
      };

  static final FlowSet SHOP =
      FlowSet.of("shop", flow(text("/cases/shop.json")))
          .with(
              new FlowSid("FW00112233445566778899aabbccddeeff"),
              new FlowSet.Named("name", flow(text("/cases/name.json"))));

  private Sets() {}

  static Flow flow(String json) {
    return switch (FlowFiles.read(json)) {
      case FlowReading.Valid(var flow, var _) -> flow;
      case FlowReading.Invalid(var problems) ->
          throw new IllegalStateException(problems.toString());
    };
  }

  static String text(String resource) {
    try (InputStream file = Objects.requireNonNull(Sets.class.getResourceAsStream(resource))) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The result of the one case in a text.
  static CaseResult run(String yaml) {
    return runAll(yaml).getFirst();
  }

  static List<CaseResult> runAll(String yaml) {
    CaseReader.Reading reading = CaseReader.read("case.yaml", yaml);
    if (!reading.problems().isEmpty()) {
      throw new IllegalStateException(reading.problems().toString());
    }
    return reading.cases().stream().map(it -> CaseRun.run(it, SHOP, SURROUNDINGS)).toList();
  }

  /// What people read of the failures.
  static List<String> lines(CaseResult result) {
    return result.failures().stream().flatMap(it -> it.mismatch().lines().stream()).toList();
  }
}
