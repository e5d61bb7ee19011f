"""A Debian 12 that boots with its own systemd: made once by debootstrap and kept in build/system, booted by systemd-nspawn over
an overlay that is thrown away, with a network of its own in which there is nothing but loopback."""
import json, os, pathlib, re, shutil, subprocess, tempfile, time

SOURCE = pathlib.Path(os.environ.get("WIREROOM_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
CACHE = SOURCE / "build" / "system"
MIRROR = os.environ.get("WIREROOM_MIRROR", "http://deb.debian.org/debian")
PATIENCE = float(os.environ.get("WIREROOM_PATIENCE", 60))  # seconds anything may take on a busy machine
NETWORK = 1800  # seconds that packages may take to come


def say(*words, ok=True, timeout=120, **more):
    """What a program prints; ok: it has to end with 0."""
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=timeout, **more)
    if ok and done.returncode != 0:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done if not ok else done.stdout


def until(what, condition, patience=PATIENCE):
    end = time.monotonic() + patience
    while not (value := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {patience:.0f} s in vain: {what}")
        time.sleep(0.1)
    return value


def why_not():
    """Why no machine can be booted here, or None."""
    if os.geteuid() != 0:
        return "only root boots a machine"
    for program in ("debootstrap", "systemd-nspawn", "nsenter", "unshare"):
        if shutil.which(program) is None:
            return f"there is no {program}"
    if say("unshare", "-m", "sh", "-c", overlay("/", "/mnt"), ok=False).returncode != 0:
        return "no overlay can be mounted"
    return None


def overlay(lower, at):
    """A shell's words: a copy of lower at AT/root that holds what is written to it in memory."""
    return (f"mount -t tmpfs -o mode=755 none {at} && mkdir {at}/upper {at}/work {at}/root && "
            f"mount -t overlay none -o lowerdir={lower},upperdir={at}/upper,workdir={at}/work {at}/root")


def depends(package):
    """The names of the packages that one depends on; of alternatives the first."""
    found = say("dpkg-deb", "-f", package, "Depends")
    return sorted({re.split(r"[ (:|]", word.strip())[0] for word in found.split(",")})


def debian(package):
    """The folder with Debian 12 and all that the package depends on. Only its first making, and new dependencies, use a network."""
    root, stamp, wanted = CACHE / "debian12", CACHE / "debian12.holds", "\n".join(depends(package))
    if stamp.exists() and stamp.read_text() == wanted:
        return root
    CACHE.mkdir(parents=True, exist_ok=True)
    if not stamp.exists():
        shutil.rmtree(root, ignore_errors=True)
        say("debootstrap", "--variant=minbase", "--include=systemd,systemd-sysv,ca-certificates", "bookworm", root, MIRROR, timeout=NETWORK)
    say("chroot", root, "sh", "-c", "apt-get -qq update && apt-get -qq -y --no-install-recommends install " + wanted.replace("\n", " "),
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, timeout=NETWORK)
    stamp.write_text(wanted)
    return root


class Machine:
    """One that runs; do() runs a command in it, as root."""

    def __init__(self, root):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-machine-"))
        self.console = open(self.dir / "console", "w+b")
        script = overlay(root, self.dir) + (f" && exec systemd-nspawn -D {self.dir}/root --register=no --keep-unit --private-network"
                                            " -b --console=pipe")
        self.boot = subprocess.Popen(["unshare", "-m", "sh", "-c", script], stdin=subprocess.DEVNULL, stdout=self.console,
                                     stderr=subprocess.STDOUT)
        try:
            self.pid = until("systemd starts", self.find_systemd)
            until("the machine is up", lambda: self.do("systemctl", "is-system-running", ok=False).stdout.strip() in ("running", "degraded"))
        except BaseException:
            self.end()
            raise

    def find_systemd(self):
        """The first process of the machine, by its number out here."""
        if self.boot.poll() is not None:
            self.console.seek(0)
            raise AssertionError(f"it does not boot:\n{self.console.read().decode(errors='replace')}")
        children = pathlib.Path(f"/proc/{self.boot.pid}/task/{self.boot.pid}/children").read_text().split()
        return next((pid for pid in children if pathlib.Path(f"/proc/{pid}/comm").read_text() == "systemd\n"), None)

    def do(self, *words, **more):
        return say("nsenter", "-t", self.pid, "-a", *words, **more)

    def beside(self, *words, **more):
        """A program of this system in the machine's network."""
        return subprocess.Popen(["nsenter", "-t", self.pid, "-n", *map(str, words)], **more)

    def path(self, name):
        return pathlib.Path(f"/proc/{self.pid}/root{name}")

    def show(self, name, unit="wireroomd"):
        return self.do("systemctl", "show", "-P", name, unit).strip()

    def journal(self, *words):
        """What the unit logged since the machine is up, newest last."""
        told = self.do("journalctl", "--no-pager", "-o", "json", "-u", "wireroomd", *words)
        return [json.loads(line) for line in told.splitlines()]

    def end(self):
        if self.boot.poll() is None:
            self.boot.terminate()  # an orderly end, to systemd-nspawn
            try:
                self.boot.wait(30)
            except subprocess.TimeoutExpired:
                self.boot.kill()
                self.boot.wait()
        self.console.close()
        shutil.rmtree(self.dir, ignore_errors=True)
