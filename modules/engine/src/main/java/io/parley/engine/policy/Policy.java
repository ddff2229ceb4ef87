package io.parley.engine.policy;

import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import io.parley.engine.hours.Calendars;
import io.parley.engine.hours.QuietHours;
import io.parley.engine.limits.TemplateRule;
import io.parley.engine.limits.Throttle;
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
/// hours: {quiet: federal}
/// consent: {required: [whatsapp], opt_out_scope: all, person: number}
/// suppression: {window: 12h, after_purchase: 7d}
/// holdouts: [holdout]
/// conversion: {window: 3d, flows: {cart-recovery: {window: 24h}}}
/// handoff: {tags: [human_agent, complaint], untagged: 3}
/// ```
///
/// @param notices what is said because a law or the carriers' rules ask for it
/// @param review which replies are kept, so that the tags can grow from them
/// @param hours when people may be written to who did not just write themselves
/// @param calendars when somebody is there to answer, as templates ask
/// @param throttle how many messages of a conversation one contact gets
/// @param whatsapp which templates are sent to whom
/// @param triggers which triggers come too late, or too often
/// @param friction what counts as friction
/// @param offers which offers there are, and what opens the gate before them
/// @param consent which consent must be on record, and how far an opt-out reaches
/// @param suppression how long a conversation and a purchase hold back other messages
/// @param holdouts who is never spoken to, to see what speaking is worth
/// @param conversions which orders count as what a flow led to
/// @param handoff what calls a person without a widget of the flow
public record Policy(
    Notices notices,
    Review review,
    QuietHours hours,
    Calendars calendars,
    Throttle throttle,
    TemplateRule whatsapp,
    TriggerRules triggers,
    FrictionRules friction,
    Catalogue offers,
    ConsentRules consent,
    Suppression suppression,
    Holdouts holdouts,
    Conversions conversions,
    HandoffRules handoff) {

  public static final Policy DEFAULT =
      new Policy(
          Notices.DEFAULT,
          Review.DEFAULT,
          QuietHours.DEFAULT,
          Calendars.NONE,
          Throttle.NONE,
          TemplateRule.DEFAULT,
          TriggerRules.DEFAULT,
          FrictionRules.DEFAULT,
          Catalogue.NONE,
          ConsentRules.DEFAULT,
          Suppression.DEFAULT,
          Holdouts.DEFAULT,
          Conversions.DEFAULT,
          HandoffRules.DEFAULT);

  /// The same with another catalogue of offers.
  public Policy offering(Catalogue catalogue) {
    return new Policy(
        notices,
        review,
        hours,
        calendars,
        throttle,
        whatsapp,
        triggers,
        friction,
        catalogue,
        consent,
        suppression,
        holdouts,
        conversions,
        handoff);
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
    root.holdsOnly(
        "notices",
        "review",
        "hours",
        "calendars",
        "throttle",
        "whatsapp",
        "trigger",
        "frequency",
        "friction",
        "offers",
        "consent",
        "suppression",
        "holdouts",
        "conversion",
        "handoff");
    Policy policy =
        new Policy(
            Notices.read(root.get("notices")),
            Review.read(root.get("review")),
            QuietHours.read(root.get("hours")),
            Calendars.read(root.get("calendars")),
            Throttle.read(root.get("throttle")),
            TemplateRule.read(root.get("whatsapp")),
            TriggerRules.read(root.get("trigger"), root.get("frequency")),
            FrictionRules.read(root.get("friction")),
            Catalogue.read(root.get("offers")),
            ConsentRules.read(root.get("consent")),
            Suppression.read(root.get("suppression")),
            Holdouts.read(root.get("holdouts")),
            Conversions.read(root.get("conversion")),
            HandoffRules.read(root.get("handoff")));
    return problems.isEmpty() ? new Reading.Valid(policy) : new Reading.Invalid(problems);
  }
}
