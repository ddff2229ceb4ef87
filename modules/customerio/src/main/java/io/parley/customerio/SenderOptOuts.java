package io.parley.customerio;

import io.parley.customerio.AppApi.Customer;
import io.parley.customerio.AppApi.Sender;
import io.parley.edge.Cut;
import io.parley.edge.OutcomeSink;
import io.parley.engine.Address;
import io.parley.engine.Effect;
import io.parley.engine.Outcomes;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Puts who says STOP on Customer.io's list of opt-outs by sender, and takes who says START off it.
/// One person a request. Repeats are safe: the list is as the last request says.
public final class SenderOptOuts implements OutcomeSink {

  public static final String DESTINATION = "customerio-optouts";

  private static final int MAX_QUOTED_BYTES = 300;

  private final AppApi api;

  public SenderOptOuts(AppApi api) {
    this.api = api;
  }

  @Override
  public String destination() {
    return DESTINATION;
  }

  @Override
  public boolean takes(String outcome) {
    return outcome.equals(Outcomes.OPTED_OUT) || outcome.equals(Outcomes.OPTED_IN);
  }

  @Override
  public int maxBatchSize() {
    return 1;
  }

  @Override
  public Composed compose(List<Effect.Outgoing> effects) {
    Effect.Outgoing effect = effects.getFirst();
    if (!(effect instanceof Effect.ReportOutcome outcome) || !takes(outcome.name())) {
      return undeliverable(effect, "neither an opt-out nor an opt-in");
    }
    Optional<Customer> customer = customer(outcome.person().externalId(), outcome.contact());
    Optional<Sender> sender = outcome.properties().text("sender").flatMap(it -> sender(it));
    if (customer.isEmpty() || sender.isEmpty()) {
      return undeliverable(
          effect,
          customer.isEmpty()
              ? "the person has no external id and the contact no phone number"
              : "it was said to no sender of messages, and the list is of senders");
    }
    AppApi.Request request =
        api.optOut(customer.get(), sender.get(), outcome.name().equals(Outcomes.OPTED_OUT));
    return new Composed(
        request.method(),
        request.url(),
        request.headers(),
        request.body(),
        List.of(effect),
        Map.of());
  }

  private static Composed undeliverable(Effect.Outgoing effect, String why) {
    return new Composed("PUT", "", Map.of(), "", List.of(), Map.of(effect, why));
  }

  /// Who is meant: by the id in Customer.io, else by the number.
  public static Optional<Customer> customer(Optional<String> externalId, Address contact) {
    return externalId
        .filter(it -> !it.isBlank())
        .map(id -> new Customer(id, "id"))
        .or(
            () ->
                Phone.isE164(contact.number())
                    ? Optional.of(new Customer(contact.number(), "phone"))
                    : Optional.empty());
  }

  /// One of our addresses as the list names it; empty for a conversation, which sends nothing.
  public static Optional<Sender> sender(String ours) {
    if (ours.isBlank()) {
      return Optional.empty();
    }
    Address address = new Address(ours);
    return switch (address.channel()) {
      case SMS -> Optional.of(new Sender("sms", ours));
      case WHATSAPP -> Optional.of(new Sender("whatsapp", address.number()));
      case CONVERSATION -> Optional.empty();
    };
  }

  @Override
  public List<Verdict> read(Composed composed, Response response) {
    return List.of(verdict(response));
  }

  private static Verdict verdict(Response response) {
    if (response.isTaken()) {
      return new Verdict.Delivered();
    }
    int status = response.status();
    return switch (status) {
      case 401, 403 ->
          new Verdict.Retry(
              "Customer.io refuses our App API key (%d): compare key and region".formatted(status));
      case 404 ->
          new Verdict.Refused(
              "Customer.io knows no such person (404); parley optouts diff tells, once it does");
      case 429 ->
          new Verdict.Retry("Customer.io asks for fewer requests (429)", response.retryAfter());
      case 400, 405, 409, 413, 422 ->
          new Verdict.Refused(
              "Customer.io refused the opt-out (%d): %s"
                  .formatted(status, Cut.text(response.body(), MAX_QUOTED_BYTES)));
      default -> new Verdict.Retry("Customer.io answered " + status);
    };
  }
}
