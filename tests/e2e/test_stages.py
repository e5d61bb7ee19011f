"""A stage that crashes, hangs, eats memory or opens a file costs one record its fields, and no more."""
import os, pathlib, re, shutil, signal, subprocess, tempfile

import harness
from harness import Item, rss

MODULES = harness.BUILD / "tests" / "stages"
# Of a worker that dies of a module that changed under it a sanitizer has nothing to say.
DIE_QUIETLY = """
#include <signal.h>
__attribute__((constructor)) static void die_quietly(void)
{
    signal(SIGSEGV, SIG_DFL), signal(SIGBUS, SIG_DFL), signal(SIGILL, SIG_DFL), signal(SIGFPE, SIG_DFL), signal(SIGABRT, SIG_DFL);
}
"""
GOOD = harness.SOURCE / "tests" / "stages" / "modules" / "good.c"


class Stages(harness.Case):
    def check(self, stage, bad_headline, sign, **workers):
        """Of three articles the middle one is fatal to a stage: all three come out, and a note names the stage."""
        self.web["/rss"] = rss([Item("1", "The first headline", self.web.url("/1"), "First."),
                                Item("2", bad_headline, self.web.url("/2"), "Second."),
                                Item("3", "The third headline", self.web.url("/3"), "Third.")])
        self.start(["/rss"], stages={"dir": str(MODULES), "chain": [stage]}, workers={"count": "1", **workers})
        self.subscriber.article("The first headline")
        self.subscriber.article("The third headline")
        data = self.subscriber.article(bad_headline)["data"]
        (entry,) = [s for s in data["stages"] if s["name"] == stage]
        self.assertNotEqual(entry["status"], "ok", entry)
        self.assertRegex(self.daemon.log(), sign)
        self.assertEqual(len(self.check_log()), 3)
        self.web["/rss"] = rss([Item("4", "The fourth headline", self.web.url("/4"), "Fourth.")])
        self.subscriber.article("The fourth headline")

    def test_a_stage_that_crashes(self):
        self.check("crash", "A headline to crash over", "crash")

    def test_a_stage_that_hangs(self):
        self.check("hang", "A headline to hang over", "hang", deadline="500ms")

    def test_a_stage_that_eats_memory(self):
        self.check("hungry", "A headline to make hungry", "hungry", memory="64MiB")

    def test_a_stage_that_opens_a_file(self):
        self.check("opener", "A headline to open a file", "opener")

    def test_a_stage_that_kills_three_workers_no_longer_runs_on_that_site(self):
        self.web["/rss"] = rss([Item(str(n), f"Headline {n} to crash over", self.web.url(f"/{n}"), f"Number {n}.") for n in range(5)])
        # One worker: of two, one may have had the next record under way when the other died.
        self.start(["/rss"], stages={"dir": str(MODULES), "chain": ["crash"]}, workers={"count": "1"})
        for n in range(5):
            self.subscriber.article(f"Headline {n} to crash over")
        (stage,) = self.daemon.ask("stages")[0]["stages"]
        self.assertFalse(stage["setAside"])  # of other sites it has killed nobody
        self.assertRegex(self.daemon.log(), r"site set aside: stage=crash site=127\.0\.0\.1 ")
        self.assertEqual(self.daemon.log().count("worker died"), 3)
        (resting,) = self.daemon.ask("status")[0]["status"]["resting"]
        self.assertEqual((resting["stage"], resting["site"]), ("crash", "127.0.0.1"))
        self.assertRegex(self.say("status"), r"(?m)^resting   stage crash   on records of 127\.0\.0\.1   for (2 min|\d+ s)$")

    def make_module(self, version):
        """The module "good" of a version that its mark has, too."""
        source = self.folder / f"good-{version}.c"
        text = GOOD.read_text().replace('"1.2"', f'"{version}"').replace('"%s %lld', f'"{version} %s %lld')
        source.write_text(text + DIE_QUIETLY)
        module = source.with_suffix(".so")
        include = harness.SOURCE / "include"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-I", include, "-o", module, source], check=True)
        return module

    def publish(self, numbers):
        """One article after the other, each in the feed's next document: the marks that the stage put on them."""
        marks = []
        for n in numbers:
            self.web["/rss"] = rss([Item(str(n), f"Headline {n}", self.web.url(f"/{n}"), f"Number {n}.")])
            self.daemon.ask("poll-now", feed=self.web.url("/rss"))
            marks.append(self.subscriber.article(f"Headline {n}")["data"]["ext"]["good"].split()[0])
        return marks

    def test_a_module_that_is_copied_over_costs_no_article_and_a_reload_takes_it(self):
        """`cp` writes into the file that the workers have mapped."""
        old, new, other = self.make_module("2.0"), self.make_module("3.0"), MODULES / "crash.so"
        folder = self.folder / "modules"
        folder.mkdir()
        shutil.copyfile(old, folder / "good.so")
        self.web["/rss"] = rss([])
        self.start(["/rss"], stages={"dir": str(folder), "chain": ["good"]})
        self.assertEqual(set(self.publish(range(5))), {"2.0"})
        shutil.copyfile(new, folder / "good.so")
        marks = self.publish(range(5, 10))
        self.assertRegex("".join(m[0] for m in marks), "^2*3*$")
        self.assertRegex(self.say("reload"), r"stages? opened again|stages unchanged")
        self.assertEqual(set(self.publish(range(10, 15))), {"3.0"})
        (stage,) = self.daemon.ask("stages")[0]["stages"]
        self.assertEqual((stage["version"], stage["setAside"]), ("3.0", False))
        self.assertEqual(len(self.check_log()), 15)

    def say(self, *words):
        command = [str(harness.BIN / "wireroom"), *words, "--socket", str(self.daemon.control)]
        return subprocess.run(command, capture_output=True, text=True, timeout=harness.PATIENCE, check=True).stdout

    def test_what_ordered_stages_learned_comes_back_after_a_kill(self):
        text = " ".join(f"The harbour board met for hour {n} and put off its vote on berth {n}." for n in range(10))
        self.web["/rss"] = rss([Item("one", "Vote put off", self.web.url("/one"), text)])
        self.start(["/rss"], stages={"chain": ["neardup"]})
        first = self.subscriber.article("Vote put off")
        self.daemon.kill()
        self.web["/other"] = rss([Item("two", "Vote put off", self.web.url("/two"), text)])
        self.daemon.configure([self.address("/rss"), self.address("/other")])
        self.daemon.start()
        second = self.subscriber.article(url=self.web.url("/two"))
        self.assertEqual(second["data"]["duplicateOf"]["uri"], first["data"]["uri"])

    def test_a_story_goes_on_after_a_kill(self):
        told = ("A ferry carrying 212 people ran aground in fog near the port of Halvik early on Saturday, the coast guard said. All passengers of "
                "the Nordlys Star were taken off by lifeboats. Captain Ingrid Solvang said that the radar had failed before the ship struck the reef.")
        followed = ("The Nordlys Star struck the reef off Halvik after its radar failed, Captain Ingrid Solvang said. The coast guard brought all 212 "
                    "people on the ferry ashore. Investigators of the port of Halvik will examine the wreck once the fog has lifted.")
        other = "Ellerton United beat Cawdon Rovers with three goals to one. Striker Femi Adeyemi scored twice before the break."
        self.web["/rss"] = rss([Item("one", "Ferry runs aground off Halvik", self.web.url("/one"), told)])
        self.start(["/rss"], stages={"chain": ["neardup", "story"], "options": {"story": {"warm-up": 0}}})
        first = self.subscriber.article("Ferry runs aground off Halvik")
        self.daemon.kill()
        self.web["/other"] = rss([Item("two", "Radar failure blamed for ferry on reef", self.web.url("/two"), followed), Item("three", "United win at home", self.web.url("/three"), other)])
        self.daemon.configure([self.address("/rss"), self.address("/other")])
        self.daemon.start()
        second, third = self.subscriber.article(url=self.web.url("/two")), self.subscriber.article(url=self.web.url("/three"))
        self.assertEqual(second["data"]["story"]["uri"], first["data"]["story"]["uri"])
        self.assertEqual(second["data"]["story"]["articles"], 2)
        self.assertNotEqual(third["data"]["story"]["uri"], first["data"]["story"]["uri"])

    def test_a_module_of_another_abi_is_refused_with_a_clear_message(self):
        self.web["/rss"] = rss([])
        with self.assertRaises(AssertionError) as refused:
            self.start(["/rss"], stages={"dir": str(MODULES), "chain": ["abi2"]})
        self.assertRegex(str(refused.exception), "abi2.*ABI")
        self.daemon.process, self.daemon = None, None


