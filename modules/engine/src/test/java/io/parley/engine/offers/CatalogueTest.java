package io.parley.engine.offers;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.flow.FlowProblem;
import io.parley.engine.flow.Place;
import io.parley.engine.offers.Offer.Kind;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CatalogueTest {

  private final List<FlowProblem> problems = new ArrayList<>();

  @Test
  void nothingIsTheDefaults() {
    assertThat(Catalogue.read(Place.root(null, problems))).isEqualTo(Catalogue.NONE);
    assertThat(FrictionRules.read(Place.root(null, problems))).isEqualTo(FrictionRules.DEFAULT);
    assertThat(problems).isEmpty();
  }

  @Test
  void everyKindOfOfferIsRead() {
    Catalogue catalogue =
        read(
            Map.of(
                "public",
                "free shipping over $50",
                "gate",
                Map.of("minimum_value", "40 USD", "margin_floor", new BigDecimal("0.25")),
                "catalogue",
                offers(
                    "fixed", Map.of("kind", "static", "code", "COMEBACK15", "value", "15%"),
                    "own",
                        Map.of(
                            "kind",
                            "generated",
                            "prefix",
                            "SKIN-",
                            "value",
                            "10 USD",
                            "expiry",
                            "PT12H",
                            "window",
                            "P7D"),
                    "loaded",
                        Map.of(
                            "kind",
                            "pool",
                            "pool",
                            "spring",
                            "shape",
                            "SPRING-####",
                            "low_water",
                            5L,
                            "value",
                            "free_shipping"),
                    "shop",
                        Map.of(
                            "kind",
                            "http",
                            "value",
                            "20%",
                            "shape",
                            "SHOP-******",
                            "gate",
                            Map.of(
                                "opens_at",
                                Map.of("score", 2.5),
                                "per_contact",
                                Map.of("offers", 2L)),
                            "request",
                            Map.of(
                                "url",
                                "https://shop.example.com/api/discounts",
                                "auth",
                                Map.of("header", "X-Shop-Token", "secret", "SHOP_TOKEN"),
                                "body",
                                "{\"value\": \"{{offer.value}}\"}",
                                "code_at",
                                "discount.code")))));

    assertThat(problems).isEmpty();
    assertThat(catalogue.promises()).containsExactly("free shipping over $50");
    assertThat(catalogue.offers()).containsOnlyKeys("fixed", "own", "loaded", "shop");
    assertThat(offer(catalogue, "fixed").kind()).isEqualTo(new Kind.Static("COMEBACK15"));
    assertThat(offer(catalogue, "fixed").gate().minimumValue()).isEqualTo(Money.parse("40 USD"));
    assertThat(offer(catalogue, "own").kind()).isEqualTo(new Kind.Generated(new Codes("SKIN-", 8)));
    assertThat(offer(catalogue, "own").expiry()).isEqualTo(Duration.ofHours(12));
    assertThat(offer(catalogue, "own").window()).isEqualTo(Duration.ofDays(7));
    assertThat(offer(catalogue, "loaded").kind())
        .isEqualTo(new Kind.Pool("spring", new Mask("SPRING-####"), 5));
    Gate gate = offer(catalogue, "shop").gate();
    assertThat(gate.opening())
        .isEqualTo(new Gate.Opening(OptionalInt.empty(), Optional.of(2.5), true));
    assertThat(gate.perContact()).isEqualTo(new Gate.Cap(2, Duration.ofDays(30)));
    assertThat(gate.marginFloor()).contains(new BigDecimal("0.25"));
    assertThat(offer(catalogue, "shop").kind())
        .isEqualTo(
            new Kind.Http(
                new Shop(
                    "https://shop.example.com/api/discounts",
                    Optional.of(new Shop.Auth("X-Shop-Token", "SHOP_TOKEN")),
                    "{\"value\": \"{{offer.value}}\"}",
                    List.of("discount", "code")),
                new Mask("SHOP-******")));
  }

  @Test
  void everyProblemNamesItsPlaceAndARemedy() {
    read(
        Map.of(
            "catalog",
            Map.of(),
            "gate",
            Map.of("margin_floor", 25L, "minimum_value", "40", "opens_at", Map.of()),
            "catalogue",
            offers(
                "A", Map.of("kind", "static", "code", "X", "value", "15"),
                "b", Map.of("kind", "coupon", "value", "15%"),
                "c", Map.of("kind", "generated", "prefix", "x", "value", "15%", "length", 3L),
                "d", Map.of("kind", "pool", "value", "0%", "shape", "**", "expiry", "2 days"),
                "e",
                    Map.of(
                        "kind", "static", "code", "CODE", "value", "15%", "expiry", "P3D", "window",
                        "P1D"),
                "f",
                    Map.of(
                        "kind",
                        "http",
                        "value",
                        "15%",
                        "shape",
                        "AB###",
                        "request",
                        Map.of(
                            "url",
                            "http://x",
                            "code_at",
                            "a b",
                            "auth",
                            Map.of("header", "X", "secret", "s3cr3t"))))));

    assertThat(problems)
        .extracting(FlowProblem::propertyPath)
        .containsExactlyInAnyOrder(
            "#/catalog",
            "#/gate/margin_floor",
            "#/gate/minimum_value",
            "#/gate/opens_at",
            "#/catalogue/A",
            "#/catalogue/A/code",
            "#/catalogue/A/value",
            "#/catalogue/b/kind",
            "#/catalogue/c/prefix",
            "#/catalogue/c/length",
            "#/catalogue/d/pool",
            "#/catalogue/d/value",
            "#/catalogue/d/shape",
            "#/catalogue/d/expiry",
            "#/catalogue/e/window",
            "#/catalogue/f/request/url",
            "#/catalogue/f/request/code_at",
            "#/catalogue/f/request/auth/secret");
    assertThat(problems).allMatch(problem -> problem.message().matches(".*(write|say) .*"));
  }

  @ParameterizedTest
  @CsvSource({
    "https://shop.example.com/api, true",
    "http://localhost:8080/discounts, true",
    "http://127.0.0.1, true",
    "http://[::1]:8080?a=b, true",
    "http://shop.example.com/api, false",
    "http://localhost.example.com, false",
    "http://localhost@shop.example.com, false",
    "http://127.0.0.1:80@shop.example.com, false",
    "ftp://localhost, false"
  })
  void aShopIsAskedOverTlsUnlessItIsOnTheSameMachine(String url, boolean fine) {
    read(
        Map.of(
            "catalogue",
            offers(
                "o",
                Map.of(
                    "kind",
                    "http",
                    "value",
                    "15%",
                    "shape",
                    "AB###",
                    "request",
                    Map.of("url", url, "code_at", "code")))));

    assertThat(problems.isEmpty()).isEqualTo(fine);
  }

  @Test
  void aPoolWhoseCodesCannotBeToldFromWordsIsNone() {
    read(
        Map.of("catalogue", offers("p", Map.of("kind", "pool", "pool", "spring", "value", "15%"))));

    assertThat(problems)
        .extracting(FlowProblem::propertyPath)
        .containsExactly("#/catalogue/p/shape");
  }

  @Test
  void signalsAreChangedOneByOne() {
    FrictionRules rules =
        FrictionRules.read(
            Place.root(
                Map.of(
                    "signals",
                    Map.of(
                        "shipping",
                        Map.of("weight", 1.5, "half_life", "P2D"),
                        "restock",
                        0.5,
                        "no",
                        0L),
                    "counts_from",
                    0.1),
                problems));

    assertThat(problems).isEmpty();
    assertThat(rules.rule("shipping")).contains(new FrictionRules.Rule(1.5, Duration.ofDays(2)));
    assertThat(rules.rule("restock")).contains(new FrictionRules.Rule(0.5, Duration.ofDays(3)));
    assertThat(rules.rule("no")).isEmpty();
    assertThat(rules.rule("discount")).isEqualTo(FrictionRules.DEFAULT.rule("discount"));
    assertThat(rules.countsFrom()).isEqualTo(0.1);
  }

  @Test
  void signalsThatCannotBeReadAreSaid() {
    FrictionRules rules =
        FrictionRules.read(
            Place.root(
                Map.of(
                    "signals",
                    Map.of("shipping", "much", "no", Map.of("weigth", 1L, "half_life", "PT0S"))),
                problems));

    assertThat(rules).isEqualTo(FrictionRules.DEFAULT);
    assertThat(problems)
        .extracting(FlowProblem::propertyPath)
        .containsExactlyInAnyOrder(
            "#/signals/shipping", "#/signals/no/weigth", "#/signals/no/half_life");
  }

  private static Offer offer(Catalogue catalogue, String name) {
    return catalogue.offer(name).orElseThrow();
  }

  private Catalogue read(Map<String, Object> tree) {
    return Catalogue.read(Place.root(tree, problems));
  }

  private static Map<String, Object> offers(Object... entries) {
    Map<String, Object> offers = new LinkedHashMap<>();
    for (int i = 0; i < entries.length; i += 2) {
      offers.put((String) entries[i], entries[i + 1]);
    }
    return offers;
  }
}
