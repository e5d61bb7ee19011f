"""Power cuts: every write and sync of a run is written down, with the moments at which something was told; states that a cut may leave
are made of them, and the daemon itself recovers each. What anybody had seen is there, under its number; what was confirmed is; what
the stored validators stand for is; numbers go on where they ended."""
import collections, random, re, shutil, sqlite3, time

import disk, harness
from crash import LONG, SEED, Case, Readers, acknowledged, entry_of, events_of, make_up, tell
from harness import Item, rss

STATES = 2000 if LONG else 60
DOCUMENTS = 60 if LONG else 12  # of each feed in a life
FEEDS, ENTRIES = 2, 10
PATIENCE = 120  # seconds for a recovery on a machine that has other work
FOUND = ("lost", "altered", "unconfirmed", "unlogged", "doubled", "gaps", "corrupt", "refused")
Findings = collections.namedtuple("Findings", FOUND, defaults=[0] * len(FOUND))


class Told:
    """What had been told up to a moment: bodies by sequence, and what each consumer was confirmed."""

    def __init__(self):
        self.events, self.confirmed, self.frames = {}, {}, []

    def see(self, body):
        self.events[int(re.search(rb'"sequence":"(\d+)"', body)[1])] = body

    def add(self, calls):
        for kind, more, data in calls:
            if kind == disk.EVENT:
                self.see(data)
                continue
            self.frames.append(data)
            if not more:
                self.message(self.frames)
                self.frames = []

    def message(self, frames):
        if frames[2:3] == [b"REC"]:
            self.see(frames[5])
        elif frames[2:3] == [b"ACKED"]:
            self.confirmed[frames[0].decode()] = int(frames[3])


class Power(Case):
    def setUp(self):
        super().setUp()
        tell(f"seed {SEED}")

    def record(self, **environment):
        """Three lives with a record of them: one that ends, one that is killed, one that ends."""
        path = self.folder / "record"
        path.unlink(missing_ok=True)
        self.world(FEEDS, ENTRIES)
        self.web["/after"] = rss([Item("after", "Entry 99-1-1 of the wire", None, "What came when power was back.")])
        self.daemon = daemon = self.make_daemon(store={"max": "64MiB"})
        self.break_by(daemon, "record", WIREROOM_RECORD=path, WIREROOM_RECORD_DIR=daemon.dir, **environment)
        readers = Readers(daemon)
        readers.start()
        for life in range(3):
            daemon.start()
            goal = DOCUMENTS * (life + 1)
            harness.until("documents", lambda: min(self.web.claimed) >= goal, 600 if LONG else 60)
            if life == 1:
                daemon.kill()
            else:
                self.assertEqual(daemon.stop(), 0)
        readers.end()
        self.mend(daemon)
        return path

    def recover(self, folder, told):
        """Start the daemon on what is in folder; what is wrong with it then."""
        self.web.come_back()
        (folder / "run").mkdir()
        daemon = self.make_daemon(folder / "run", [*self.web.feeds, self.web.url("/after")])
        for file in folder.glob("wireroom.db*"):
            shutil.move(file, daemon.dir / file.name)
        store = daemon.dir / "wireroom.db"
        daemon.start(wait=False)
        try:
            harness.until("it is as before", lambda: daemon.process.poll() is not None or self.is_quiet(store), PATIENCE)
        except AssertionError:
            tell(daemon.log()[-2000:])
        status = daemon.process.poll()
        if status is None:
            daemon.kill()
            return self.findings(store, told)
        tell(f"ended with {status}: {daemon.log()[-2000:]}")
        return Findings(refused=1)

    def is_quiet(self, store):
        """All that the feeds show is admitted, and nothing of it is pending."""
        if not store.exists() or not self.web.is_done():
            return False
        try:
            with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as db:
                newest = db.execute("SELECT body FROM event ORDER BY sequence DESC LIMIT 100").fetchall()
                return not any(db.execute("SELECT 1 FROM pending")) and any(entry_of(body) == "99-1-1" for body, in newest)
        except sqlite3.DatabaseError:
            return False  # it has no tables yet

    def findings(self, store, told):
        log = events_of(store)
        account = make_up(store, self.web.known(self.web.first_claims()) | self.web.on_show())
        confirmed = acknowledged(store)
        with sqlite3.connect(store) as db:
            try:
                whole = [row[0] for row in db.execute("PRAGMA integrity_check")] == ["ok"]
            except sqlite3.DatabaseError:
                whole = False
        return Findings(
            lost=len(told.events.keys() - log.keys()),
            altered=sum(log.get(sequence, body) != body for sequence, body in told.events.items()),
            unconfirmed=sum(confirmed.get(name, 0) < sequence for name, sequence in told.confirmed.items()),
            unlogged=account.lost, doubled=account.doubled, gaps=account.gaps, corrupt=not whole)

    def cut_all(self, path, states, enough=None):
        """How many of so many states are bad, and the sum of all findings; over when enough are."""
        chance, told, sums, bad = random.Random(SEED), Told(), collections.Counter(), 0
        began = time.monotonic()
        for n, (how, since, files) in enumerate(disk.each_cut(path, self.daemon.dir, states, SEED), 1):
            told.add(since)
            folder = self.folder / "cut"
            folder.mkdir()
            for name, content in files.items():
                if not name.endswith("-shm"):
                    (folder / name.rsplit("/", 1)[1]).write_bytes(content)
                elif chance.random() < 0.5:  # nobody syncs it: it may hold anything
                    (folder / name.rsplit("/", 1)[1]).write_bytes(chance.randbytes(32768))
            found = self.recover(folder, told)
            sums.update(found._asdict())
            if any(found):
                bad += 1
                tell(f"{how}: {found}")
            shutil.rmtree(folder)
            if bad == enough:
                break
            if n % 100 == 0:
                tell(f"{n} states, {bad} bad, {len(told.events)} events told, {time.monotonic() - began:.0f} s")
        tell(f"{n} states of {path.stat().st_size >> 10} KiB of calls, {len(told.events)} events told, {told.confirmed} confirmed: "
             f"{bad} bad, {dict(sums)}")
        return bad, Findings(**sums)

    def test_what_was_seen_is_there_after_a_power_cut(self):
        self.assertEqual(self.cut_all(self.record(), STATES), (0, Findings()))

    def test_a_store_that_does_not_sync_is_found_out(self):
        for mode in ("none", "late"):
            with self.subTest(mode):
                _, found = self.cut_all(self.record(WIREROOM_RECORD_SYNC=mode), STATES, enough=1)
                shutil.rmtree(self.daemon.dir)
                # A number that was told is gone, or is another event's by now.
                self.assertGreater(found.lost + found.altered + found.unconfirmed + found.refused, 0)


if __name__ == "__main__":
    harness.main()
