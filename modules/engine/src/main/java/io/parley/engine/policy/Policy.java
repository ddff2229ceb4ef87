package io.parley.engine.policy;

import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
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
/// consent: {required: [whatsapp], opt_out_scope: all, person: number}
/// suppression: {window: 12h, after_purchase: 7d}
/// holdouts: [holdout]
/// ```
///
/// @param notices what is said because a law or the carriers' rules ask for it
/// @param review which replies are kept, so that the tags can grow from them
/// @param consent which consent must be on record, and how far an opt-out reaches
/// @param suppression how long a conversation and a purchase hold back other messages
/// @param holdouts who is never spoken to, to see what speaking is worth
public record Policy(
    Notices notices,
    Review review,
    ConsentRules consent,
    Suppression suppression,
    Holdouts holdouts) {

  public static final Policy DEFAULT =
      new Policy(
          Notices.DEFAULT,
          Review.DEFAULT,
          ConsentRules.DEFAULT,
          Suppression.DEFAULT,
          Holdouts.DEFAULT);

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
    root.holdsOnly("notices", "review", "consent", "suppression", "holdouts");
    Policy policy =
        new Policy(
            Notices.read(root.get("notices")),
            Review.read(root.get("review")),
            ConsentRules.read(root.get("consent")),
            Suppression.read(root.get("suppression")),
            Holdouts.read(root.get("holdouts")));
    return problems.isEmpty() ? new Reading.Valid(policy) : new Reading.Invalid(problems);
  }
}
