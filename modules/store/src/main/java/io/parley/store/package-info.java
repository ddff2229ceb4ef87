/// Postgres: the only place with SQL besides the migrations. One class owns each table:
/// [TurnCommitter] and [Journal] own `turn`, `turn_alias` and `conversation`, [Outbox] owns
/// `outbox`, `delivery` and `dead_letter`, and so on by name. A turn's own commit writes to all of
/// them in one statement; [Erasure] takes from all of them what is a person's, and `CONTACTS.md`
/// says how.
///
/// A failed [io.vertx.core.Future] means that the database could not be asked; what it answers is a
/// value.
@NullMarked
package io.parley.store;

import org.jspecify.annotations.NullMarked;
