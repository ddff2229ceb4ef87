-- Which key the body is sealed under, by its fingerprint; null where it is kept as it was. When somebody edited it last.
alter table dead_letter
    add column key       text,
    add column edited_at timestamptz;
-- Serves: the letters of one destination, newest first.
create index dead_letter_destination on dead_letter (destination, died_at);
