package io.parley.networks;

import static io.parley.networks.Network.GOOGLE;
import static io.parley.networks.Network.META_AUDIENCES;
import static io.parley.networks.Network.META_CONVERSIONS;
import static io.parley.networks.Network.TIKTOK_AUDIENCES;
import static io.parley.networks.Network.TIKTOK_EVENTS;
import static io.parley.networks.Rule.OF_SEGMENT;
import static io.parley.networks.Rule.OF_THE_NETWORK;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.networks.SharedVectors.Vector;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvFileSource;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

  /// John_Smith and 6505551212 are Meta's own examples, with the hashes that it publishes.
  @ParameterizedTest
  @CsvFileSource(resources = "identifiers.csv", quoteCharacter = '\'', numLinesToSkip = 1)
  void anIdentifierIsNormalisedAndHashedAsTheNetworkSays(
      Network network, String kind, String written, String normal, String sha256) {
    Identifiers identifiers = new Identifiers(network, OF_THE_NETWORK);
    boolean isPhone = kind.equals("phone");

    assertThat(isPhone ? identifiers.normalPhone(written) : identifiers.normalEmail(written))
        .contains(normal);
    assertThat(isPhone ? identifiers.phone(written) : identifiers.email(written)).contains(sha256);
  }

  /// Google's own examples.
  @ParameterizedTest
  @CsvSource({
    "cloudy.sanfrancisco+shopping@gmail.com, cloudysanfrancisco@gmail.com",
    "Jefferson.Loves.hiking@GoogleMail.com, jeffersonloveshiking@googlemail.com",
    "user.name+NYC@Example.com, user.name+nyc@example.com",
    "a.b@mail.gmail.com, a.b@mail.gmail.com",
  })
  void googleLooksThroughTheVarietyOfItsOwnAddressesAlone(String written, String normal) {
    assertThat(new Identifiers(GOOGLE, OF_THE_NETWORK).normalEmail(written)).contains(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "6505551212",
        "(650) 555-1212",
        "+",
        "+12",
        "+1 650 555 1212 ext. 7",
        "+1650555121200000",
        "+0123456789",
        "identity:care"
      })
  void aNumberThatNoNetworkCouldMatchIsNotSent(String written) {
    assertThat(Network.values())
        .allSatisfy(
            network ->
                assertThat(new Identifiers(network, OF_THE_NETWORK).phone(written)).isEmpty());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "jane", "@example.com", "jane@", "a@b@c", "@"})
  void whatIsNoEmailAddressIsNotSent(String written) {
    assertThat(Network.values())
        .allSatisfy(
            network ->
                assertThat(new Identifiers(network, OF_THE_NETWORK).email(written)).isEmpty());
  }

  @Test
  void anAddressThatIsNothingButATagIsNotSent() {
    assertThat(new Identifiers(TIKTOK_AUDIENCES, OF_THE_NETWORK).email("+tag@example.com"))
        .isEmpty();
    assertThat(new Identifiers(GOOGLE, OF_THE_NETWORK).email("+tag@gmail.com")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsHashedAlreadyPassesInLowerCase(Rule rule) {
    String hash = "62A14E44F765419D10FEA99367361A727C12365E2520F32218D505ED9AA0F62F";

    assertThat(Network.values())
        .allSatisfy(
            network -> {
              Identifiers identifiers = new Identifiers(network, rule);
              assertThat(identifiers.email(" " + hash)).contains(hash.toLowerCase(Locale.ROOT));
              assertThat(identifiers.phone(hash)).contains(hash.toLowerCase(Locale.ROOT));
            });
  }

  @Test
  void anExternalIdGoesHashedWhereTheNetworkTakesItHashedAndNowhereElse() {
    String hash = Identifiers.sha256("cust-42");

    assertThat(Stream.of(Network.values()))
        .extracting(network -> new Identifiers(network, OF_THE_NETWORK).externalId(" Cust-42 "))
        .containsExactly(
            Optional.of(hash),
            Optional.empty(),
            Optional.of(hash),
            Optional.empty(),
            Optional.empty());
  }

  @Property
  void whatIsSentIsAHashOrNothing(@ForAll Network network, @ForAll Rule rule, @ForAll String any) {
    Identifiers identifiers = new Identifiers(network, rule);

    assertThat(
            Stream.of(identifiers.email(any), identifiers.phone(any), identifiers.externalId(any))
                .flatMap(Optional::stream))
        .allMatch(sent -> sent.matches("[0-9a-f]{64}"));
  }

  @ParameterizedTest
  @CsvSource({
    "META_CONVERSIONS, 0049 30 1234567, 0049301234567",
    "META_AUDIENCES, 0049 30 1234567, 49301234567",
    "TIKTOK_EVENTS, +491234567890123, +49123456789012",
    "TIKTOK_AUDIENCES, +1 (415) 555-0100, +1 (415) 555-0100",
    "GOOGLE, +44 20 7946 0958, +1442079460958",
    "GOOGLE, +14155550100, +14155550100",
  })
  void segmentsRuleForNumbersKeepsItsPeculiarities(Network network, String written, String normal) {
    assertThat(new Identifiers(network, OF_SEGMENT).normalPhone(written)).contains(normal);
  }

  @ParameterizedTest
  @CsvSource({
    "META_CONVERSIONS, 'a b@x.com ', ab@x.com",
    "META_AUDIENCES, ' A@x.com ', a@x.com",
    "TIKTOK_EVENTS, ' A@x.com ', ' a@x.com '",
    "TIKTOK_AUDIENCES, ' A.b+c@x.com ', ' ab@x.com '",
    "GOOGLE, a.b.c@gmail.com, ab.c@gmail.com",
    "GOOGLE, a.b.c@x.com, a.b.c@x.com",
    "GOOGLE, abc@gmail.com, abc@gmail.com",
  })
  void segmentsRuleForAddressesKeepsItsPeculiarities(
      Network network, String written, String normal) {
    assertThat(new Identifiers(network, OF_SEGMENT).normalEmail(written)).contains(normal);
  }

  @Test
  void everyVectorComesOutByTheRuleThatItIsOf() {
    List<Vector> vectors = SharedVectors.identifierHashes();

    assertThat(vectors).hasSize(40);
    assertThat(vectors)
        .allSatisfy(
            vector -> {
              Identifiers identifiers = identifiers(vector.rule());
              assertThat(normal(identifiers, vector)).contains(vector.normal());
              assertThat(sent(identifiers, vector)).contains(vector.sha256());
            });
  }

  @Test
  void theNetworksOwnRulesDepartFromSegmentsCodeHereAlone() {
    assertThat(SharedVectors.identifierHashes())
        .filteredOn(
            vector -> {
              Network network = identifiers(vector.rule()).network();
              return !normal(new Identifiers(network, OF_THE_NETWORK), vector)
                  .equals(Optional.of(vector.normal()));
            })
        .extracting(vector -> kind(vector.rule()) + " " + vector.written().strip())
        .containsExactly(
            "tiktok_audiences.email Jane.Doe@Gmail.com",
            "tiktok_audiences.email a.b.c.d@gmail.com",
            "google.email a.b.c.d@gmail.com",
            "google.phone +44 20 7946 0958",
            "meta_capi.ph 0049 30 1234567",
            "tiktok_conversions.phone 0049 30 1234567",
            "google.phone 0049 30 1234567");
  }

  private static Optional<String> normal(Identifiers identifiers, Vector vector) {
    return isPhone(vector)
        ? identifiers.normalPhone(vector.written())
        : identifiers.normalEmail(vector.written());
  }

  private static Optional<String> sent(Identifiers identifiers, Vector vector) {
    return isPhone(vector)
        ? identifiers.phone(vector.written())
        : identifiers.email(vector.written());
  }

  private static boolean isPhone(Vector vector) {
    return !kind(vector.rule()).matches(".*\\.em(ail)?");
  }

  private static String kind(String rule) {
    return rule.replaceAll("\\(.*", "");
  }

  /// Whose rule a vector is of.
  private static Identifiers identifiers(String rule) {
    return switch (kind(rule)) {
      case "meta_custom_audiences.email", "meta_custom_audiences.phone" ->
          new Identifiers(META_AUDIENCES, OF_THE_NETWORK);
      case "meta_capi.em", "meta_capi.ph" -> new Identifiers(META_CONVERSIONS, OF_SEGMENT);
      case "tiktok_audiences.email" -> new Identifiers(TIKTOK_AUDIENCES, OF_SEGMENT);
      case "tiktok_ads_help.email" -> new Identifiers(TIKTOK_EVENTS, OF_THE_NETWORK);
      case "tiktok_conversions.phone" -> new Identifiers(TIKTOK_EVENTS, OF_SEGMENT);
      case "google.email" ->
          new Identifiers(GOOGLE, rule.contains("doc rule") ? OF_THE_NETWORK : OF_SEGMENT);
      case "google.phone" -> new Identifiers(GOOGLE, OF_SEGMENT);
      default -> throw new IllegalArgumentException("a rule that nobody reads: " + rule);
    };
  }
}
