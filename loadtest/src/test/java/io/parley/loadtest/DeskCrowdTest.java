package io.parley.loadtest;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.parley.loadtest.DeskHouse.SOON;
import static io.parley.loadtest.DeskHouse.log;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.LocatorAssertions;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A hundred thousand conversations that wait: the list scrolls to its end, and a search finds the
/// one. What was measured is printed.
///
/// The rows are inserted as the service leaves them once its keeper has read them. All are copies
/// of one real conversation; the turns are copied for one in a thousand, since a list reads none.
/// A conversation's id is derived of its two numbers, as the service derives it.
@ExtendWith(DeskGround.Resolver.class)
final class DeskCrowdTest {

  private static final int CROWD = 100_000;

  /// The one that is searched for, by its place among the copies.
  private static final int WANTED = 77_000;

  private static final String FIRST = "+14155550130";

  /// In milliseconds; 95 of 100 frames come sooner, where the machine lets a page that does a
  /// little in each have its frames in time. What it withholds from that one is taken off.
  private static final double SMOOTH = 50;

  private static final double FRAME = 1000 / 60.0;

  /// No task of the page takes longer, in milliseconds.
  private static final double LONGEST_TASK = 200;

  /// Other programs have their turns on the machine, too: the best of so many runs counts, since
  /// what the desk itself is slow at is slow each time.
  private static final int RUNS = 5;

  private static final Duration ROWS_BY = Duration.ofSeconds(10);
  private static final Duration FOUND_BY = Duration.ofSeconds(5);

  @SuppressWarnings("NullAway.Init")
  private static DeskHouse house;

  @SuppressWarnings("NullAway.Init")
  private static Page mia;

