package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.parley.verticles.TargetScene.Patient;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Conversations at a real Request Tracker: `mvn test -Prt -pl verticles -am
/// -Dtest=RequestTrackerTest -Dsurefire.failIfNoSpecifiedTests=false`, where Debian's packages
/// request-tracker5 and rt5-db-sqlite are installed.
class RequestTrackerTest {

  @Test
  void aConversationLivesAsATicketAndComesBackToTheFlow() {
    assumeTrue(Boolean.getBoolean("parley.rt"), "only with the profile rt: mvn -Prt");
    assumeTrue(RequestTrackerServer.obstacle().isEmpty(), RequestTrackerServer.obstacle());
    try (RequestTrackerServer tracker = new RequestTrackerServer();
        TargetScene scene =
            new TargetScene(
                Map.of(
                    "tracker",
                    ("type: request-tracker, url: %s, queue: General, user: parley, password:"
                            + " RT_PASSWORD, poll: 1s, requests_per_second: 50")
                        .formatted(tracker.url())),
                "RT_PASSWORD=" + RequestTrackerServer.PASSWORD)) {
      scene.service.until("Request Tracker is up", tracker::isUp);
      live(tracker, scene);
      closeHere(tracker, scene);
    }
  }

  private static void live(RequestTrackerServer tracker, TargetScene scene) {
    Patient patient = scene.handedTo("tracker");
    scene.untilOwner(patient, "EXTERNAL");
    String ticket = tracker.tickets(patient.handoff()).getFirst();
    assertThat(scene.column(patient, "handoff", "holder")).isEqualTo("tracker:" + ticket);
    assertThat(tracker.said(ticket).getFirst())
        .startsWith("Create parley: Handed over by Parley (tracker)")
        .contains("bot: One moment")
        .contains("https://parley.example.com/desk/conversations/");

    scene.service.reply(patient.phone(), "SM-rt-1", "Passt Größe M? 😀");
    scene.service.until("the agent reads it", () -> tracker.said(ticket).size() >= 2);
    assertThat(tracker.said(ticket).getLast()).isEqualTo("Correspond parley: Passt Größe M? 😀");

    tracker.comment(ticket, "She is a good customer");
    tracker.correspond(ticket, "Ja, Größe M passt ☺");
    tracker.correspondAsHtml(ticket, "<p>Sonst <b>noch</b> etwas?<br/>Mia</p>");
    scene.untilHeard(patient, "Sonst noch etwas?\nMia");
    tracker.resolve(ticket);

    scene.untilHeard(patient, "resolved by tracker:root");
    assertThat(scene.owner(patient)).isEqualTo("CLOSED");
    assertThat(scene.heardBy(patient))
        .containsExactly(
            "One moment",
            "Ja, Größe M passt ☺",
            "Sonst noch etwas?\nMia",
            "resolved by tracker:root");
    assertThat(tracker.tickets(patient.handoff())).isEqualTo(List.of(ticket));
  }

  private static void closeHere(RequestTrackerServer tracker, TargetScene scene) {
    Patient patient = scene.handedTo("tracker");
    scene.untilOwner(patient, "EXTERNAL");
    String ticket = tracker.tickets(patient.handoff()).getFirst();

    scene.service.reply(patient.phone(), "SM-rt-stop", "STOP");

    scene.service.until("it is resolved there", () -> tracker.status(ticket).equals("resolved"));
    assertThat(tracker.said(ticket)).anyMatch(it -> it.startsWith("Correspond parley: STOP"));
    assertThat(tracker.said(ticket).getLast())
        .startsWith("Comment parley: The conversation is over");
  }
}
