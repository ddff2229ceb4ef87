package io.parley.engine.flow;

import static io.parley.engine.flow.Property.flag;
import static io.parley.engine.flow.Property.text;
import static io.parley.engine.flow.Property.textOrInteger;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// The widget types of Studio, and our own: the type string, the events that leave a widget, the
/// properties that are checked, and how it is read. A property that is not listed is kept and not
/// looked at.
///
/// Properties that must be texts by Studio's schema are texts here, but for those that real files
/// hold as integers too.
enum WidgetType {
  TRIGGER(
      "trigger",
      List.of(
          "incomingMessage",
          "incomingCall",
          "incomingConversationMessage",
          "incomingRequest",
          "incomingParent"),
      List.of(),
      (name, transitions, _) -> new Trigger(name, transitions)),
  SEND_MESSAGE(
      "send-message", List.of("sent", "failed"), SendMessage.PROPERTIES, SendMessage::read),
  SEND_AND_WAIT_FOR_REPLY(
      "send-and-wait-for-reply",
      List.of("incomingMessage", "timeout", "deliveryFailure"),
      SendAndWaitForReply.PROPERTIES,
      SendAndWaitForReply::read),
  SPLIT_BASED_ON(
      "split-based-on", List.of("match", "noMatch"), SplitBasedOn.PROPERTIES, SplitBasedOn::read),
  SET_VARIABLES("set-variables", List.of("next"), SetVariables.PROPERTIES, SetVariables::read),

  MAKE_HTTP_REQUEST(
      "make-http-request",
      List.of("success", "failed"),
      MakeHttpRequest.PROPERTIES,
      MakeHttpRequest::read),
  /// The url is empty where `function_sid` says which function it is.
  RUN_FUNCTION(
      "run-function", List.of("success", "fail"), RunFunction.PROPERTIES, RunFunction::read),
  RUN_SUBFLOW(
      "run-subflow", List.of("completed", "failed"), RunSubflow.PROPERTIES, RunSubflow::read),
  SEND_TO_FLEX(
      "send-to-flex",
      List.of("callComplete", "failedToEnqueue", "callFailure", "composerStarted"),
      SendToFlex.PROPERTIES,
      SendToFlex::read),
  ADD_TWIML_REDIRECT(
      "add-twiml-redirect",
      List.of("return", "timeout", "fail"),
      AddTwimlRedirect.PROPERTIES,
      AddTwimlRedirect::read),
  START_CONVERSATION(
      "start-conversation",
      List.of("created", "failed"),
      StartConversation.PROPERTIES,
      StartConversation::read),
  RESUME_CONVERSATION(
      "resume-conversation",
      List.of("resumed", "failed"),
      ResumeConversation.PROPERTIES,
      ResumeConversation::read),

  SAY_PLAY(
      "say-play",
      List.of("audioComplete"),
      List.of(text("say"), text("play"), text("voice"), text("language"), textOrInteger("loop"))),
  GATHER_INPUT_ON_CALL(
      "gather-input-on-call",
      List.of("keypress", "speech", "timeout"),
      List.of(
          text("say"),
          text("play"),
          text("voice"),
          text("language"),
          text("finish_on_key"),
          text("gather_language"),
          text("speech_model"),
          text("profanity_filter"),
          flag("stop_gather"),
          textOrInteger("speech_timeout"),
          textOrInteger("timeout"),
          textOrInteger("loop"),
          textOrInteger("number_of_digits"))),
  CONNECT_CALL_TO(
      "connect-call-to",
      List.of("callCompleted", "hangup"),
      List.of(text("noun"), text("to"), text("caller_id"), textOrInteger("timeout"))),
  MAKE_OUTGOING_CALL_V1(
      "make-outgoing-call-v1",
      List.of("answered", "answeredByMachine", "busy", "noAnswer", "failed", "hangup"),
      List.of(text("from"), text("to"), textOrInteger("timeout"))),
  MAKE_OUTGOING_CALL_V2(
      "make-outgoing-call-v2",
      List.of("answered", "busy", "noAnswer", "failed"),
      List.of(
          text("from"),
          text("to"),
          text("trim"),
          flag("record"),
          flag("detect_answering_machine"),
          textOrInteger("timeout"))),
  RECORD_VOICEMAIL(
      "record-voicemail",
      List.of("recordingComplete", "noAudio", "hangup"),
      List.of(
          text("play_beep"), text("trim"), textOrInteger("timeout"), textOrInteger("max_length"))),
  RECORD_CALL(
      "record-call", List.of("success", "failed"), List.of(flag("record_call"), text("trim"))),
  ENQUEUE_CALL(
      "enqueue-call",
      List.of("callComplete", "failedToEnqueue", "callFailure"),
      List.of(text("workflow_sid"), text("task_attributes"), textOrInteger("priority"))),
  CAPTURE_PAYMENTS(
      "capture-payments",
      List.of(
          "success",
          "maxFailedAttempts",
          "providerError",
          "payInterrupted",
          "hangup",
          "validationError"),
      List.of(flag("security_code"))),
  FORK_STREAM("fork-stream", List.of("next"), List.of()),
  /// Which events it has is not known.
  CONNECT_VIRTUAL_AGENT("connect-virtual-agent", List.of(), List.of()),
  CONNECT_VIRTUAL_AGENT_V2(
      "connect-virtual-agent-v2",
      List.of("completed", "live-agent-handoff", "hangup", "failed", "paused", "timeout"),
      List.of()),
  RUN_CONVERSATION_RELAY("run-conversation-relay", List.of("success", "failed"), List.of()),

