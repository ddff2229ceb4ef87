package io.parley.edge;

import io.parley.edge.AudienceChange.Direction;
import io.parley.engine.Effect;
import io.parley.engine.Person;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The lists that a destination keeps, and how reports of audiences become changes of them.
///
/// @param destination the name of its outbox rows
/// @param lists the destination's id of a list by the key of the audience that it holds
public record AudienceLists(String destination, Map<String, String> lists) {

  public AudienceLists {
    if (lists.isEmpty()) {
      throw new IllegalArgumentException(
          "destination " + destination + " keeps no list: name an audience and its list");
    }
    lists = Map.copyOf(lists);
  }

  /// Refuses what cannot be the id of a list.
  ///
  /// @param pattern what an id looks like, as a regular expression
  /// @param expected the same for people: `digits`
  public AudienceLists requireIds(String pattern, String expected) {
    lists.forEach(
        (audience, list) -> {
          if (!list.matches(pattern)) {
            throw new IllegalArgumentException(
                "destination %s: audience %s needs the id of its list (%s), not '%s'"
                    .formatted(destination, audience, expected, list));
          }
        });
    return this;
  }

  /// Whether a report changes one of the lists.
  public boolean takes(Effect.ReportOutcome report) {
    return AudienceChange.of(report).filter(it -> lists.containsKey(it.audience())).isPresent();
  }

  /// A person as a destination takes one.
  public sealed interface Row {

    /// @param kind rows of different kinds do not stand in one request
    record Fit(String kind, Object content) implements Row {}

    /// @param why as the dead letter says it
    record Unfit(String why) implements Row {}
  }

  /// What one request carries: people who go one way, into one list or out of it.
  ///
  /// @param list the destination's id of it; empty text where nothing is carried
  /// @param kind of all its rows
  /// @param carried what the rows tell of, in order
  /// @param undeliverable what no request can carry, with the reason
  public record Batch(
      String list,
      Direction direction,
      String kind,
      List<Object> rows,
      List<Effect.Outgoing> carried,
      Map<Effect.Outgoing, String> undeliverable) {

    public Batch {
      rows = List.copyOf(rows);
      carried = List.copyOf(carried);
      undeliverable = Map.copyOf(undeliverable);
    }

    public boolean isEntry() {
      return direction == Direction.IN;
    }

    /// The request that carries it.
    public OutcomeSink.Composed asked(
        String method, String url, Map<String, String> headers, String body) {
      return new OutcomeSink.Composed(method, url, headers, body, carried, undeliverable);
    }
  }

  /// What goes with the first report that can go anywhere. One that goes another way is left for
  /// later, and with it all that tells of the same person, so that nobody's entries and exits
  /// overtake each other.
  ///
  /// @param most how many people a request may carry
  public Batch batch(
      List<Effect.Outgoing> effects, int most, Function<Effect.ReportOutcome, Row> form) {
    return new Choosing(most, form).of(effects);
  }

  private final class Choosing {

    private final int most;
    private final Function<Effect.ReportOutcome, Row> form;
    private final List<Object> rows = new ArrayList<>();
    private final List<Effect.Outgoing> carried = new ArrayList<>();
    private final Map<Effect.Outgoing, String> undeliverable = new LinkedHashMap<>();

    /// Names of the people of whom something is left for later.
    private final Set<String> behind = new HashSet<>();

    private Optional<Way> way = Optional.empty();

    private record Way(String list, Direction direction, String kind) {}

    private Choosing(int most, Function<Effect.ReportOutcome, Row> form) {
      this.most = most;
      this.form = form;
    }

    private Batch of(List<Effect.Outgoing> effects) {
      for (Effect.Outgoing effect : effects) {
        if (carried.size() == most) {
          break;
        }
        look(effect);
      }
      Way gone = way.orElse(new Way("", Direction.IN, ""));
      return new Batch(gone.list, gone.direction, gone.kind, rows, carried, undeliverable);
    }

    private void look(Effect.Outgoing effect) {
      Optional<AudienceChange> change = AudienceChange.of(effect);
      String list = change.map(it -> lists.getOrDefault(it.audience(), "")).orElse("");
      if (change.isEmpty() || list.isEmpty()) {
        undeliverable.put(
            effect,
            change
                .map(it -> "audience %s has no list at %s".formatted(it.audience(), destination))
                .orElse("it tells of no audience"));
        return;
      }
      switch (form.apply(change.get().told())) {
        case Row.Unfit(String why) -> undeliverable.put(effect, why);
        case Row.Fit(String kind, Object content) ->
            place(change.get(), new Way(list, change.get().direction(), kind), content);
      }
    }

    private void place(AudienceChange change, Way theirs, Object content) {
      Set<String> names = names(change.told());
      if (way.isEmpty()) {
        way = Optional.of(theirs);
      }
      if (way.get().equals(theirs) && names.stream().noneMatch(behind::contains)) {
        rows.add(content);
        carried.add(change.told());
      } else {
        behind.addAll(names);
      }
    }
  }

  /// By which somebody is known; two reports that share one may be about one person.
  private static Set<String> names(Effect.ReportOutcome report) {
    Person person = report.person();
    return Stream.of(
            person.externalId().map("id:"::concat),
            Optional.of("number:" + report.contact().number()),
            person.attributes().text("phone").map("number:"::concat),
            person.attributes().text("email").map("email:"::concat))
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }
}