  @BeforeAll
  static void open(DeskGround ground) throws Exception {
    house = DeskHouse.open(ground, "desk_crowd", Map.of());
    mia = house.invite(house.admin("Ada"), "Mia", "agent");
    house.asksForHelp(FIRST, "Vera");
    String first = house.conversation(FIRST);
    Stages.await(
        "the keeper has read the first",
        () ->
            house
                .ask("select 1 from handoff_queue where read = told and name = 'Vera'")
                .equals("1"));
    long start = System.nanoTime();
    house.change(
        """
        create function pg_temp.of(ours text, theirs text) returns uuid language sql as $$
          select encode(set_byte(set_byte(d, 6, get_byte(d, 6) & 15 | 128), 8,
                                 get_byte(d, 8) & 63 | 128), 'hex')::uuid
            from substring(sha256(convert_to(ours || '|' || theirs, 'UTF8')) for 16) as d
        $$;
        create temporary table crowd as
        select n, pg_temp.of('%5$s', '+1212' || (2000000 + n)) as id,
               '+1212' || (2000000 + n) as phone,
               now() - n * interval '1 second' as at,
               case when n = %2$d then 'Wilhelmina Ostrander'
                    else (array['Ana','Bo','Cy','Di','Ed','Flo','Gus','Hal','Ivy','Jo'])[1 + n %% 10]
                         || ' ' || (array['Ash','Birch','Cedar','Elm','Fir','Hazel','Oak'])[1 + n %% 7]
                    end as name,
               case when n = %2$d then 'My parcel is stuck in Valparaiso'
                    else (array['Where is my order?','It does not fit','Thank you so far',
                                'Can I have it in blue?','I need help with my order'])[1 + n %% 5]
                    end as snippet
          from generate_series(1, %1$d) n;
        set session_replication_role = replica;
        insert into conversation (id, ours, theirs, epoch, created_at)
        select w.id, c.ours, w.phone, c.epoch, w.at from crowd w, conversation c where c.id = '%3$s';
        insert into turn (conversation, number, source, source_id, at, kind, format, event, effects,
                          path, state, refusal)
        select w.id, t.number, t.source, t.source_id || ':' || w.n, w.at, t.kind, t.format,
               replace(replace(t.event, '%3$s', w.id::text), '%4$s', w.phone),
               replace(replace(t.effects, '%3$s', w.id::text), '%4$s', w.phone), t.path,
               replace(replace(t.state, '%3$s', w.id::text), '%4$s', w.phone), t.refusal
          from crowd w join turn t on t.conversation = '%3$s' where w.n %% 1000 = 0;
        insert into handoff (conversation, turn, index, ours, theirs, external_id, flow, widget, epoch,
                             format, effect, state, opened_at, reason, touched_at)
        select w.id, h.turn, h.index, h.ours, w.phone, 'person-' || w.n, h.flow, h.widget, h.epoch,
               h.format, h.effect, h.state, w.at, h.reason, w.at
          from crowd w, handoff h where h.conversation = '%3$s';
        insert into handoff_queue (conversation, turn, index, ours, theirs, channel, external_id, flow,
                                   reason, state, opened_at, last_at, told, read, read_turn, admitted_at,
                                   topic, queued_at, context, first_due, resolution_due, sla_kind, sla_due,
                                   sla, said, name, snippet, tags, search, changed_at)
        select w.id, q.turn, q.index, q.ours, w.phone, q.channel, 'person-' || w.n, q.flow, q.reason,
               q.state, w.at, w.at, 1, 1, q.read_turn, w.at,
               case when w.n %% 4 = 0 then 'orders' else 'care' end, w.at, null,
               now() + interval '8 hours', now() + interval '9 hours', 'first',
               now() + interval '8 hours', 'ok', '{welcome,no_agent,after_hours,too_long}', w.name,
               w.snippet, case when w.n %% 3 = 0 then '{shipping}'::text[] else '{}'::text[] end,
               array_to_tsvector(regexp_split_to_array(lower(w.name || ' ' || w.snippet || ' person '
                 || w.n || ' ' || w.id || ' ' || substr(w.phone, 2) || ' ' || right(w.phone, 4) || ' '
                 || right(w.phone, 7) || ' ' || right(w.phone, 10)), '[^a-z0-9]+')),
               now() - interval '1 hour'
          from crowd w, handoff_queue q where q.conversation = '%3$s';
        set session_replication_role = origin;
        analyze;
        """
            .formatted(CROWD, WANTED, first, FIRST, Stage.SENDER));
    System.out.printf(
        "desk, %,d conversations: inserted in %d ms%n", CROWD, since(start).toMillis());
  }

  @AfterAll
  static void close() {
    if (house != null) {
      house.close();
    }
  }

