"""The image of packaging/Containerfile: built by buildah out of the package that `./dev package` has built, and used as a container
without root. Where Docker's registry cannot be reached, debootstrap makes the base. `./dev test --system` runs it; with WIREROOM_LONG
set the package is built in the container, too, which takes as long as that does."""
import json, os, pathlib, shutil, signal, subprocess, sys, tempfile, time, unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import machine
from machine import CACHE, MIRROR, NETWORK, SOURCE, say, until

PACKAGES = list((SOURCE / "build" / "package").glob("wireroom_*.deb"))
LONG = bool(os.environ.get("WIREROOM_LONG"))
BASE = "docker.io/library/debian:bookworm-slim"
IMAGE = "localhost/wireroom-test"
BUILD_LIMIT = 7200 if LONG else NETWORK  # seconds
STOP_LIMIT = 2.0  # seconds from SIGTERM to the end
PORT = 8018
NEWS = f"http://127.0.0.1:{PORT}"
CONF = """
http: {allow: [127.0.0.0/8], spacing: 0s}
poll: {min_interval: 1s, default_interval: 1s, max_interval: 5s, first_fetch: publish-all}
"""


def why_not():
    """Why no image can be built here, or None."""
    if os.geteuid() != 0:
        return "only root builds one without user namespaces"
    if shutil.which("buildah") is None:
        return "there is no buildah: apt-get install buildah"
    if not PACKAGES:
        return "no package in build/package: ./dev package builds it"
    return None


WHY_NOT = why_not()


