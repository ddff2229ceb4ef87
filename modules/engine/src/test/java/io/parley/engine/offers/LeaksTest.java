package io.parley.engine.offers;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.engine.offers.Offer.Kind;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeaksTest {

  private static final Codes SHAPE = new Codes("SKIN-", 8);
  private static final Offer SECOND_CHANCE =
      Offers.offer("second-chance", new Kind.Generated(SHAPE), "15%");
  private static final Catalogue CATALOGUE =
      Offers.catalogue(
          List.of("free shipping over $50", "10% off for students"),
          Offers.offer("comeback", new Kind.Static("COMEBACK15"), "15%"),
          Offers.offer("welcome", new Kind.Static("WELCOME"), "10 USD"),
          Offers.offer("ship", new Kind.Static("SHIP-4U-2"), "free_shipping"),
          SECOND_CHANCE,
          Offers.offer("spring", new Kind.Pool("spring", new Mask("SPRING-####"), 5), "10 EUR"));
  private static final Leaks LEAKS = new Leaks(CATALOGUE);
  private static final String CODE = SHAPE.code("secret", Offers.effect(3), 0);
  private static final Grant GRANT = Offers.grant("second-chance", CODE, "15%");

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Codes
        "Use COMEBACK15 at checkout",
        "use comeback15 today",
        "https://shop.example.com/discount/COMEBACK15?x=1",
        "Your code: SHIP 4U 2",
        "WELCOME is your code",
        "Enter SPRING-0042",
        "enter spring-0042, friend",
        "SKIN-7KXW4MPN",
        "skin-7kxw4mpn is yours",
        "ＣＯＭＥＢＡＣＫ１５",
        "COME\u200BBACK15",
        // English
        "15% off",
        "Get 15% off your cart",
        "15 % OFF!",
        "15%-off",
        "Take an extra 20% off",
        "20 percent off everything",
        "twenty percent off",
        "$10 off",
        "10$ off",
        "US$ 10 off your first order",
        "ten dollars off",
        "10 bucks off",
        "£5 off",
        "€10.50 off",
        "save 20%",
        "Save up to $25 today",
        "You'll be saving an extra 5%",
        "savings of $1,200",
        "A discount of 12.5% for you",
        "Discount: 10%",
        "a 10% welcome discount",
        "your 15% code",
        "coupon for $10",
        "$10 voucher",
        "$5 store credit",
        "prices cut by 30%",
        "half price",
        "Half off!",
        "at half the price",
        "1/2 price",
        "½ price",
        "a quarter off",
        "a third off",
        "BOGO",
        "Buy one, get one free",
        "2 for 1",
        "3-for-2 on creams",
        "two for the price of one",
        "take 15 off your order",
        "20 off your next order",
        "Now -20%",
        "−30 % on your order",
        "1️⃣5️⃣% off",
        "Get free shipping today",
        // German
        "10 € Rabatt",
        "15% Rabatt auf alles",
        "15%igen Rabatt",
        "15 Prozent Nachlass",
        "zwanzig Prozent günstiger",
        "10€ Willkommensrabatt",
        "Spare 20%",
        "Sparen Sie bis zu 30 €",
        "Gutschein über 10 Euro",
        "10-Euro-Gutschein",
        "jetzt reduziert um 25 %",
        "zum halben Preis",
        "2 für 1",
        "15% auf deine Bestellung",
        "versandkostenfrei",
        // French
        "15 % de réduction",
        "10 € de remise",
        "une remise de 20 %",
        "Économisez 10 €",
        "-20 % sur votre commande",
        "-10 € sur votre panier",
        "à moitié prix",
        "un acheté, un offert",
        "le deuxième offert",
        "livraison offerte",
        // Spanish
        "15% de descuento",
        "10 € de descuento",
        "un descuento del 20 %",
        "Ahorra 10 €",
        "ahorra hasta un 30%",
        "mitad de precio",
        "2x1 en cremas",
        "lleva 3 paga 2",
        "envío gratis",
        // Portuguese
        "15% de desconto",
        "R$ 10 de desconto",
        "desconto de 20%",
        "Economize 10%",
        "metade do preço",
        "leve 3 pague 2",
        "frete grátis",
        // Italian
        "20% di sconto",
        "sconto del 10%",
        "Risparmia 10 €"
      })
  void aPromiseIsFound(String text) {
    assertThat(LEAKS.in(text, Optional.empty())).hasSize(1);
  }

  /// Marks of WhatsApp, pictures and line ends say nothing, and an amount may be promised in words
  /// that name no discount.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "*15%* off",
        "_15%_ off",
        "*15*% off",
        "~15%~ *off*",
        "15% 🎉 off",
        "15%\noff",
        "15%  off",
        "15% *Rabatt*",
        "Save *$10*",
        "Save: 15%",
        "Save 🎉 15%",
        "Get 15% on your next order",
        "Enjoy 15% on everything",
        "Here's 15% for you",
        "We'd love to give you 15%",
        "Take 15% today",
        "$10 on us",
        "$10 toward your next order",
        "15% less on your order",
        "extra 15% for you",
        "OFF: 15%",
        "COMEBACK*15*",
        "*COMEBACK15*",
        "_SKIN-7KXW4MPN_",
        "_COMEBACK15_"
      })
  void aPromiseInOtherClothesIsFound(String text) {
    assertThat(LEAKS.in(text, Optional.empty())).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "Hi Jane, need help checking out?",
        "Your total is $82.50",
        "The day cream is $45, shipping is $6",
        "Order total: $15.00",
        "It costs 10 € with delivery",
        "Your cart of $80 is still here",
        "We saved your cart of $80",
        "Save your cart: $80",
        "100% cotton",
        "100% organic, 0% alcohol",
        "We are here 24/7",
        "95% of our customers come back",
        "20% of orders ship the same day",
        "humidity 40%-60%",
        "Discount: $0.00",
        "0% off",
        "$45 before discount",
        "$20 minimum for a discount code",
        "It took off on $20",
        "We kick off at 10",
        "$10 off-peak ticket",
        "30% less sugar",
        "save 50% of your time",
        "saves 30% energy",
        "Welcome to the shop",
        "Comeback 2015 was great",
        "COMEBACK150",
        "Springtime is here",
        "SPRING-00421",
        "skin-friendly",
        "Skin-care for you",
        "Open 2 for 1 hour",
        "a 3x2 cm patch",
        "Order 4412 of 12.05.",
        "Call +1 415 555 0100",
        "Free shipping over $50",
        "10% off for students",
        "50 ml for $30",
        "Do you want a discount?",
        "Sale ends at 5",
        "1,299.00 $",
        "Reduces wrinkles by 30%",
        "*100%* cotton 🌿",
        "Our *10%* niacinamide serum",
        "Take 20% vitamin C serum in the morning",
        "Here's 10% niacinamide for you",
        "Duties of 15% on your order are included",
        "VAT is 20% on everything",
        "You have 2% battery",
        "snake_case_15 is no code",
        // German
        "Der Warenkorb hat einen Wert von 80 €",
        "100% Baumwolle",
        "Die Creme kostet 10 Euro",
        "80 € ohne Rabatt",
        "zu 15% aus Zucker",
        "für 2 Personen",
        // French
        "réduction de 30 % des rides",
        "30 % de réduction des rides",
        "votre panier de 80 €",
        "100 % coton",
        // Spanish
        "Tu carrito vale 80 €",
        "100% algodón",
        "el 20 % de los pedidos",
        // Portuguese
        "Seu carrinho de R$ 80",
        "100% algodão",
        "20% dos pedidos"
      })
  void whatIsNoPromiseIsLeftAlone(String text) {
    assertThat(LEAKS.in(text, Optional.empty())).isEmpty();
  }

  @Test
  void whatWasGrantedMayBeSaid() {
    String text = "Here is %s for 15%% off, that is 15 percent off.".formatted(CODE);

    assertThat(LEAKS.in(text, Optional.of(GRANT))).isEmpty();
    assertThat(LEAKS.in(text, Optional.empty()))
        .extracting(Leak::what)
        .containsExactly(Leak.What.CODE, Leak.What.AMOUNT, Leak.What.AMOUNT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"10% off", "20% off", "$15 off", "COMEBACK15", "SKIN-7KXW4MPN", "half price"})
  void anotherCodeOrAnotherAmountThanWasGrantedIsALeak(String text) {
    assertThat(LEAKS.in(text, Optional.of(GRANT))).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({
    "10 USD, $10 off, true",
    "10 USD, $10.00 off, true",
    "10 USD, 10 dollars off, true",
    "10 USD, €10 off, false",
    "10 EUR, 10 € Rabatt, true",
    "10 EUR, 'desconto de 10,00 €', true",
    "1200 USD, '$1,200 off', true",
    "1200 EUR, '1.200 € Rabatt', true",
    "12.5%, '12,5 % Rabatt', true",
    "50%, half price, true",
    "25%, a quarter off, true",
    "free_shipping, free shipping for you, true",
    "15%, free shipping for you, false",
    "20%, take 20 off your order, true",
    "20%, twenty percent off, true"
  })
  void anAmountIsGrantedWhereItIsTheSameNumberOfTheSameUnit(
      String worth, String text, boolean granted) {
    assertThat(LEAKS.in(text, Optional.of(Offers.grant("comeback", "X-1", worth))).isEmpty())
        .isEqualTo(granted);
  }

  @Test
  void aPhraseOfAnOfferMayBeSaidWhileItIsGranted() {
    Offer plain = Offers.offer("two", new Kind.Static("TWO-4-1"), "50%");
    Offer two =
        new Offer(
            "two",
            plain.kind(),
            plain.worth(),
            plain.expiry(),
            plain.window(),
            Optional.empty(),
            plain.gate(),
            List.of("2 for 1 on Creams"));
    Leaks leaks = new Leaks(Offers.catalogue(List.of(), two));

    assertThat(leaks.in("2 for  1 on creams", Optional.of(Offers.grant("two", "TWO-4-1", "50%"))))
        .isEmpty();
    assertThat(leaks.in("2 for 1 on creams", Optional.empty())).hasSize(1);
  }

  @Test
  void aLeakSaysWhatAndWhere() {
    assertThat(LEAKS.in("Hé Jane, 15 % OFF now", Optional.empty()))
        .containsExactly(new Leak(Leak.What.AMOUNT, "15 % OFF", 9));
    assertThat(LEAKS.in("Hé Jane, 15 % OFF now", Optional.empty()).getFirst().sentence())
        .isEqualTo("\"15 % OFF\" at character 9 is a discount that was not granted");
  }

  @Property(tries = 300)
  void aPromiseIsFoundWhereverItStands(
      @ForAll("words") List<String> before,
      @ForAll("promises") String promise,
      @ForAll("words") List<String> after) {
    String text = String.join(" ", before) + ". " + promise + ". " + String.join(" ", after);

    assertThat(LEAKS.in(text, Optional.empty()))
        .isNotEmpty()
        .allMatch(leak -> text.startsWith(leak.words(), leak.start()));
  }

  @Property(tries = 300)
  void neutralWordsAroundAGrantAreNeverALeak(
      @ForAll("words") List<String> before, @ForAll("words") List<String> after) {
    String text =
        String.join(" ", before) + ". 15% off with " + CODE + ". " + String.join(" ", after);

    assertThat(LEAKS.in(text, Optional.of(GRANT))).isEmpty();
  }

  @Property(tries = 300)
  void noCodeOfTheShapeSlipsThrough(@ForAll int turn, @ForAll String around) {
    String code = SHAPE.code("secret", Offers.effect(turn), 0);

    assertThat(LEAKS.in(around + " " + code + " " + around, Optional.empty()))
        .extracting(Leak::words)
        .contains(code);
  }

  @Property(tries = 500)
  void anyTextIsSearched(@ForAll String text) {
    assertThat(LEAKS.in(text, Optional.empty()))
        .allMatch(leak -> text.startsWith(leak.words(), leak.start()) && !leak.words().isEmpty());
  }

  @Provide
  Arbitrary<List<String>> words() {
    return Arbitraries.of(
            "hello", "cart", "$45", "100%", "cream", "24/7", "für", "déjà", "2", "shop", "😀", "é")
        .list()
        .ofMaxSize(8);
  }

  @Provide
  Arbitrary<String> promises() {
    return Arbitraries.of(
        "15% off",
        "save $10",
        "10 € Rabatt",
        "COMEBACK15",
        "SPRING-1234",
        "half price",
        "BOGO",
        "15 % de réduction",
        "ahorra 10 €",
        "desconto de 20%");
  }
}
