package io.parley.engine.flow;

import io.parley.engine.Address;
import io.parley.engine.Channel;
import io.parley.engine.Effect;
import io.parley.engine.Event;
import io.parley.engine.Json;
import io.parley.engine.Values;
import io.parley.engine.Warning;
import io.parley.engine.limits.SessionWindow;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/// What a messaging widget sends, as templates.
///
/// @param from our address, or in a conversation the author's name
/// @param mediaUrls each renders to a url, or to several: one a line, or after commas. Studio has
/// one field; Twilio takes ten urls, and on WhatsApp heeds the first alone
/// @param contentSid an approved template instead of the body; empty text where there is none
/// @param contentVariables the template's variables by key (`1`, or `{{1}}` as Studio's editor
/// shows it)
/// @param shortenUrls whether short links of ours stand for urls
/// @param attributes a JSON object as a template, which goes with what is said in a conversation
/// @param fallback what is said by SMS instead, where WhatsApp does not take it
/// @param help whether it helps the contact: what follows it says whether it did, see `OFFERS.md`
public record Message(
    String from,
    String body,
    List<String> mediaUrls,
    String contentSid,
    Values contentVariables,
    boolean shortenUrls,
    String attributes,
    Optional<Fallback> fallback,
    boolean help) {

  /// What is said by SMS to the same number, as templates.
  ///
  /// @param from our number or short code for SMS
  public record Fallback(String from, String body) {

    static final String PROPERTY = "parley.fallback";

    private static final List<Property> PROPERTIES =
        List.of(Property.text("from").required(), Property.text("body").required());

    private static Optional<Fallback> read(Place place) {
      return !place.isAbsent() && Property.checkAll(place, PROPERTIES)
          ? Optional.of(new Fallback(place.get("from").text(), place.get("body").text()))
          : Optional.empty();
    }
  }

  private static final String HELP = "parley.help";
  private static final String CUSTOM = "custom";
  private static final String CONTENT_TEMPLATE = "content_template";

  /// A comma may be part of a url, but for one that another url follows.
  private static final Pattern MEDIA_SEPARATOR = Pattern.compile(",\\s*(?=https?://)|,?\\s+|,$");

  static final List<Property> PROPERTIES =
      List.of(
          Property.text("from").required(),
          Property.text("body"),
          Property.text("media_url"),
          Property.oneOf("message_type", CUSTOM, CONTENT_TEMPLATE),
          Property.text("content_sid"),
          Property.entries("content_variables"),
          Property.text("service"),
          Property.text("channel"),
          Property.text("attributes"),
          Property.flag("shorten_urls"),
          Property.object(Fallback.PROPERTY),
          Property.flag(HELP));

  public Message {
    mediaUrls = List.copyOf(mediaUrls);
  }

  /// Reads the message of a widget whose properties were checked. A content sid that the editor
  /// left behind when the author went back to a text of his own is not one.
  static Message read(Place properties) {
    String type = properties.get("message_type").text();
    Place contentSid = properties.get("content_sid");
    if (type.equals(CONTENT_TEMPLATE) && contentSid.text().isBlank()) {
      contentSid.problem("is missing but it is required, as message_type is " + CONTENT_TEMPLATE);
    }
    String mediaUrl = properties.get("media_url").text();
    return new Message(
        properties.get("from").text(),
        properties.get("body").text(),
        mediaUrl.isBlank() ? List.of() : List.of(mediaUrl),
        type.equals(CUSTOM) ? "" : contentSid.text(),
        contentVariables(properties.get("content_variables")),
        properties.get("shorten_urls").isTrue(),
        properties.get("attributes").text(),
        Fallback.read(properties.get(Fallback.PROPERTY)),
        properties.get(HELP).isTrue());
  }

  private static Values contentVariables(Place place) {
    Values variables = Values.EMPTY;
    for (Place entry : place.items()) {
      variables = variables.with(entry.get("key").text(), entry.get("value").text());
    }
    return variables;
  }

  /// Adds the rendered message to the scene, or what is said instead where WhatsApp surely would
  /// not take it.
  Sending sendTo(Address to, Scene scene) {
    Sending sending = sendAsIs(to, scene);
    return sending instanceof Sending.Refused refused
        ? fallBack(refused.failed(), to, scene).orElse(sending)
        : sending;
  }

  /// Says by SMS what WhatsApp did not take; empty where another attempt is not worth it, or
  /// nothing is to be said instead.
  Optional<Sending> fallBack(Event.SendFailed failed, Address to, Scene scene) {
    return falls(failed.refusal()) ? fallBack(to, scene) : Optional.empty();
  }

  /// The same by the code of a report.
  Optional<Sending> fallBack(int code, Address to, Scene scene) {
    return SessionWindow.isShutBy(code) ? fallBack(to, scene) : Optional.empty();
  }

  private static boolean falls(String refusal) {
    return refusal.equals("outside_window")
        || refusal.equals("not_on_channel")
        || refusal.equals("marketing_template");
  }

  private Optional<Sending> fallBack(Address to, Scene scene) {
    return fallback
        .filter(_ -> to.channel() == Channel.WHATSAPP)
        .map(
            it ->
                promised(
                    new Effect.Content.Text(scene.text(it.body()), List.of()),
                    scene,
                    content ->
                        scene.send(
                            new Address(scene.text(it.from()).strip()),
                            new Address(to.number()),
                            content)));
  }

  private Sending sendAsIs(Address to, Scene scene) {
    return scene.hears(to)
        ? promised(withoutMedia(content(scene), scene), scene, content -> say(content, scene))
        : promised(content(scene), scene, content -> send(to, content, scene));
  }

  /// Lets leave what promises nothing that was not granted. Links are not short yet, so that a code
  /// in one is seen.
  private static Sending promised(
      Effect.Content content, Scene scene, Function<Effect.Content, Sending> leave) {
    Optional<Event.SendFailed> refusal = scene.bargaining().refusal(content);
    if (refusal.isPresent()) {
      return new Sending.Refused(refusal.get());
    }
    Sending sending = leave.apply(content);
    if (sending instanceof Sending.Leaves(var send, _)) {
      scene.bargaining().leaving(send, content);
    }
    return sending;
  }

  private Sending send(Address to, Effect.Content content, Scene scene) {
    Address sender = sender(scene);
    return shortenUrls
        ? scene.sendWithShortLinks(sender, to, content)
        : scene.send(sender, to, content);
  }

  private Sending say(Effect.Content content, Scene scene) {
    Effect.Byline byline = byline(scene);
    return shortenUrls ? scene.sayWithShortLinks(content, byline) : scene.say(content, byline);
  }

  /// In a conversation `from` is the author's name. A chat service, which is what our address
  /// renders as there, is nobody's.
  private Effect.Byline byline(Scene scene) {
    String author = scene.text(from).strip();
    boolean nobody = author.isEmpty() || author.equals(scene.ours().value());
    return new Effect.Byline(nobody ? "" : author, renderedAttributes(scene));
  }

  private String renderedAttributes(Scene scene) {
    String rendered = scene.text(attributes).strip();
    if (rendered.isEmpty() || Json.parse(rendered).orElse("") instanceof Map<?, ?>) {
      return rendered;
    }
    scene.warn(
        new Warning(
            Warning.UNNUMBERED, "a message's attributes are no JSON object and are left out"));
    return "";
  }

  /// Source: Studio documentation, Using Conversations: media are not supported there.
  private static Effect.Content withoutMedia(Effect.Content content, Scene scene) {
    if (!(content instanceof Effect.Content.Text(var body, var media)) || media.isEmpty()) {
      return content;
    }
    scene.warn(
        new Warning(
            Warning.UNNUMBERED, "a conversation takes no media: a message goes without its own"));
    return new Effect.Content.Text(body, List.of());
  }

  /// A widget's `from` is an address only where it looks like one; elsewhere it is an author's
  /// name, and the thread's own address speaks.
  private Address sender(Scene scene) {
    String rendered = scene.text(from).strip();
    boolean address =
        rendered.startsWith("+")
            || rendered.startsWith("whatsapp:")
            || rendered.matches("MG[0-9a-f]{32}|\\d{3,8}");
    return address ? new Address(rendered) : scene.ours();
  }

  private Effect.Content content(Scene scene) {
    String template = scene.text(contentSid).strip();
    if (!template.isEmpty()) {
      Values variables = Values.EMPTY;
      for (var variable : contentVariables.entries().entrySet()) {
        String key = variable.getKey().replaceAll("[{}\\s]", "");
        variables = variables.with(key, scene.text(String.valueOf(variable.getValue())));
      }
      return new Effect.Content.Template(template, variables);
    }
    List<String> media =
        mediaUrls.stream()
            .map(scene::text)
            .map(String::strip)
            .flatMap(MEDIA_SEPARATOR::splitAsStream)
            .filter(url -> !url.isBlank())
            .toList();
    return new Effect.Content.Text(scene.text(body), media);
  }
}