@unittest.skipIf(WHY_NOT, f"no container here: {WHY_NOT}")
class Container(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-container-"))
        cls.addClassCleanup(shutil.rmtree, cls.dir, ignore_errors=True)
        if say(*cls.words("info"), ok=False).returncode != 0:
            cls.driver = "vfs"
        cls.have_base()
        cls.buildah("build", "--format", "docker", "--isolation", "chroot", "--pull-never", "--build-arg", f"BUILT={'no' if LONG else 'yes'}",
                    "--ignorefile", SOURCE / ".containerignore", "-f", SOURCE / "packaging" / "Containerfile", "-t", IMAGE, SOURCE, timeout=BUILD_LIMIT)
        cls.container = cls.buildah("from", "--pull-never", "--name", "wireroom-test", IMAGE).strip()
        cls.config = json.loads(cls.buildah("inspect", cls.container))["Docker"]["config"]

    driver = "overlay"  # or plain copies, "vfs", where no overlay can be mounted

    @classmethod
    def words(cls, *words):
        """All that buildah keeps lies in a folder of this test's: no daemon, nothing of the user's."""
        return ["buildah", "--root", cls.dir / "images", "--runroot", cls.dir / "run", "--storage-driver", cls.driver, *words]

    @classmethod
    def buildah(cls, *words, **more):
        return say(*cls.words(*words), **{"timeout": NETWORK, **more})

    @classmethod
    def have_base(cls):
        if say(*cls.words("pull", BASE), ok=False, timeout=NETWORK).returncode == 0:
            return
        root = CACHE / "slim"
        if not (root / "etc" / "debian_version").exists() or (root / "debootstrap").exists():
            if shutil.which("debootstrap") is None:
                raise unittest.SkipTest(f"{BASE} cannot be had here, and there is no debootstrap")
            shutil.rmtree(root, ignore_errors=True)
            CACHE.mkdir(parents=True, exist_ok=True)
            try:
                say("debootstrap", "--variant=minbase", "--include=ca-certificates", "bookworm", root, MIRROR, timeout=NETWORK)
            except (AssertionError, subprocess.TimeoutExpired) as e:
                raise unittest.SkipTest(f"no Debian can be had here: {e}") from e
        made = cls.buildah("from", "scratch").strip()
        cls.buildah("copy", "--quiet", made, root, "/")
        cls.buildah("commit", "--quiet", "--rm", made, BASE)

    def inside(self, *words):
        return [str(w) for w in self.words("run", "--isolation", "chroot", "--user", self.config["User"], self.container, "--", *words)]

    def ask(self, *words, ok=True):
        return say(*self.inside("wireroom", *words, "--socket", "/run/wireroom/control.sock"), ok=ok)

    def healthy(self):
        """What an engine makes of the image's own check."""
        kind, *words = self.config["Healthcheck"]["Test"]
        self.assertEqual(kind, "CMD")
        return say(*self.inside(*words), ok=False).returncode == 0

    def start(self):
        """The image's own command, as its own user. chroot isolation gives it our network and process numbers."""
        with open(self.dir / "log", "wb") as log:
            process = subprocess.Popen(self.inside(*self.config["Entrypoint"]), stdout=log, stderr=log)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.addCleanup(self.end, process)  # first: it would outlive what is above it
        return process

    def end(self, process):
        daemon = self.daemon_of(process)
        if daemon is not None:
            os.kill(daemon, signal.SIGKILL)

    def daemon_of(self, process):
        """The number of wireroomd below a `buildah run`, or None."""
        below = [process.pid]
        for pid in below:
            try:
                for children in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):  # any thread may be the parent
                    below += map(int, children.read_text().split())
                if pathlib.Path(f"/proc/{pid}/comm").read_text() == "wireroomd\n":
                    return pid
            except OSError:  # it has ended meanwhile
                pass
        return None

    def test_the_image_says_how_it_is_run(self):
        self.assertEqual((self.config["User"], self.config["Entrypoint"], self.config["StopSignal"]), ("wireroom", ["wireroomd"], "SIGTERM"))
        self.assertIn("/var/lib/wireroom", self.config["Volumes"])
        self.assertGreater(self.config["Healthcheck"]["Interval"], 0)
        self.assertEqual(say(*self.inside("id", "-un")).strip(), "wireroom")
        version = say("dpkg-deb", "-f", PACKAGES[0], "Version").strip()
        if not LONG:
            self.assertEqual(say(*self.inside("dpkg-query", "-W", "-f", "${Version}", "wireroom")), version)
        left = say(*self.inside("sh", "-c", "ls /var/lib/apt/lists /packages /src 2>&1; command -v gcc systemctl"), ok=False).stdout
        self.assertNotIn("Packages", left)
        self.assertNotIn("gcc", left)

    def test_it_reads_a_feed_tells_its_health_and_stops_in_time(self):
        news = subprocess.Popen([sys.executable, SOURCE / "tests" / "system" / "news.py", str(PORT)], stdout=subprocess.PIPE)
        self.addCleanup(news.stdout.close)
        self.addCleanup(news.wait)
        self.addCleanup(news.kill)
        news.stdout.readline()
        (self.dir / "own.yaml").write_text(CONF)
        self.buildah("copy", "--quiet", self.container, self.dir / "own.yaml", "/etc/wireroom/conf.d/own.yaml")
        self.assertFalse(self.healthy())  # there is none yet
        process = self.start()
        try:
            until("it is healthy", self.healthy)
        except AssertionError as e:
            raise AssertionError((self.dir / "log").read_text()) from e
        daemon = self.daemon_of(process)
        self.assertNotIn("0", pathlib.Path(f"/proc/{daemon}/status").read_text().split("Uid:")[1].splitlines()[0].split())
        self.ask("feeds", "add", f"{NEWS}/harbour.xml")
        until("an article", lambda: "Report harbour" in self.ask("tail", "--since", "0", "--no-follow"))
        began = time.monotonic()
        os.kill(daemon, signal.SIGTERM)
        self.assertEqual(process.wait(machine.PATIENCE), 0)
        took = time.monotonic() - began
        print(f"stopped in {took:.2f} s", file=sys.stderr)
        self.assertLessEqual(took, STOP_LIMIT)
        self.assertFalse(self.healthy())
        process = self.start()  # and what it had is there again
        until("it is healthy again", self.healthy)
        self.assertIn("Report harbour", self.ask("tail", "--since", "0", "--no-follow"))
        os.kill(self.daemon_of(process), signal.SIGTERM)
        process.wait(machine.PATIENCE)


if __name__ == "__main__":
    unittest.main()
