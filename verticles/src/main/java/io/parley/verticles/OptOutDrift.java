package io.parley.verticles;

import io.parley.customerio.AppApi.Customer;
import io.parley.customerio.AppApi.OptedOut;
import io.parley.customerio.AppApi.Sender;
import io.parley.customerio.SenderOptOuts;
import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.store.OptOutBook.Entry;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where Parley and Customer.io differ about who has opted out.
///
/// @param missingHere addresses of people who have opted out in Customer.io, and not in Parley
/// @param unknownHere people who have opted out in Customer.io, and of whom Parley has no
///     address of that channel, nor the opt-out on record
/// @param missingThere opt-outs of Parley that Customer.io's list lacks
/// @param liftedHere addresses that have opted in again in Parley, and are still on the list
/// @param incomparable addresses that have opted out in Parley and that the list cannot be asked
///     about, since the person has no id in Customer.io, or wrote to no sender of messages
/// @param here how many addresses have opted out in Parley
/// @param there how many people have in Customer.io
/// @param twilios of those in Parley, how many Twilio itself has refused to write to (21610)
record OptOutDrift(
    List<Here> missingHere,
    List<OptedOut> unknownHere,
    List<There> missingThere,
    List<Address> liftedHere,
    List<Address> incomparable,
    int here,
    int there,
    int twilios) {

  OptOutDrift {
    missingHere = List.copyOf(missingHere);
    unknownHere = List.copyOf(unknownHere);
    missingThere = List.copyOf(missingThere);
    liftedHere = List.copyOf(liftedHere);
    incomparable = List.copyOf(incomparable);
  }

  /// An opt-out that Parley lacks.
  record Here(Address address, String customer, Sender of) {}

  /// An opt-out that Customer.io lacks.
  record There(Address address, Customer customer, Sender sender) {}

  boolean isNone() {
    return missingHere.isEmpty() && unknownHere.isEmpty() && missingThere.isEmpty();
  }

  /// @param optedOut every address that has opted out in Parley
  /// @param known every address of the people on the list
  /// @param recorded `42 sms`: what the list has said of people before
  /// @param list Customer.io's list
  static OptOutDrift between(
      List<Entry> optedOut, List<Entry> known, Set<String> recorded, List<OptedOut> list) {
    Map<String, List<Entry>> addresses = new HashMap<>();
    known.forEach(
        entry ->
            entry
                .externalId()
                .ifPresent(id -> addresses.computeIfAbsent(id, _ -> new ArrayList<>()).add(entry)));
    List<Here> missingHere = new ArrayList<>();
    List<OptedOut> unknownHere = new ArrayList<>();
    List<Address> liftedHere = new ArrayList<>();
    Set<String> listed = new HashSet<>();
    for (OptedOut person : list) {
      Set<String> channels = new HashSet<>();
      for (Sender sender : person.senders()) {
        listed.add(key(person.customer(), sender));
        if (!channels.add(sender.channel())) {
          continue;
        }
        List<Entry> own =
            addresses.getOrDefault(person.customer(), List.of()).stream()
                .filter(it -> isOn(it.address(), sender.channel()))
                .toList();
        if (own.isEmpty() && !recorded.contains(person.customer() + " " + sender.channel())) {
          unknownHere.add(new OptedOut(person.customer(), List.of(sender)));
        }
        for (Entry entry : own) {
          if (entry.isLifted()) {
            liftedHere.add(entry.address());
          } else if (!entry.isOptedOut()) {
            missingHere.add(new Here(entry.address(), person.customer(), sender));
          }
        }
      }
    }
    List<There> missingThere = new ArrayList<>();
    List<Address> incomparable = new ArrayList<>();
    for (Entry entry : optedOut) {
      List<Sender> senders = senders(entry);
      if (entry.externalId().isEmpty() || senders.isEmpty()) {
        incomparable.add(entry.address());
        continue;
      }
      String id = entry.externalId().get();
      Optional<Customer> customer = SenderOptOuts.customer(entry.externalId(), entry.address());
      for (Sender sender : senders) {
        if (customer.isPresent() && !listed.contains(key(id, sender))) {
          missingThere.add(new There(entry.address(), customer.get(), sender));
        }
      }
    }
    return new OptOutDrift(
        missingHere,
        unknownHere,
        missingThere,
        liftedHere,
        incomparable,
        optedOut.size(),
        list.size(),
        (int) optedOut.stream().filter(Entry::isTwilios).count());
  }

  private static boolean isOn(Address address, String channel) {
    return address.isPersons()
        && address.channel() == (channel.equals("whatsapp") ? Channel.WHATSAPP : Channel.SMS);
  }

  private static List<Sender> senders(Entry entry) {
    return entry.senders().stream()
        .map(it -> SenderOptOuts.sender(it.value()))
        .flatMap(Optional::stream)
        .toList();
  }

  /// Customer.io keeps senders in lower case, and shows some of them as they were.
  private static String key(String customer, Sender sender) {
    return "%s %s %s"
        .formatted(customer, sender.channel(), sender.from().strip().toLowerCase(Locale.ROOT));
  }
}
