package io.parley.twilio;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.twilio.security.RequestValidator;
import io.parley.twilio.TwilioSignature.Verdict;
import java.net.URI;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class TwilioSignatureTest {

  private static final String TARGET = "/myapp.php?foo=1&bar=2";
  private static final byte[] BODY =
      form(
          Map.of(
              "CallSid", "CA1234567890ABCDE",
              "From", "+12349013030",
              "To", "+18005551212",
              "Caller", "+12349013030",
              "Digits", "1234"));
  private static final String SIGNATURE = "0/KCTR6DLpKmkAf8muzZqo1nDgQ=";

  private final TwilioSignature signature = at("https://mycompany.com", "12345");

  @Test
  void theVectorOfTwiliosDocumentationIsGenuine() {
    assertThat(signature.verify(TARGET, BODY, SIGNATURE)).isEqualTo(Verdict.GENUINE);
  }

  @Test
  void aChangedParameterIsAMismatch() {
    byte[] body = new String(BODY, UTF_8).replace("1234567890", "1234567891").getBytes(UTF_8);

    assertThat(signature.verify(TARGET, body, SIGNATURE)).isEqualTo(Verdict.MISMATCH);
  }

  @Test
  void aQuerySortedOnTheWayIsAMismatch() {
    assertThat(signature.verify("/myapp.php?bar=2&foo=1", BODY, SIGNATURE))
        .isEqualTo(Verdict.MISMATCH);
  }

  @Test
  void aRequestWithoutSignatureIsUnsigned() {
    assertThat(signature.verify(TARGET, BODY, "").word()).isEqualTo("unsigned");
  }

  @Test
  void aPercentSignThatStandsAloneIsUnreadable() {
    assertThat(signature.verify(TARGET, "Body=100%".getBytes(UTF_8), SIGNATURE))
        .isEqualTo(Verdict.UNREADABLE);
    assertThat(signature.verify("/a?b=%zz", BODY, SIGNATURE)).isEqualTo(Verdict.UNREADABLE);
  }

  @Test
  void eachTokenOfARotationIsTaken() {
    TwilioSignature rotating = at("https://mycompany.com", "the next one", "12345");

    assertThat(rotating.verify(TARGET, BODY, SIGNATURE)).isEqualTo(Verdict.GENUINE);
  }

  @ParameterizedTest
  @CsvSource({
    "https://mycompany.com, https://mycompany.com:443",
    "https://mycompany.com:443, https://mycompany.com",
    "http://mycompany.com/, http://mycompany.com:80",
    "https://mycompany.com:8443, https://mycompany.com",
    "https://me:secret@mycompany.com/parley, https://me:secret@mycompany.com:443/parley",
  })
  void theUrlMayBeSignedWithAndWithoutItsPort(String configured, String signed) {
    String text = signed + TARGET + Form.parse(BODY).signed();
    String header = TwilioSignature.sign(TwilioSignature.key("12345"), text);

    assertThat(at(configured, "12345").verify(TARGET, BODY, header)).isEqualTo(Verdict.GENUINE);
  }

  @Test
  void anotherPortIsAMismatch() {
    String text = "https://mycompany.com:8443" + TARGET + Form.parse(BODY).signed();
    String header = TwilioSignature.sign(TwilioSignature.key("12345"), text);

    assertThat(signature.verify(TARGET, BODY, header)).isEqualTo(Verdict.MISMATCH);
  }

  @Test
  void repeatedNamesAreSignedByValueAndTheSamePairOnce() {
    byte[] body = "b=2&MediaUrl=z&MediaUrl=a&MediaUrl=z&a=1".getBytes(UTF_8);
    String text = "https://mycompany.com/x" + "MediaUrla" + "MediaUrlz" + "a1" + "b2";
    String header = TwilioSignature.sign(TwilioSignature.key("12345"), text);

    assertThat(signature.verify("/x", body, header)).isEqualTo(Verdict.GENUINE);
  }

  @Test
  void aJsonBodyIsHeldToTheDigestInTheUrl() {
    // Body and digest are those of Twilio's own snippet (signature_validation_json).
    String json = "{\"CallSid\":\"CA1234567890ABCDE\",\"Caller\":\"+12349013030\"}";
    String target =
        "/myapp?bodySHA256=5ccde7145dfb8f56479710896586cb9d5911809d83afbe34627818790db0aec9";
    String header =
        TwilioSignature.sign(TwilioSignature.key("12345"), "https://mycompany.com" + target);

    assertThat(signature.verify(target, json.getBytes(UTF_8), header)).isEqualTo(Verdict.GENUINE);
    assertThat(signature.verify(target, (json + " ").getBytes(UTF_8), header))
        .isEqualTo(Verdict.BODY_ALTERED);
  }

  @Test
  void aBaseWithoutHostOrAnEmptyListOfTokensIsRefusedAtOnce() {
    assertThatThrownBy(() -> at("/twilio", "12345")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> at("https://mycompany.com"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 400)
  void whatWeSignTwiliosValidatorTakesAndSoDoWe(
      @ForAll("targets") String target, @ForAll("parameters") Map<String, String> parameters) {
    byte[] body = form(parameters);
    String text = "https://mycompany.com" + target + Form.parse(body).signed();
    String header = TwilioSignature.sign(TwilioSignature.key("12345"), text);

    Verdict verdict = signature.verify(target, body, header);

    assertThat(
            new RequestValidator("12345")
                .validate("https://mycompany.com" + target, parameters, header))
        .isTrue();
    assertThat(verdict).isEqualTo(Verdict.GENUINE);
  }

  @Property(tries = 200)
  void whatTwiliosValidatorRefusesWeRefuse(
      @ForAll("targets") String target,
      @ForAll("parameters") Map<String, String> parameters,
      @ForAll("parameters") Map<String, String> others) {
    String text = "https://mycompany.com" + target + Form.parse(form(parameters)).signed();
    String header = TwilioSignature.sign(TwilioSignature.key("12345"), text);
    boolean theirs =
        new RequestValidator("12345").validate("https://mycompany.com" + target, others, header);

    assertThat(signature.verify(target, form(others), header).genuine()).isEqualTo(theirs);
  }

  @Provide
  Arbitrary<String> targets() {
    Arbitrary<String> word =
        Arbitraries.of("effect", "a", "1:2", "x%20y", "%E2%9C%93", "a+b", "", "~", "%2B", "(z)");
    Arbitrary<String> path = word.list().ofMaxSize(3).map(words -> "/" + String.join("/", words));
    Arbitrary<String> query =
        word.list()
            .ofMaxSize(3)
            .map(words -> words.isEmpty() ? "" : "?q=" + String.join("&", words));
    return Combinators.combine(path, query).as((p, q) -> p + q);
  }

  @Provide
  Arbitrary<Map<String, String>> parameters() {
    Arbitrary<String> name =
        Arbitraries.of("Body", "From", "To", "body", "Ünïcode", "a b", "A&B=C");
    Arbitrary<String> value =
        Arbitraries.oneOf(
            Arbitraries.of(
                "", " ", "+15005550006", "100%", "a&b=c", "a+b", "😀👍🏽", "ＳＴＯＰ", "\r\n"),
            Arbitraries.strings().ofMaxLength(20).filter(TwilioSignatureTest::wellFormed));
    return Arbitraries.maps(name, value).ofMaxSize(7);
  }

  /// Half of a surrogate pair has no UTF-8, so it cannot come over the wire.
  private static boolean wellFormed(String text) {
    return UTF_8.newEncoder().canEncode(text);
  }

  private static TwilioSignature at(String base, String... tokens) {
    return new TwilioSignature(URI.create(base), List.of(tokens));
  }

  private static byte[] form(Map<String, String> parameters) {
    return new LinkedHashMap<>(parameters)
        .entrySet().stream()
            .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
            .collect(Collectors.joining("&"))
            .getBytes(UTF_8);
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  @Test
  void whatIsSignedIsGenuineToTheOneWhoIsCalled() {
    String form = "b=x+y%26z&a=%7B%22id%22%3A7%7D&B=1&a=2";

    String signature = TwilioSignature.of("https://functions.example.com/f?v=1", form, "token");

    TwilioSignature theirs =
        new TwilioSignature(URI.create("https://functions.example.com"), List.of("token"));
    assertThat(theirs.verify("/f?v=1", form.getBytes(UTF_8), signature)).isEqualTo(Verdict.GENUINE);
    assertThat(
            new RequestValidator("token")
                .validate(
                    "https://functions.example.com/f?v=1",
                    Map.of("b", "x y&z", "a", "{}"),
                    TwilioSignature.of(
                        "https://functions.example.com/f?v=1", "a=%7B%7D&b=x+y%26z", "token")))
        .as("to Twilio's own library")
        .isTrue();
  }
}
