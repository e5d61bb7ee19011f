"""What the benches share: where things lie, the daemon in a folder of its own, its CPU time and memory."""
import atexit, os, pathlib, signal, subprocess, sys, time

HERE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("WIREROOM_BUILD", HERE / "build"))
BENCH = pathlib.Path(os.environ.get("WIREROOM_BENCH", HERE.parent / "shared" / "bench"))
TICK = os.sysconf("SC_CLK_TCK")


class Daemon:
    """wireroomd with its state in a folder of its own."""

    def __init__(self, work, stages="[extract, headline, language, origin, lead, names, quotes, neardup]", interval="2s", timeout="10s",
                 first_fetch="publish-all"):
        self.dir = work / "state"
        self.dir.mkdir()
        self.config = work / "wireroom.yaml"
        self.config.write_text(f"""
http: {{ spacing: 0s, per_host: 6, allow: [127.0.0.0/8], timeout: {timeout}, max_in_flight: 400 }}
poll: {{ min_interval: {interval}, max_interval: {interval}, default_interval: {interval}, first_fetch: {first_fetch} }}
stages: {{ dir: {BUILD}/lib/wireroom/stages, chain: {stages} }}
listen: {{ pub: "ipc://{work}/pub.sock" }}
feeds: [{work}/feeds.opml]
""")
        self.log = None
        self.pub = f"ipc://{work}/pub.sock"
        self.start()
        until(lambda: (work / "pub.sock").exists(), 30, "the daemon does not start")

    def start(self):
        if self.log is None or self.log.closed:
            self.log = open(self.config.parent / "daemon.log", "a")
        self.process = subprocess.Popen([BUILD / "bin" / "wireroomd", "--config", self.config, "--dir", self.dir],
                                        stderr=self.log)
        atexit.register(self.process.kill)

    def family(self):
        pids = [self.process.pid]
        for entry in os.listdir("/proc"):
            if entry.isdigit():
                try:
                    if int(pathlib.Path(f"/proc/{entry}/stat").read_text().rsplit(")", 1)[1].split()[1]) == self.process.pid:
                        pids.append(int(entry))
                except OSError:
                    pass
        return pids

    def cpu(self):
        """CPU seconds of the daemon and its workers."""
        return sum(cpu_of(pid) for pid in self.family())

    def resident(self):
        """MiB of the daemon itself and of the whole family, pages shared with others counted in part."""
        def pss(pid):
            try:
                lines = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            except OSError:
                return 0  # a worker that has just ended
            return sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))
        return pss(self.process.pid), sum(pss(pid) for pid in self.family())

    def end(self):
        self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(60)
        self.log.close()
        return status


def cpu_of(pid):
    """From schedstat where the kernel has it (nanoseconds), else from stat (ticks)."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            total += int(pathlib.Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0]) / 1e9
        except (OSError, IndexError, ValueError):
            pass
    if total:
        return total
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICK


def until(what, seconds, complaint):
    end = time.monotonic() + seconds
    while not what():
        if time.monotonic() > end:
            sys.exit(complaint)
        time.sleep(0.05)


missed = []


def target(name, value, most=None, least=None, unit=""):
    """Print a figure beside what it should be; a bench that missed one ends with missed_any()."""
    met = value <= most if most is not None else value >= least
    print(f"{name}: {value:.4g}{unit}, target at {'most' if most is not None else 'least'} {most if most is not None else least}{unit}: "
          f"{'met' if met else 'MISSED'}", flush=True)
    if not met:
        missed.append(name)


def missed_any():
    """A bench's exit status."""
    return 1 if missed else 0