  @AfterEach
  void nothingWentWrongOnThePages() {
    assertThat(house.complaints()).isEmpty();
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static Locator rows() {
    return mia.locator(".row-link");
  }

  private static void open(String folder) {
    mia.navigate(house.url("/desk/inbox/" + folder));
    rows().first().waitFor();
  }

  @Test
  void theFirstRowsComeSoonAndTheLastIsReached() {
    long start = System.nanoTime();
    open("all");
    Duration first = since(start);
    assertThat(mia.locator(".total")).containsText("100,001");

    mia.evaluate("document.querySelector('.rows').scrollTo(0, 1e9)");
    Locator last = mia.locator("[data-index='" + CROWD + "'] .row-link");
    start = System.nanoTime();
    last.waitFor();
    Duration end = since(start);

    System.out.printf(
        "desk, %,d conversations: first rows after %d ms, the last ones after %d ms%n",
        CROWD, first.toMillis(), end.toMillis());
    assertThat(last).isInViewport();
    assertThat(rows().count()).as("only what is in view stands on the page").isLessThan(60);
    assertThat(first).isLessThan(ROWS_BY);
    assertThat(end).isLessThan(ROWS_BY);
  }

  @Test
  void scrollingIsSmooth() {
    open("all");

    double late = Double.MAX_VALUE;
    double longest = Double.MAX_VALUE;
    for (int run = 1; run <= RUNS && (late >= SMOOTH || longest >= LONGEST_TASK); run++) {
      JsonObject measured = scrolled();
      System.out.printf("desk, %,d conversations scrolled, run %d: %s%n", CROWD, run, measured);
      assertThat(measured.getInteger("frames")).isGreaterThan(200);
      double withheld = Math.max(0, measured.getDouble("p95_of_light_work") - FRAME);
      late = Math.min(late, measured.getDouble("p95") - withheld);
      longest = Math.min(longest, measured.getDouble("longest_task"));
    }

    assertThat(late).isLessThan(SMOOTH);
    assertThat(longest).isLessThan(LONGEST_TASK);
  }

  /// As by a wheel for two hundred frames, and as by the bar to the end and back for another
  /// hundred.
  private static JsonObject scrolled() {
    return new JsonObject(
        (String)
            mia.evaluate(
                """
                async () => {
                  const box = document.querySelector('.rows');
                  const frame = () => new Promise(requestAnimationFrame);
                  const tasks = [0];
                  const watch = new PerformanceObserver(list =>
                    list.getEntries().forEach(task => tasks.push(task.duration)));
                  box.scrollTo(0, 0);
                  await frame();
                  // What a page that works for some eight milliseconds a frame gets on this machine.
                  const work = rounds => {
                    const start = performance.now();
                    let made = 1;
                    for (let i = 0; i < rounds; i++) made = Math.imul(made ^ i, 2654435761);
                    window.made = made;
                    return performance.now() - start;
                  };
                  const quickest = Math.min(...Array.from({length: 30}, () => work(1e6)));
                  const rounds = Math.round(1e6 * 8 / Math.max(quickest, 0.1));
                  const rest = [];
                  let last = await frame();
                  while (rest.length < 150) {
                    work(rounds);
                    const now = await frame();
                    rest.push(now - last);
                    last = now;
                  }
                  watch.observe({type: 'longtask'});
                  const times = [];
                  last = await frame();
                  const to = async top => {
                    box.scrollTop = top;
                    const now = await frame();
                    times.push(now - last);
                    last = now;
                  };
                  for (let i = 0; i < 200; i++) await to(box.scrollTop + 120);
                  const end = box.scrollHeight - box.clientHeight;
                  for (let i = 0; i <= 50; i++) await to(end * i / 50);
                  for (let i = 50; i >= 0; i--) await to(end * i / 50);
                  await frame();
                  watch.disconnect();
                  const at = (list, share) => {
                    const sorted = list.toSorted((one, other) => one - other);
                    return Math.round(10 * sorted[Math.floor(sorted.length * share)]) / 10;
                  };
                  return JSON.stringify({frames: times.length, median: at(times, 0.5),
                    p95: at(times, 0.95), p99: at(times, 0.99), p95_of_light_work: at(rest, 0.95),
                    longest_task: Math.max(...tasks), long_tasks: tasks.length - 1});
                }
                """));
  }

  @Test
  void aSearchByNumberNameOrTextFindsTheOne() throws Exception {
    open("all");
    for (String asked :
        new String[] {
          "+1 212 207-7000", "2077000", "Ostrander", "wilhelm", "valparaiso", "person-77000"
        }) {
      long start = System.nanoTime();
      mia.getByLabel("Search conversations").fill(asked);
      assertThat(rows()).hasCount(1, new LocatorAssertions.HasCountOptions().setTimeout(20_000));
      Duration found = since(start);
      System.out.printf(
          "desk, %,d conversations: \"%s\" found after %d ms%n", CROWD, asked, found.toMillis());
      assertThat(rows()).containsText("Wilhelmina Ostrander");
      assertThat(found).as(asked).isLessThan(FOUND_BY);
      mia.getByLabel("Search conversations").fill("");
      assertThat(mia.locator(".total")).containsText("100,001");
    }

    mia.getByLabel("Search conversations").fill("Ostrander");
    assertThat(rows()).hasCount(1);
    rows().click();
    assertThat(log(mia)).containsText("I need help with my order", SOON);
    assertThat(mia.locator(".thread-who")).containsText("+12122077000");
  }
}
