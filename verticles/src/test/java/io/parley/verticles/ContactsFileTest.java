package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.Address;
import io.parley.engine.policy.Consent;
import io.parley.engine.policy.ConsentChannel;
import io.parley.store.Contacts.Imported;
import io.parley.store.Contacts.OptOut;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ContactsFileTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static ContactsFile read(String text) {
    return ContactsFile.read(text, NOW);
  }

  @Test
  void consentsOptOutsAndPersonsAreRead() {
    ContactsFile file =
        read(
            """
            address,external_id,channel,programme,state,method,source,at,opted_out_at,evidence
            +14155550142,42,whatsapp,VIP,granted,double_opt_in,shop,2026-01-15T09:30:00Z,,"said ""yes"", twice"

            whatsapp:+14155550143,,,,,,,,2025-11-02,STOP
            ,44,sms,,revoked,,,2026-01-15 09:30:00+01:00,,
            Jane@Example.com,45,,,granted,,,2026-01-15,,
            """);

    assertThat(file.mistakes()).isEmpty();
    assertThat(file.contacts())
        .containsExactly(
            new Imported(new Address("+14155550142"), Optional.of("42"), Optional.empty()),
            new Imported(
                new Address("whatsapp:+14155550143"),
                Optional.empty(),
                Optional.of(new OptOut(Instant.parse("2025-11-02T00:00:00Z"), "STOP"))));
    assertThat(file.consents())
        .containsExactly(
            new Consent(
                Optional.of("+14155550142"),
                Optional.of("42"),
                ConsentChannel.WHATSAPP,
                "vip",
                Consent.State.GRANTED,
                Consent.Method.DOUBLE_OPT_IN,
                "shop",
                "said \"yes\", twice",
                Instant.parse("2026-01-15T09:30:00Z")),
            new Consent(
                Optional.empty(),
                Optional.of("44"),
                ConsentChannel.SMS,
                "marketing",
                Consent.State.REVOKED,
                Consent.Method.IMPORT,
                "import",
                "",
                Instant.parse("2026-01-15T08:30:00Z")),
            new Consent(
                Optional.of("jane@example.com"),
                Optional.of("45"),
                ConsentChannel.EMAIL,
                "marketing",
                Consent.State.GRANTED,
                Consent.Method.IMPORT,
                "import",
                "",
                Instant.parse("2026-01-15T00:00:00Z")));
  }

  @Test
  void linesThatCannotBeReadAreNamedByNumberAndKeepNoOtherBack() {
    ContactsFile file =
        read(
            """
            address,external_id,channel,state,method,at,opted_out_at,evidence
            ,,sms,granted,,2026-01-01,,
            0142,,,,,,2026-01-01,
            +14155550142,,,,,,2026-01-01,"two
            lines"
            +14155550142,,,maybe,,2026-01-01,,
            +14155550142,,,granted,,,,
            +14155550142,,,granted,telepathy,2026-01-01,,
            +14155550142,,email,granted,,2026-01-01,,
            +14155550142,,,,,,2027-01-01,
            +14155550142,,,,,,,
            +14155550142,,,,,,yesterday,STOP
            ,42,,,,,2026-01-01,STOP
            +14155550142,,,,,,2026-01-01,a,b
            +14155550142,,,granted,subscription,2026-01-01,,
            """);

    assertThat(file.contacts()).hasSize(1);
    assertThat(file.contacts().getFirst().optOut()).map(OptOut::evidence).contains("two\nlines");
    assertThat(file.mistakes())
        .satisfiesExactly(
            it -> assertThat(it).startsWith("line 2: names nobody"),
            it -> assertThat(it).startsWith("line 3: has no address"),
            it -> assertThat(it).startsWith("line 6: has a state"),
            it -> assertThat(it).startsWith("line 7: has a consent without a time"),
            it -> assertThat(it).startsWith("line 8: has a method"),
            it -> assertThat(it).startsWith("line 9: has a channel that does not reach"),
            it -> assertThat(it).contains("line 10: ", "yet to come"),
            it -> assertThat(it).startsWith("line 11: says nothing"),
            it -> assertThat(it).startsWith("line 12: has in opted_out_at no time"),
            it -> assertThat(it).startsWith("line 13: has an opt-out of no phone number"),
            it -> assertThat(it).startsWith("line 14: has 9 cells for 8 columns"),
            it -> assertThat(it).startsWith("line 15: has a method"));
  }

  @Test
  void aFileWithColumnsThatAreNotKnownIsRefusedAsAWhole() {
    assertThat(read("address,consented\n+14155550142,yes\n").mistakes())
        .singleElement()
        .asString()
        .startsWith("line 1: names columns that are not known: consented");
    assertThat(read("address,address\n").mistakes()).hasSize(1);
    assertThat(read("\n\n").mistakes()).hasSize(1);
    assertThat(read("\uFEFFaddress,external_id\r\n+14155550142,42\r\n").contacts()).hasSize(1);
  }
}
