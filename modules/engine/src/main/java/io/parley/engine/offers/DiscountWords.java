package io.parley.engine.offers;

import java.util.List;
import java.util.regex.Pattern;

/// The words that make a promise of a number, in English, German, French, Spanish, Portuguese and
/// Italian, over [FoldedText]. A number alone is a price, a share or a date; only with one of these
/// beside it is it a discount.
final class DiscountWords {

  /// Ends a word.
  private static final String END = "(?![\\p{L}\\p{N}])";

  private static final String START = "(?<![\\p{L}\\p{N}])";

  /// Words that may not come between an amount and what it is an amount of.
  private static final String NO_FILLER =
      "(?!(?:is|are|was|were|of|and|or|for|to|in|on|at|if|but|the|this|that|no|not|without|before"
          + "|after|with|per|plus|via|by|from|minimum|cotton|incl\\p{L}*|und|oder|ohne|vor|nach|mit"
          + "|inkl\\p{L}*|fur|zzgl|kein\\p{L}*|et|ou|sans|avant|apres|avec|pour|par|est|y|o|e|sin|con"
          + "|antes|despues|para|es|por|de|des|du|di|da|sem|com|depois|senza|dopo|prima)"
          + END
          + ")";

  private static final String FILLERS = "(?:" + NO_FILLER + "[\\p{L}'-]+ ){0,2}";

  /// What follows an amount that is taken off: `15% off`, `10 € Willkommensrabatt`.
  static final Pattern AFTER =
      Pattern.compile(
          " ?-? ?(?:"
              + "(?:extra |more )?off"
              + "(?!-)"
              + END
              + "|cheaper"
              + END
              + "|less (?:(?:than|for) (?:usual|you|your)|on (?:your|everything|all))"
              + "|(?:on us|towards? your)"
              + END
              + "|"
              + FILLERS
              + "(?:discount(?:s|ed)?|savings?|markdown|price (?:cut|drop|reduction)|cash ?back|coupons?"
              + "|vouchers?|promo(?:tion)?(?: code)?|rebate|store credit|credit|code)"
              + END
              + "|"
              + FILLERS
              + "(?:\\p{L}*rabatt\\p{L}*|\\p{L}*nachlass|\\p{L}*erma(?:ss|e?ss)igung|ermaessigung"
              + "|gutschein\\p{L}*|gutschrift|gunstiger|guenstiger|billiger|reduziert|gespart|sparen"
              + "|ersparnis)"
              + END
              + "|de (?:reduction|remise|rabais|ristourne|promo)"
              + END
              + "(?! (?:des|de|du)"
              + END
              + "| d')"
              + "|(?:de )?(?:moins cher|offerts?)"
              + END
              + "|(?:de )?(?:descuento|dto|dcto|rebaja|desconto|abatimento)"
              + END
              + "|(?:mas|mais) barat[oa]s?"
              + END
              + "|(?:di )?sconto"
              + END
              + ")");

  /// What follows a share that is taken off, and would say nothing of a price: `15% auf alles`.
  static final Pattern AFTER_PERCENT =
      Pattern.compile(
          " (?:auf (?:alles|deine?n?|ihre?n?|eure?n?|die (?:nachste|erste|ganze)|das ganze)"
              + "|sur (?:votre|vos|ta|ton|tes|tout|toute|toutes|tous)"
              + "|en (?:tu|su|tus|todo|toda) (?:pedido|compra|proxima|primera|carrito|la|el)"
              + "|na (?:sua|tua) (?:proxima|primeira|compra)"
              + "|sul (?:tuo|prossimo))"
              + END);

