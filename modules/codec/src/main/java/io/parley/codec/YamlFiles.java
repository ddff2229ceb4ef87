package io.parley.codec;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;

/// YAML that people write beside flow files, as plain Java: maps, lists, texts, numbers, flags and
/// nulls. JSON is YAML, too. Only `true` and `false` are flags: `no` and `on` are texts.
public final class YamlFiles {

  /// Characters in one file.
  private static final int MAX_LENGTH = 2 * 1024 * 1024;

  private static final int MAX_DEPTH = 100;

  private static final ObjectReader READER =
      YAMLMapper.builder(
              YAMLFactory.builder()
                  .loaderOptions(limits())
                  .enable(YAMLParser.Feature.PARSE_BOOLEAN_LIKE_WORDS_AS_STRINGS)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_LONG_FOR_INTS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build()
          .readerFor(Object.class);

  /// What came of reading a text.
  public sealed interface Parsing {

    /// @param tree an empty map where the text says nothing
    record Parsed(Object tree) implements Parsing {}

    /// @param problem completes the sentence `FILE ...`, with line and column
    record Unreadable(String problem) implements Parsing {}
  }

  private YamlFiles() {}

  private static LoaderOptions limits() {
    LoaderOptions limits = new LoaderOptions();
    limits.setCodePointLimit(MAX_LENGTH);
    limits.setNestingDepthLimit(MAX_DEPTH);
    limits.setMaxAliasesForCollections(0);
    return limits;
  }

  /// Reads a text of one document. One that is no YAML, says a key twice, is longer than two
  /// million characters or is nested too deep cannot be read.
  public static Parsing parse(String text) {
    try (MappingIterator<Object> documents = READER.readValues(text)) {
      Object tree = documents.hasNextValue() ? documents.nextValue() : Map.of();
      if (documents.hasNextValue()) {
        return new Parsing.Unreadable("has more than one document; keep what follows --- apart");
      }
      return new Parsing.Parsed("".equals(tree) ? Map.of() : tree);
    } catch (JacksonException e) {
      JsonLocation at = e.getLocation();
      return new Parsing.Unreadable(
          "is no YAML: line %d, column %d: %s"
              .formatted(
                  at == null ? 1 : at.getLineNr(),
                  at == null ? 1 : at.getColumnNr(),
                  e.getOriginalMessage().lines().findFirst().orElse("")));
    } catch (IOException e) {
      throw new UncheckedIOException("a text that is in memory", e);
    }
  }
}
