package io.parley.workbench.starters;

import io.parley.engine.Json;
import io.parley.workbench.Nearest;
import io.parley.workbench.starters.Starter.Text;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/// All there is to start from.
public final class Starters {

  private static final List<String> FLOWS =
      List.of(
          "cart-recovery",
          "browse-abandonment",
          "reactivation",
          "order-tracking",
          "replenishment",
          "review-request");

  private static final String POLICY = "policy";
  private static final String DESK = "desk";

  /// The part of a page that says what to change first, as a list.
  private static final String CHANGES = "## Change first\n";

  private Starters() {}

  /// The flows, from first purchase to last, then the policy, then the desk's rules.
  public static List<Starter> all() {
    return names().stream().map(Starters::read).toList();
  }

  public static Optional<Starter> find(String name) {
    return names().contains(name) ? Optional.of(read(name)) : Optional.empty();
  }

  /// The sentence about a name that [#find] does not know, with the nearest one that it does.
  public static String unknown(String name) {
    return Nearest.unknown("starter", name, names());
  }

  private static List<String> names() {
    return Stream.concat(FLOWS.stream(), Stream.of(POLICY, DESK)).toList();
  }

  private static Starter read(String name) {
    return switch (name) {
      case POLICY -> policy();
      case DESK -> desk();
      default -> flow(name);
    };
  }

  private static Starter flow(String name) {
    Text definition = text(name + ".json");
    Text page = text(name + ".md");
    return new Starter(
        name,
        description(definition.content()),
        "flows",
        List.of(definition, text(name + ".cases.yaml"), page),
        changes(page.content()));
  }

  /// A flow says itself what it does, so that who opens it in an editor reads the same.
  private static String description(String definition) {
    return Json.parse(definition).orElse("") instanceof Map<?, ?> entries
        ? String.valueOf(entries.get("description"))
        : "";
  }

  private static Starter policy() {
    return new Starter(
        POLICY,
        "The rules that a brand sets for all of its flows, each with its default and what it is"
            + " for.",
        "",
        List.of(text("policy.yaml")),
        List.of("Name the brand, which stands in front of what is said for the law's sake."));
  }

  private static Starter desk() {
    return new Starter(
        DESK,
        "How your people answer customers who want a person: topics, promises, who is asked, and"
            + " what is said to those who wait.",
        "",
        List.of(text("desk.yaml")),
        List.of(
            "Have a person called: the policy's handoff section, or a widget parley.handoff.",
            "Say what is told to those who wait; nothing is told as it stands."));
  }

  /// The items of the list, each on one line.
  private static List<String> changes(String page) {
    String from = page.substring(page.indexOf(CHANGES) + CHANGES.length());
    String part = from.split("\n## ", 2)[0];
    List<String> items = new ArrayList<>();
    for (String line : part.split("\n", -1)) {
      if (line.startsWith("- ")) {
        items.add(line.substring(2));
      } else if (line.startsWith("  ")) {
        items.set(items.size() - 1, items.getLast() + " " + line.strip());
      }
    }
    return items;
  }

  private static Text text(String file) {
    try (InputStream in = Objects.requireNonNull(Starters.class.getResourceAsStream(file), file)) {
      return new Text(file, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException("a resource of the jar", e);
    }
  }
}