  /// What stands before an amount that is taken off: `save up to $10`, `Gutschein über 10 €`.
  static final Pattern BEFORE =
      Pattern.compile(
          START
              + "(?:"
              + "(?:save|saves|saving|saved)"
              + "(?: (?:up to|upto|an? (?:extra|additional|further)|extra|another|over|about|around|at"
              + " least|you|yourself|instantly|now|today|a|as much as))*"
              + "|savings? of(?: up to)?|discounts?(?: (?:of|by)(?: up to)?|:)?|discounted(?: by)?"
              + "|(?:reduced|lowered|cut|slashed|dropped) by|rebate of"
              + "|(?:coupon|voucher|code)(?: (?:for|worth|of))|knock(?:ed|ing)?"
              + "|spar(?:e|t|en|st)?(?: (?:sie|dir|dich|jetzt|heute|bis zu|noch|uber|ganze|bei|mit))*"
              + "|\\p{L}*rabatt(?:e)?(?: (?:von|in hohe von)(?: bis zu)?|:)?"
              + "|\\p{L}*nachlass(?: von|:)|erma(?:e?ss)igung(?: von|:)|ermaessigung(?: von|:)"
              + "|gutschein(?: (?:uber|im wert von|von))|(?:reduziert|gunstiger) um"
              + "|economise[zr]?(?: jusqu'a)?|economies? de"
              + "|(?:remise|reduction|rabais|ristourne)(?: immediate| exceptionnelle)?(?: (?:de|d'))"
              + "|(?:remise|reduction|rabais|ristourne) ?:|bon (?:de|d'achat de)|code (?:de|pour)"
              + "|ahorr(?:a|e|ar|as|es)(?: (?:hasta|un))*|descuentos?(?: (?:del?|de hasta|de un)| ?:)"
              + "|rebaj(?:a|as|ado)(?: (?:del?|un))|(?:cupon|vale|bono) de"
              + "|economi(?:ze|za|zar|se)(?: ate)?|poup(?:e|a|ar)(?: ate)?"
              + "|descontos?(?: (?:de(?: ate)?)| ?:)|cupom de"
              + "|risparmi(?:a|are)?(?: fino a)?|scont[oi](?: (?:del?|di)| ?:)?|buono (?:da|di)"
              + "|off(?= ?:)"
              + ")(?: ?:)? ?\\z");

  /// What stands before a share that is given away, where one of [#GIVEN_AWAY] follows it: a share
  /// alone may as well be what a serum holds.
  static final Pattern GIVES =
      Pattern.compile(
          START
              + "(?:get|gets|getting|enjoy|take|grab|claim|unlock|have|gift you|give you|giving you"
              + "|offer you|offering you|here's|here is|treat yourself to|extra)"
              + "(?: (?:up to|an? (?:extra|additional|further)|extra|another|your))* ?\\z");

  static final Pattern GIVEN_AWAY =
      Pattern.compile(
          "(?: ?[.!?,;:]| ?\\z| (?:on (?:your|everything|all|any|us|the (?:next|first|whole|entire))"
              + "|for you|today|tonight|tomorrow|now|this week|until|till|with (?:the |this |your )?code"
              + "|when you|if you|at checkout|as a)"
              + END
              + ")");

  /// What an amount is then an amount of, though the words before it sound like a discount: `save
  /// 50% of your time`, `réduction de 30% des rides`.
  static final Pattern NOT_AFTER =
      Pattern.compile(
          " (?:of (?:your |the )?)?(?:time|energy|water|space|electricity|battery|plastic|packaging"
              + "|effort|zeit|energie|wasser|strom|temps|eau|tiempo|agua|energia|tempo)"
              + END
              + "| (?:des|du|de la|de l'|der|dei|delle|de las|de los|das|dos) ?\\p{L}");

  /// A minus sign that is no hyphen and no range.
  static final Pattern MINUS = Pattern.compile("(?:^|[^\\p{L}\\p{N}%] ?)(?<![\\p{N}%] )- ?\\z");

  /// What follows an amount with a minus sign that is taken off: `-10 € sur votre commande`.
  static final Pattern AFTER_MINUS =
      Pattern.compile(" (?:sur|auf|sobre|em|en|na|off|on your)" + END);

