-- The texts of a turn are compressed by lz4 where Postgres is built with it: about as small as by pglz, in less time.
-- What is there already stays as it is, and is read as before.
do $$
begin
    alter table turn
        alter event set compression lz4,
        alter effects set compression lz4,
        alter path set compression lz4,
        alter state set compression lz4;
exception when feature_not_supported then
    raise notice 'Postgres is built without lz4: the texts of turns are compressed by pglz';
end $$;
