package io.parley.networks;

import io.parley.edge.AudienceChange;
import io.parley.edge.AudienceLists;
import io.parley.edge.AudienceLists.Row;
import io.parley.engine.Effect;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// The people of a network's lists, by the hashes of e-mail address and phone number.
record Members(Identifiers identifiers) {

  /// What a network may learn of one; at least one is there.
  record Hashes(Optional<String> email, Optional<String> phone) {}

  static AudienceLists requireIds(AudienceLists lists) {
    return lists.requireIds("[0-9]{1,30}", "digits");
  }

  static boolean takes(String outcome) {
    return AudienceChange.isNamed(outcome);
  }

  /// Makes a row of who can be found by something.
  Function<Effect.ReportOutcome, Row> row(Function<Hashes, Object> content) {
    return report -> {
      Hashes hashes = hashes(report);
      return hashes.email().isEmpty() && hashes.phone().isEmpty()
          ? new Row.Unfit("the person has neither e-mail address nor phone number")
          : new Row.Fit("", content.apply(hashes));
    };
  }

  List<String> knownBy(Effect.Outgoing effect) {
    return effect instanceof Effect.ReportOutcome report
        ? identifiers.kinds(Member.of(report.person(), report.contact()))
        : List.of();
  }

  private Hashes hashes(Effect.ReportOutcome report) {
    Member member = Member.of(report.person(), report.contact());
    return new Hashes(
        member.email().flatMap(identifiers::email), member.phone().flatMap(identifiers::phone));
  }
}
