"""The service under a real systemd: a Debian 12 is booted, and the package is installed there, used, upgraded, removed and
purged. The tests are one machine's life, in the order of their letters. `./dev test --system` runs it."""
import json, os, pathlib, re, shutil, sqlite3, subprocess, sys, tempfile, time, unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import machine
from machine import SOURCE, say, until

PACKAGE = next((p for p in (SOURCE / "build" / "package").glob("wireroom_*.deb")), None)
BEFORE = os.environ.get("WIREROOM_PACKAGE_BEFORE")  # a package of an earlier version; else this one, numbered lower
WHY_NOT = machine.why_not()
PORT = 8017
NEWS = f"http://127.0.0.1:{PORT}"
STOP_LIMIT = 2.0  # seconds, of `systemctl stop`
CONF = f"""
http: {{allow: [127.0.0.0/8], spacing: 0s, per_host: 8}}
poll: {{min_interval: 1s, default_interval: 1s, max_interval: 5s, first_fetch: publish-all}}
"""


def lower(package, folder):
    """The package with a number that dpkg orders before its own."""
    say("dpkg-deb", "-R", package, folder / "before")
    control = folder / "before" / "DEBIAN" / "control"
    control.write_text(re.sub(r"(?m)^Version: (.*)$", r"Version: \1~before", control.read_text()))
    say("dpkg-deb", "-b", folder / "before", folder / "before.deb")
    return folder / "before.deb"


def old_store(folder):
    """A store as an earlier version left it."""
    db = sqlite3.connect(folder / "old.db")
    db.executescript((SOURCE / "tests" / "data" / "store-6.sql").read_text())
    db.close()
    return folder / "old.db"


