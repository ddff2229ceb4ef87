package io.parley.engine.policy;

import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import io.parley.engine.offers.Catalogue;
import io.parley.engine.offers.FrictionRules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A brand's rules. All of them have defaults, so that nothing has to be said.
///
/// ```yaml
/// notices:
///   brand: Acme Skin
///   opted_out: {en: "You will get no further messages.", es: "No recibirás más mensajes."}
///   twilio_confirms: keywords
/// review: {retention: 30d, below: 0.6}
/// ```
///
/// @param notices what is said because a law or the carriers' rules ask for it
/// @param review which replies are kept, so that the tags can grow from them
/// @param friction what counts as friction
/// @param offers which offers there are, and what opens the gate before them
public record Policy(Notices notices, Review review, FrictionRules friction, Catalogue offers) {

  public static final Policy DEFAULT =
      new Policy(Notices.DEFAULT, Review.DEFAULT, FrictionRules.DEFAULT, Catalogue.NONE);

  /// The same with another catalogue of offers.
  public Policy offering(Catalogue catalogue) {
    return new Policy(notices, review, friction, catalogue);
  }

  /// What came of reading a policy.
  public sealed interface Reading {
    record Valid(Policy policy) implements Reading {}

    /// @param problems each with its place, what is wrong there and what would be right
    record Invalid(List<FlowProblem> problems) implements Reading {
      public Invalid {
        problems = List.copyOf(problems);
      }
    }
  }

  /// Reads a tree of maps, lists, texts, numbers and flags. A component is a line here, and its
  /// name in the list.
  public static Reading read(@Nullable Object tree) {
    List<FlowProblem> problems = new ArrayList<>();
    Place root = Place.root(tree, problems);
    root.holdsOnly("notices", "review", "friction", "offers");
    Policy policy =
        new Policy(
            Notices.read(root.get("notices")),
            Review.read(root.get("review")),
            FrictionRules.read(root.get("friction")),
            Catalogue.read(root.get("offers")));
    return problems.isEmpty() ? new Reading.Valid(policy) : new Reading.Invalid(problems);
  }
}
