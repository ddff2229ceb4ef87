package io.parley.verticles;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.store.Role;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

/// `parley desk users`, by which nobody is locked out for good.
@Isolated
class DeskUsersCommandTest {

  private static final Service SERVICE = Service.start();

  @AfterAll
  static void close() {
    SERVICE.close();
  }

  private static CommandRun users(String... arguments) {
    String[] all = new String[arguments.length + 4];
    all[0] = "desk";
    all[1] = "users";
    all[2] = "--database";
    all[3] = SERVICE.database;
    System.arraycopy(arguments, 0, all, 4, arguments.length);
    return CommandRun.of(all);
  }

  @Test
  void whoIsLockedOutInvitesThemselves() {
    CommandRun invited = users("invite", "--role", "admin", "--url", "https://parley.example.com/");

    assertThat(invited.err()).isEmpty();
    assertThat(invited.out().strip())
        .matches("https://parley\\.example\\.com/desk/invite/[A-Za-z0-9_-]{43}");
    String token = invited.out().strip().replaceFirst(".*/", "");
    try (DeskBrowser browser = new DeskBrowser(SERVICE)) {
      assertThat(browser.take(token, "Back", "back@acme.example", "locked out no more").status())
          .isEqualTo(200);
      assertThat(browser.get("/desk/api/audit").body()).contains("(command line)", "user_invited");
    }
  }

  @Test
  void everybodyIsListed() {
    DeskBrowser.of(SERVICE, Role.AGENT, "Lina", "care", "returns").close();

    assertThat(users("list").out()).contains("agent", "Lina", "topics care, returns", "never");
  }

  @Test
  void whoIsRevokedIsOut() {
    try (DeskBrowser browser = DeskBrowser.of(SERVICE, Role.AGENT, "Thief")) {
      String id = browser.session().json().getJsonObject("user").getString("id");

      assertThat(users("revoke", id, "--for-good").out())
          .contains("Thief is signed out of 1 session(s), and may not sign in any more");

      assertThat(browser.session().status()).isEqualTo(401);
      assertThat(users("list").out()).contains("may not sign in");
    }
  }

  @Test
  void whatIsWrongIsSaid() {
    assertThat(users("invite", "--role", "king").err()).contains("no role is called king");
    assertThat(users("invite", "--email", "nonsense").err()).contains("not an e-mail");
    assertThat(users("revoke", "nobody").err()).contains("nobody at the desk");
    assertThat(users("revoke", "nobody").exit()).isEqualTo(1);
  }
}