@unittest.skipUnless(PACKAGE, "no package in build/package: ./dev package builds it")
@unittest.skipIf(WHY_NOT, f"no machine can be booted here: {WHY_NOT}")
class Service(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-"))
        cls.addClassCleanup(shutil.rmtree, cls.dir, ignore_errors=True)
        try:
            root = machine.debian(PACKAGE)
        except (AssertionError, subprocess.TimeoutExpired) as e:
            raise unittest.SkipTest(f"no Debian can be had here: {e}") from e
        cls.m = machine.Machine(root)
        cls.addClassCleanup(cls.m.end)
        for source, name in ((BEFORE or lower(PACKAGE, cls.dir), "before.deb"), (PACKAGE, "this.deb")):
            shutil.copy(source, cls.m.path("/root") / name)
        news = cls.m.beside(sys.executable, SOURCE / "tests" / "system" / "news.py", PORT, stdout=subprocess.PIPE)
        cls.addClassCleanup(news.stdout.close)
        cls.addClassCleanup(news.wait)
        cls.addClassCleanup(news.kill)
        news.stdout.readline()

    def main_pid(self):
        return int(self.m.show("MainPID"))

    def install(self, name):
        self.m.do("dpkg", "-i", f"/root/{name}", env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})

    def configure(self, text):
        self.m.path("/etc/wireroom/conf.d/test.yaml").write_text(text)

    def wireroom(self, *words):
        return self.m.do("wireroom", *words)

    def status(self):
        return json.loads(self.wireroom("status", "--json"))

    def events(self):
        told = self.wireroom("tail", "--json", "--since", "0", "--no-follow")
        return [json.loads(line) for line in told.splitlines()]

    def is_active(self):
        return self.m.show("ActiveState") == "active"

    def answers(self):
        return self.m.do("wireroom", "status", ok=False).returncode in (0, 1)

    def restarted(self, pid):
        """Another process than pid is active, and answers."""
        return until("the service is started again", lambda: self.is_active() and self.main_pid() not in (0, pid) and self.answers())

    def kill(self, signal, **more):
        self.m.do("systemctl", "kill", "-s", signal, "--kill-whom=main", "wireroomd", **more)

    def drop_in(self, text):
        folder = self.m.path("/etc/systemd/system/wireroomd.service.d")
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "test.conf").write_text(text)
        self.m.do("systemctl", "daemon-reload")
        self.m.do("systemctl", "restart", "wireroomd")

    def test_a_the_package_starts_the_service(self):
        self.install("before.deb")
        until("it is active", self.is_active)
        self.assertEqual(self.m.show("UnitFileState"), "enabled")
        self.assertIn("0 feeds", until("its status line", lambda: self.m.show("StatusText")))
        self.assertIn("none is followed", self.m.do("wireroom", "doctor", ok=False).stdout)

    def test_b_it_runs_without_any_privilege(self):
        pid = self.main_pid()
        told = dict(line.split(":\t", 1) for line in self.m.do("cat", f"/proc/{pid}/status").splitlines() if ":\t" in line)
        account = self.m.do("id", "-u", "wireroom").strip()
        self.assertEqual(set(told["Uid"].split()), {account})
        self.assertEqual((told["NoNewPrivs"], told["Seccomp"]), ("1", "2"))
        for kind in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
            self.assertEqual(int(told[kind], 16), 0, kind)
        exposure = re.search(r"exposure level for wireroomd.service: ([0-9.]+)", self.m.do("systemd-analyze", "security", "--no-pager", "wireroomd"))
        self.assertLessEqual(float(exposure[1]), 1.1)
        mounts = {words[4]: words[5].split(",") for words in map(str.split, self.m.do("cat", f"/proc/{pid}/mountinfo").splitlines())}
        self.assertIn("ro", mounts["/"])
        self.assertIn("rw", mounts["/var/lib/private/wireroom"])
        self.assertEqual(self.m.show("DropInPaths"), "")
        self.assertEqual([j["MESSAGE"] for j in self.m.journal("-p", "warning")], [])

    def test_c_a_good_configuration_is_taken_over_by_reload(self):
        pid = self.main_pid()
        self.configure(CONF)
        self.m.do("systemctl", "reload", "wireroomd")
        self.assertEqual(self.main_pid(), pid)
        self.wireroom("feeds", "add", f"{NEWS}/harbour.xml")
        self.wireroom("feeds", "add", f"{NEWS}/council.xml")
        until("both feeds' articles", lambda: {e["data"]["feed"]["title"] for e in self.events()
                                               if e["type"] == "wireroom.article.new.v1"} >= {"News harbour", "News council"})
        read = [e["data"] for e in self.events() if e["type"] == "wireroom.article.new.v1"]
        self.assertIn("what was seen on the quay", read[0]["text"])

    def test_d_a_bad_configuration_is_refused_by_reload(self):
        pid = self.main_pid()
        self.configure(CONF + "poll: {min_interval: 5}\n")
        self.assertNotEqual(self.m.do("systemctl", "reload", "wireroomd", ok=False).returncode, 0)
        self.assertTrue(self.is_active())
        self.assertEqual(self.main_pid(), pid)
        self.assertEqual(self.status()["feeds"]["ok"], 2)
        self.assertTrue(any("/etc/wireroom/conf.d/test.yaml:" in j["MESSAGE"] for j in self.m.journal()))
        self.configure(CONF)
        self.m.do("systemctl", "reload", "wireroomd")

    def test_e_a_process_that_hangs_is_replaced(self):
        self.drop_in("[Service]\nWatchdogSec=3\n")
        pid = self.main_pid()
        self.kill("STOP")
        self.restarted(pid)
        told = "\n".join(j["MESSAGE"] for j in self.m.journal())
        self.assertIn("Watchdog timeout", told)
        self.assertNotIn("timed out. Killing", told)  # it ends of the watchdog's own signal

    def test_f_a_process_that_dies_is_replaced_until_it_dies_too_often(self):
        self.drop_in("[Service]\nRestartSec=100ms\n")
        self.m.do("systemctl", "reset-failed", "wireroomd")
        before = [e["id"] for e in self.events()]
        pid = self.main_pid()
        self.kill("KILL")
        self.restarted(pid)
        self.assertEqual([e["id"] for e in self.events()][:len(before)], before)
        burst = int(self.m.show("StartLimitBurst"))
        for _ in range(burst + 1):
            pid = self.main_pid()
            if pid != 0:
                self.kill("KILL", ok=False)
            until("it starts, or no more", lambda: self.main_pid() not in (0, pid) or self.m.show("ActiveState") == "failed")
            if self.m.show("ActiveState") == "failed":
                break
        until("systemd gives it up", lambda: self.m.show("ActiveState") == "failed")
        self.m.do("rm", "-r", "/etc/systemd/system/wireroomd.service.d")
        self.m.do("systemctl", "daemon-reload")
        self.m.do("systemctl", "reset-failed", "wireroomd")
        self.m.do("systemctl", "start", "wireroomd")
        self.assertTrue(self.is_active())

    def test_g_an_upgrade_keeps_the_store_and_restarts_the_service(self):
        self.m.do("systemctl", "stop", "wireroomd")
        state = self.m.path("/var/lib/private/wireroom")
        for file in state.glob("wireroom.db*"):
            file.unlink()
        shutil.copy(old_store(self.dir), state / "wireroom.db")
        self.m.do("chown", "wireroom:wireroom", "/var/lib/private/wireroom/wireroom.db")
        self.m.do("systemctl", "start", "wireroomd")
        until("it answers", self.answers)
        self.wireroom("feeds", "add", f"{NEWS}/upgrade.xml")
        until("a record", lambda: any(e["data"].get("headline", "").startswith("Report upgrade") for e in self.events()))
        before, pid = [e["id"] for e in self.events()], self.main_pid()
        self.configure(CONF + "instance: kept\n")
        self.install("this.deb")
        self.restarted(pid)
        self.assertEqual([e["id"] for e in self.events()][:len(before)], before)
        self.assertEqual(self.events()[0]["data"]["headline"], "Harbour closed")
        self.assertIn("instance: kept", self.m.path("/etc/wireroom/conf.d/test.yaml").read_text())
        version = say("dpkg-deb", "-f", PACKAGE, "Version").strip()
        self.assertEqual(self.m.do("dpkg-query", "-W", "-f", "${Version}", "wireroom"), version)

    def test_h_the_log_has_fields_to_ask_by(self):
        self.m.path("/etc/wireroom/feeds/broken.list").write_text(f"{NEWS}/broken.xml\n")
        self.configure(CONF + "feeds: [/etc/wireroom/feeds/*.list]\n")
        self.m.do("systemctl", "reload", "wireroomd")
        url = f"WIREROOM_URL={NEWS}/broken.xml"
        told = until("the feed is in trouble", lambda: self.m.journal("MESSAGE_ID=35ad21f8e51e4a89bd6f493fa36def83", url))
        self.assertIn("feed is in trouble", told[0]["MESSAGE"])
        self.assertEqual(told[0]["PRIORITY"], "4")
        self.assertIn(told[0], self.m.journal(f"WIREROOM_FEED={told[0]['WIREROOM_FEED']}"))
        self.assertTrue(self.m.journal("MESSAGE_ID=faca1501ec4b46cdb0fa01cab8bc8d74"), "it tells of its start")
        self.m.path("/etc/wireroom/feeds/broken.list").unlink()
        self.configure(CONF)

    def test_i_it_stops_in_time_while_it_is_busy(self):
        feeds = self.m.path("/etc/wireroom/feeds/busy.list")
        feeds.write_text("".join(f"{NEWS}/{kind}{n}.xml\n" for n in range(150) for kind in ("busy", "slow")))
        self.configure(CONF + "feeds: [/etc/wireroom/feeds/*.list]\n")
        self.m.do("systemctl", "reload", "wireroomd")
        until("records are on their way", lambda: self.status()["feeds"]["ok"] > 100)
        self.m.do("systemctl", "stop", "wireroomd")
        took = (int(self.m.show("InactiveEnterTimestampMonotonic")) - int(self.m.show("ActiveExitTimestampMonotonic"))) / 1e6
        print(f"stopped in {took:.2f} s", file=sys.stderr)
        self.assertLessEqual(took, STOP_LIMIT)
        self.assertEqual(self.m.show("Result"), "success")
        feeds.unlink()
        self.m.do("systemctl", "start", "wireroomd")
        until("it answers", self.answers)

    def test_j_removed_it_leaves_state_and_purged_nothing(self):
        pid = self.main_pid()
        self.m.do("dpkg", "-r", "wireroom")
        self.assertFalse(self.m.path(f"/proc/{pid}").exists())
        self.assertFalse(self.m.path("/usr/bin/wireroomd").exists())
        self.assertTrue(self.m.path("/var/lib/private/wireroom/wireroom.db").exists())
        self.assertTrue(self.m.path("/etc/wireroom/conf.d/test.yaml").exists())
        self.m.do("dpkg", "-P", "wireroom")
        for left in ("/var/lib/wireroom", "/var/lib/private/wireroom", "/run/wireroom", "/etc/wireroom",
                     "/etc/systemd/system/multi-user.target.wants/wireroomd.service"):
            self.assertFalse(os.path.lexists(self.m.path(left)), left)
        self.assertNotIn("wireroom", self.m.do("systemctl", "list-unit-files", "--no-pager"))
        self.assertEqual(self.m.do("systemctl", "--failed", "--no-legend", "--no-pager").strip(), "")


if __name__ == "__main__":
    unittest.main()