  /// A number without a unit that is taken off all the same.
  static final Pattern BARE =
      Pattern.compile(
          START
              + "(?<![$€£]|[$€£] )"
              + "\\d{1,3} off (?:your (?:\\p{L}+ )?(?:order|cart|basket|purchase)|everything|sitewide"
              + "|any order|all orders)"
              + END);

  static final Pattern HALF =
      Pattern.compile(
          START
              + "(?:half(?: the)?[ -](?:price|off)|1/2 (?:price|off)|halber preis|halben preis"
              + "|halbpreis|moitie prix|demi[- ](?:tarif|prix)|mitad de(?:l)? precio"
              + "|metade do preco|meta prezzo)"
              + END);

  static final Pattern QUARTER = Pattern.compile(START + "(?:a |one )?(?:quarter|1/4) off" + END);

  /// Promises that no number of percent or money expresses.
  static final List<Pattern> BUNDLES =
      List.of(
          Pattern.compile(
              START
                  + "(?:bogof?|(?:a |one )?(?:third|1/3) off"
                  + "|buy (?:one|1|two|2|three|3),?(?: and)? get (?:one|1|two|2|another|a second|the"
                  + " second|the third)"
                  + "|(?:2|two)[ -]for[ -](?:1|one|the price of (?:one|1))"
                  + "|(?:3|three)[ -]for[ -](?:1|one|2|two|the price of (?:one|1|two|2))"
                  + "|(?:4|four)[ -]for[ -](?:3|three)"
                  + "|[234]x[123](?! ?(?:cm|mm|m|in|inch|inches|ml|zoll|x)"
                  + END
                  + "|[.,\"]?\\d))"
                  + END
                  + "(?! (?:days?|weeks?|hours?|nights?|months?|years?|people|persons?)"
                  + END
                  + ")"),
          Pattern.compile(
              START
                  + "(?:(?:2|zwei) (?:fur|zum preis von) (?:1|eins?|einem|einer)"
                  + "|(?:3|drei) (?:fur|zum preis von) (?:2|zwei|zweien)"
                  + "|kaufe? (?:1|eins?)(?: ?,? (?:und )?)(?:krieg|bekomm|erhalt)\\p{L}* (?:1|eins?)"
                  + "|(?:un|1) achete ?[,=:-]? ?(?:un|1|le (?:2e|deuxieme)) offert"
                  + "|(?:2|deux) (?:pour|au prix de|au prix d') ?(?:1|une?)"
                  + "|le (?:2e|2eme|deuxieme|second) (?:article )?(?:est )?(?:offert|gratuit)"
                  + "|(?:dos|dois) por (?:uno|um)|tres por (?:dos|dois)"
                  + "|lleva(?:te)? (?:2|dos|3|tres),? (?:y )?pagas? (?:1|uno|una|2|dos)"
                  + "|leve (?:2|dois|3|tres),? (?:e )?pague (?:1|um|2|dois)"
                  + "|prendi (?:2|due|3|tre),? (?:e )?paghi (?:1|uno|2|due))"
                  + END),
          Pattern.compile(START + "1 ?\\+ ?1 (?:gratis|free|offert|gratuit)" + END));

  static final Pattern FREE_SHIPPING =
      Pattern.compile(
          START
              + "(?:free (?:standard |express |worldwide |home |fast )?(?:shipping|delivery|postage)"
              + "|(?:shipping|delivery) (?:is )?(?:free|on us)|versandkostenfrei\\p{L}*"
              + "|(?:kostenlose[rns]?|gratis|kostenfreie[rns]?) ?(?:versand|lieferung)\\p{L}*"
              + "|gratisversand|livraison (?:gratuite|offerte)"
              + "|(?:frais de )?port (?:offerts?|gratuits?)|envio (?:gratis|gratuito)"
              + "|(?:frete|entrega) (?:gratis|gratuit[oa])|spedizione gratuita)"
              + END);

  private DiscountWords() {}
}
