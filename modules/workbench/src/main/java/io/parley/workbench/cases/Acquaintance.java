package io.parley.workbench.cases;

import io.parley.engine.Address;
import io.parley.engine.Block;
import io.parley.engine.Event;
import io.parley.engine.Person;
import io.parley.engine.Values;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.Consent.Method;
import io.parley.engine.policy.Consent.State;
import io.parley.engine.policy.ConsentChannel;
import io.parley.engine.policy.PersonFacts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What is on record of the contact in a play: what the case says, what triggers bring, and what
/// happens in it. Confined to one thread.
final class Acquaintance {

  private final Address address;
  private final Person person;
  private final List<Consent> consents;
  private Optional<PersonFacts.Purchase> purchase;

  Acquaintance(Setting setting) {
    this.address = setting.thread().theirs();
    this.person = setting.person();
    this.consents = new ArrayList<>();
    setting.record().consents().forEach(it -> agree(it, setting.beginning()));
    this.purchase = setting.record().purchase();
  }

  PersonFacts facts(Optional<Block> block) {
    return new PersonFacts(
        person.externalId(),
        List.of(new PersonFacts.Known(address, block, Instant.EPOCH)),
        purchase,
        List.of(),
        consents);
  }

  /// A trigger tells what the person has agreed to; see the schema of triggers.
  void agree(Values parameters, Instant now) {
    if (parameters.entries().get("consent") instanceof List<?> told) {
      told.stream()
          .filter(Map.class::isInstance)
          .map(it -> Told.of(values(it)))
          .forEach(it -> agree(it, now));
    }
  }

  @SuppressWarnings("unchecked") // keys of JSON objects are texts
  private static Values values(Object item) {
    return new Values((Map<String, Object>) item);
  }

  private void agree(Told told, Instant now) {
    if (told.channel().isEmpty() || told.state().isEmpty()) {
      return;
    }
    consents.add(
        new Consent(
            Optional.of(address.number()),
            person.externalId(),
            told.channel().get(),
            told.programme(),
            told.state().get(),
            told.method(),
            "",
            "",
            now));
  }

  void bought(Event.PurchaseSeen order) {
    purchase = Optional.of(new PersonFacts.Purchase(order.orderId(), order.occurredAt()));
  }

  void keep(Consent consent) {
    consents.add(consent);
  }

  /// A consent as cases and triggers tell it.
  record Told(
      Optional<ConsentChannel> channel, Optional<State> state, String programme, Method method) {

    static Told of(Values told) {
      return new Told(
          told.text("channel").flatMap(ConsentChannel::parse),
          told.text("state").flatMap(State::parse),
          told.text("programme").orElse(Consent.MARKETING),
          told.text("method").flatMap(Method::parse).orElse(Method.OTHER));
    }
  }

  /// What a case says.
  record Known(List<Told> consents, Optional<PersonFacts.Purchase> purchase) {
    static final Known NONE = new Known(List.of(), Optional.empty());

    /// Who has agreed to all that can be agreed to.
    static final Known WILLING =
        new Known(
            Stream.of("sms", "whatsapp")
                .map(it -> Told.of(Values.of("channel", it).with("state", "granted")))
                .toList(),
            Optional.empty());

    Known {
      consents = List.copyOf(consents);
    }
  }
}
