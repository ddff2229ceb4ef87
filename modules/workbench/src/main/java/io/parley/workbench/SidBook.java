package io.parley.workbench;

import io.parley.codec.YamlFiles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What stands for the same thing in each environment: sids, and other texts such as the host of
/// functions. A file of it stands beside the flow files:
///
///     files: production              # the environment whose sids the flow files have
///     environments:
///       production: {}               # url: https://studio.twilio.com
///       staging:
///         url: https://parley.staging.example.com
///     sids:
///       cart:                        # a flow goes by the name of its file
///         production: FW0123...
///         staging: FW4567...
///       functions:
///         production: https://care-1234.twil.io
///         staging: https://care-1234-dev.twil.io
///
/// @param home the environment whose sids the flow files have; empty text where there is none
/// @param environments their URLs by name
/// @param sids by the name of what they stand for, then by environment
public record SidBook(
    String home, Map<String, String> environments, Map<String, Map<String, String>> sids) {

  /// A book without environments: nothing stands for anything else.
  public static final SidBook EMPTY = new SidBook("", Map.of(), Map.of());

  public static final String TWILIO = "https://studio.twilio.com";

  public SidBook {
    environments = copy(environments);
    Map<String, Map<String, String>> all = new LinkedHashMap<>();
    sids.forEach((name, each) -> all.put(name, copy(each)));
    sids = Collections.unmodifiableMap(all);
  }

  private static Map<String, String> copy(Map<String, String> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  /// What came of reading a text.
  public sealed interface Reading {

    record Read(SidBook book) implements Reading {}

    /// @param problems each completes the sentence `FILE ...`
    record Unreadable(List<String> problems) implements Reading {}
  }

  /// Reads a text of YAML, or of JSON.
  public static Reading read(String text) {
    return switch (YamlFiles.parse(text)) {
      case YamlFiles.Parsing.Unreadable(var problem) -> new Reading.Unreadable(List.of(problem));
      case YamlFiles.Parsing.Parsed(var tree) -> new Reader(tree).read();
    };
  }

  /// Whether a text is scheme, host and perhaps port.
  public static boolean isUrl(String text) {
    return text.matches("https?://[^/?#@\\s]+");
  }

  /// This book, for files that have the sids of an environment.
  public SidBook of(String environment) {
    return new SidBook(environment, environments, sids);
  }

  /// What stands for a thing in an environment.
  public Optional<String> sid(String name, String environment) {
    return Optional.ofNullable(sids.getOrDefault(name, Map.of()).get(environment));
  }

  /// The environment at a URL.
  public Optional<String> environmentAt(String url) {
    return environments.entrySet().stream()
        .filter(it -> it.getValue().equals(url))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /// This book, and in it what stands for a thing in an environment.
  public SidBook with(String name, String environment, String sid) {
    Map<String, Map<String, String>> all = new LinkedHashMap<>(sids);
    Map<String, String> each = new LinkedHashMap<>(sids.getOrDefault(name, Map.of()));
    each.put(environment, sid);
    all.put(name, each);
    return new SidBook(home, environments, all);
  }

  /// Reads one text, and collects what is wrong with it.
  private static final class Reader {

    private final Map<?, ?> tree;
    private final List<String> problems = new ArrayList<>();

    Reader(Object tree) {
      this.tree = tree instanceof Map<?, ?> map ? map : Map.of();
      if (!(tree instanceof Map<?, ?>)) {
        problems.add("is no map: it has files, environments and sids");
      }
    }

    Reading read() {
      for (Object key : tree.keySet()) {
        if (!List.of("files", "environments", "sids").contains(String.valueOf(key))) {
          problems.add("has %s, and knows only files, environments and sids".formatted(key));
        }
      }
      Map<String, String> environments = environments();
      String home = home(environments);
      Map<String, Map<String, String>> sids = sids(environments);
      checkUnique(sids);
      return problems.isEmpty()
          ? new Reading.Read(new SidBook(home, environments, sids))
          : new Reading.Unreadable(List.copyOf(problems));
    }

    private Map<String, String> environments() {
      Map<String, String> environments = new LinkedHashMap<>();
      entries("environments", tree.get("environments"))
          .forEach(
              (name, value) -> {
                String place = "environments." + name;
                Map<String, Object> entries = entries(place, value);
                String url = text(place + ".url", entries.getOrDefault("url", TWILIO));
                for (String key : entries.keySet()) {
                  if (!key.equals("url")) {
                    problems.add(
                        "has %s.%s, and an environment has only a url".formatted(place, key));
                  }
                }
                if (!isUrl(url.replaceFirst("/$", ""))) {
                  problems.add(
                      "has %s.url \"%s\", which is not of the form https://host"
                          .formatted(place, url));
                }
                environments.put(name, url.replaceFirst("/$", ""));
              });
      if (environments.isEmpty()) {
        problems.add("has no environments");
      }
      return environments;
    }

    private String home(Map<String, String> environments) {
      Object given = tree.get("files");
      if (given == null) {
        problems.add("does not say under files whose sids the flow files have");
        return "";
      }
      String home = text("files", given);
      if (!environments.containsKey(home)) {
        problems.add("says files: %s, which is none of its environments".formatted(home));
      }
      return home;
    }

    private Map<String, Map<String, String>> sids(Map<String, String> environments) {
      Map<String, Map<String, String>> sids = new LinkedHashMap<>();
      entries("sids", tree.get("sids"))
          .forEach(
              (name, value) -> {
                Map<String, String> each = new LinkedHashMap<>();
                entries("sids." + name, value)
                    .forEach(
                        (environment, sid) -> {
                          String place = "sids.%s.%s".formatted(name, environment);
                          if (!environments.containsKey(environment)) {
                            problems.add(
                                "has %s, and no environment %s".formatted(place, environment));
                          }
                          each.put(environment, text(place, sid));
                        });
                sids.put(name, each);
              });
      return sids;
    }

    /// A sid that stood for two things could not be translated back.
    private void checkUnique(Map<String, Map<String, String>> sids) {
      Map<String, String> names = new HashMap<>();
      sids.forEach(
          (name, each) ->
              each.forEach(
                  (environment, sid) -> {
                    String other = names.putIfAbsent(environment + " " + sid, name);
                    if (other != null) {
                      problems.add(
                          "has %s in %s twice: for %s and for %s"
                              .formatted(sid, environment, other, name));
                    }
                  }));
    }

    private String text(String place, Object value) {
      if (value instanceof String text && !text.isBlank()) {
        return text;
      }
      problems.add("has no text at " + place);
      return "?";
    }

    private Map<String, Object> entries(String place, @Nullable Object value) {
      Map<String, Object> entries = new LinkedHashMap<>();
      if (value instanceof Map<?, ?> map) {
        map.forEach((key, entry) -> entries.put(String.valueOf(key), entry == null ? "" : entry));
      } else if (value != null && !"".equals(value)) {
        problems.add("has no map at " + place);
      }
      return entries;
    }
  }
}