class Lists(harness.Case):
    """A list of names that an editor changes while the daemon runs."""

    def setUp(self):
        super().setUp()
        self.list, self.count = self.folder / "names.list", 0

    def begin(self):
        self.web["/rss"] = rss([])
        self.start(["/rss"], stages={"chain": ["names"], "options": {"names": {"list": str(self.list)}}}, workers={"count": "1"})

    def halcyon(self):
        """Who Halcyon is in the next article."""
        self.count += 1
        text = "The talks with Halcyon ended. Nothing is known of Halcyon."
        self.web["/rss"] = rss([Item(str(self.count), f"Talks {self.count}", self.web.url(f"/{self.count}"), text)])
        self.daemon.ask("poll-now", feed=self.web.url("/rss"))
        (entity,) = self.subscriber.article(f"Talks {self.count}")["data"]["entities"]
        return " ".join(str(entity.get(key, "-")) for key in ("type", "canonicalName", "country"))

    def wait(self, words, times=1):
        harness.until(f"the log says {words}", lambda: self.daemon.log().count(words) >= times)

    def test_a_list_is_taken_as_soon_as_it_is_saved(self):
        """Absent, there, written over in place, exchanged, gone."""
        self.begin()
        self.wait("a stage goes without its file, which is not there: file=" + str(self.list))
        self.assertEqual(self.halcyon(), "other - -")
        self.list.write_text("# ours\norganisation: Halcyon Group; Halcyon\n")
        self.wait("stages are opened again: file=")
        self.assertEqual(self.halcyon(), "organisation Halcyon Group -")
        self.list.write_text("place SE: Halcyon\n")
        self.wait("stages are opened again: file=", 2)
        self.assertEqual(self.halcyon(), "place Halcyon SE")
        other = self.folder / "other"
        other.write_text("person: Ivo Halcyon; Halcyon\n")
        other.rename(self.list)
        self.daemon.ask("reload")  # does not wait for a look
        self.assertEqual(self.halcyon(), "person Ivo Halcyon -")
        self.list.unlink()
        self.wait("a stage goes without its file, which is not there", 2)
        harness.until("nobody is listed", lambda: self.halcyon() == "other - -")

    def test_a_list_that_is_wrong_is_told_and_the_former_one_kept(self):
        self.list.write_text("organisation: Halcyon\n")
        self.begin()
        self.assertEqual(self.halcyon(), "organisation Halcyon -")
        self.list.write_text("person: Halcyon\nplace Norway: Bergen\n")
        self.wait(f"{self.list}:2:6: expected a country of two letters")
        self.assertEqual(self.halcyon(), "organisation Halcyon -")
        with self.assertRaisesRegex(harness.Refused, f"stage names: {self.list}:2:6: "):
            self.daemon.ask("reload")
        for worker in self.daemon.workers():
            os.kill(worker, signal.SIGKILL)  # the next one has what it had, not what is there
        self.wait("worker died")
        self.assertEqual(self.halcyon(), "organisation Halcyon -")
        os.truncate(self.list, 65 << 20)
        self.wait(f"{self.list}: all files of the stages together are over 64 MiB")
        self.list.write_text("person: Halcyon\n")
        self.wait("stages are opened again: file=")
        self.assertEqual(self.halcyon(), "person Halcyon -")
        self.assertEqual(self.daemon.log().count("stages keep the file they had"), 2)


if __name__ == "__main__":
    harness.main()