  WAIT("parley.wait", List.of("next", "failed"), Wait.PROPERTIES, Wait::read),
  WAIT_FOR_EVENT(
      "parley.wait-for-event",
      List.of("occurred", "timeout"),
      WaitForEvent.PROPERTIES,
      WaitForEvent::read),
  GATE_OFFER(
      "parley.gate-offer", List.of("granted", "withheld"), GateOffer.PROPERTIES, GateOffer::read),
  HANDOFF(
      "parley.handoff",
      List.of("closed", "failed", "timeout"),
      HandOver.PROPERTIES,
      HandOver::read),
  /// Its events are its branches.
  RANDOM_SPLIT("parley.random-split", List.of(), RandomSplit.PROPERTIES, RandomSplit::read);

  /// Makes a widget of a state whose properties were checked.
  interface Reader {
    Widget read(String name, List<Transition> transitions, Place properties);
  }

  private static final Property OFFSET = Property.object("offset");

  private final String word;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<String> events;

  @SuppressWarnings("ImmutableEnumChecker") // List.of
  private final List<Property> properties;

  @SuppressWarnings("ImmutableEnumChecker") // a function without state
  private final Optional<Reader> reader;

  WidgetType(String word, List<String> events, List<Property> properties, Reader reader) {
    this.word = word;
    this.events = events;
    this.properties = properties;
    this.reader = Optional.of(reader);
  }

  WidgetType(String word, List<String> events, List<Property> properties) {
    this.word = word;
    this.events = events;
    this.properties = properties;
    this.reader = Optional.empty();
  }

  static Optional<WidgetType> parse(String word) {
    return Arrays.stream(values()).filter(type -> type.word.equals(word)).findFirst();
  }

  static List<String> words() {
    return Arrays.stream(values()).map(WidgetType::word).toList();
  }

  /// Studio's type string: `send-and-wait-for-reply`.
  String word() {
    return word;
  }

  /// Whether the engine runs it, and not only reads it.
  boolean isRun() {
    return reader.isPresent();
  }

  /// Whether an event can leave such a widget, as far as is known.
  boolean has(String event) {
    return events.isEmpty() || events.contains(event);
  }

  List<String> events() {
    return events;
  }

  /// Reports what is wrong with a widget's properties, and makes the widget all the same.
  Widget read(String name, List<Transition> transitions, Place place) {
    OFFSET.check(place);
    properties.forEach(property -> property.check(place));
    checkMore(place);
    return reader
        .map(known -> known.read(name, transitions, place))
        .orElseGet(() -> new KnownWidget(name, word, transitions));
  }

  private void checkMore(Place place) {
    switch (this) {
      case SAY_PLAY, GATHER_INPUT_ON_CALL -> {
        if (place.get("say").isAbsent() && place.get("play").isAbsent()) {
          place.get("say").problem("is missing but it is required, where there is no play");
        }
      }
      case RUN_SUBFLOW -> {
        if (place.get("flow_sid").text().contains("{{")) {
          place.get("flow_sid").problem("must be a valid, non-liquid flow sid");
        }
      }
      default -> {}
    }
  }
}
