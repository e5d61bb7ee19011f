"""The packages that `./dev package` has built: what they hold, run from a folder they are unpacked into; and installed, upgraded
and purged in a copy of this system that is thrown away (an overlay: root only). `./dev test --system` runs it."""
import json, os, pathlib, re, shutil, subprocess, tempfile, unittest

SOURCE = pathlib.Path(os.environ.get("WIREROOM_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
PACKAGES = {p.name.split("_")[0]: p for p in (SOURCE / "build" / "package").glob("*.deb") if "-dbgsym" not in p.name}
BUSY = 600  # seconds that dpkg may take on a busy machine
PAGE = "<!DOCTYPE html><title>Ferry</title><article><h1>Ferry strikes pier</h1>" + 5 * f"<p>{'The ferry struck the pier at dawn. ' * 8}</p>" + "</article>"


def say(*words, **more):
    done = subprocess.run([str(w) for w in words], capture_output=True, text=True, timeout=BUSY, **more)
    if done.returncode != 0:
        raise AssertionError(f"{words}: {done.returncode}\n{done.stdout}{done.stderr}")
    return done.stdout


def can_overlay():
    script = "mount -t tmpfs none /mnt && mkdir /mnt/a /mnt/b /mnt/c && mount -t overlay none -o lowerdir=/,upperdir=/mnt/a,workdir=/mnt/b /mnt/c"
    return os.geteuid() == 0 and subprocess.run(["unshare", "-m", "sh", "-c", script], capture_output=True).returncode == 0


@unittest.skipUnless(shutil.which("dpkg-deb"), "there is no dpkg-deb here")
@unittest.skipUnless(PACKAGES, "no packages in build/package: ./dev package builds them")
class Package(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-"))
        cls.addClassCleanup(shutil.rmtree, cls.dir, ignore_errors=True)
        cls.root = cls.dir / "root"
        for package in PACKAGES.values():
            say("dpkg-deb", "-x", package, cls.root)

    def wireroom(self, *words, **more):
        return say(self.root / "usr" / "bin" / "wireroom", *words, **more)

    def lists(self, name):
        return {line.split()[-1].lstrip(".") for line in say("dpkg-deb", "-c", PACKAGES[name]).splitlines() if not line.endswith("/")}

    def test_each_package_holds_its_part(self):
        self.assertEqual(set(PACKAGES), {"wireroom", "libwireroom0", "libwireroom-dev"})
        daemon, library, headers = (" ".join(sorted(self.lists(n))) for n in ("wireroom", "libwireroom0", "libwireroom-dev"))
        for path in (r"/usr/bin/wireroom ", "/usr/bin/wireroomd ", r"/wireroom/stages/story\.so", r"/lib/systemd/system/wireroomd\.service",
                     r"/man1/wireroom\.1\.gz", r"/man8/wireroomd\.8\.gz", "/bash-completion/completions/wireroom", "/vendor-completions/_wireroom",
                     r"/examples/subscriber\.py", r"/etc/wireroom/wireroom\.yaml", r"/sysusers\.d/wireroom\.conf", r"/feeds/starter\.opml"):
            self.assertRegex(daemon, path)
        self.assertRegex(library, r"/libwireroom\.so\.0")
        for path in (r"/include/wireroom\.h", r"/include/wireroom/stage\.h", r"/pkgconfig/wireroom\.pc", r"/pkgconfig/libwireroom\.pc",
                     r"/cmake/wireroom/wireroomConfig\.cmake", r"/examples/stage/", r"/man3/libwireroom\.3\.gz"):
            self.assertRegex(headers, path)

    def test_the_version_is_the_programs_with_its_commit(self):
        told = json.loads(self.wireroom("version", "--json"))
        version = say("dpkg-deb", "-f", PACKAGES["wireroom"], "Version").strip()
        self.assertTrue(version.startswith(told["version"]), version)
        self.assertRegex(told["commit"], r"^([0-9a-f]{12}\+?)?$")

    def test_it_runs_from_where_it_is_unpacked(self):
        stages = self.wireroom("stages", "list")
        self.assertIn("extract", stages)
        self.assertNotIn("/build/", stages)
        page = self.dir / "page.html"
        page.write_text(PAGE)
        self.assertEqual(json.loads(self.wireroom("extract", page))["title"], "Ferry strikes pier")
        config = self.root / "etc" / "wireroom" / "wireroom.yaml"
        self.assertEqual(self.wireroom("check-config", config), f"{config}: ok\n")

    def test_what_the_distribution_lacks_comes_along(self):
        wanted = say("dpkg-deb", "-f", PACKAGES["wireroom"], "Depends")
        bundled = [p for p in self.lists("wireroom") if "liblexbor" in p]
        if json.loads(self.wireroom("version", "--json"))["htmlParser"].startswith("lexbor"):
            self.assertNotEqual("liblexbor" in wanted, bool(bundled))
        for program in (self.root / "usr" / "lib").glob("*/wireroom/stages/extract.so"):
            if bundled:
                self.assertRegex(say("ldd", program), rf"liblexbor\S+ => {re.escape(str(self.root))}/")

    @unittest.skipUnless(can_overlay(), "no overlay of this system can be mounted here")
    def test_installed_upgraded_removed_and_purged(self):
        say("dpkg-deb", "-R", PACKAGES["wireroom"], self.dir / "next")
        control = self.dir / "next" / "DEBIAN" / "control"
        control.write_text(re.sub(r"(?m)^(Version: .*)$", r"\1+next", control.read_text()))
        say("dpkg-deb", "-b", self.dir / "next", self.dir / "next.deb")
        shutil.copy(PACKAGES["wireroom"], self.dir / "this.deb")
        script = self.dir / "script"
        script.write_text(f"""
set -eux
mount -t tmpfs none /mnt
mkdir /mnt/upper /mnt/work /mnt/root
mount -t overlay none -o lowerdir=/,upperdir=/mnt/upper,workdir=/mnt/work /mnt/root
mount -t proc none /mnt/root/proc
mount -t tmpfs none /mnt/root/run
mkdir /mnt/root/packages
cp {self.dir}/this.deb {self.dir}/next.deb /mnt/root/packages/
exec chroot /mnt/root sh -eux -c '
export DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin
dpkg --force-depends -i /packages/this.deb
getent passwd wireroom
test -d /etc/wireroom/conf.d
wireroom check-config
[ -e /etc/systemd/system/multi-user.target.wants/wireroomd.service ]
echo "instance: kept" >/etc/wireroom/wireroom.yaml
echo "poll: {{default_interval: 7m}}" >/etc/wireroom/conf.d/own.yaml
mkdir -p /var/lib/wireroom && echo store >/var/lib/wireroom/wireroom.db
dpkg --force-depends -i /packages/next.deb
dpkg-query -W wireroom | grep -q "+next$"
grep -q kept /etc/wireroom/wireroom.yaml
grep -q 7m /etc/wireroom/conf.d/own.yaml
grep -q store /var/lib/wireroom/wireroom.db
dpkg -r wireroom
test ! -e /usr/bin/wireroomd
grep -q kept /etc/wireroom/wireroom.yaml
grep -q store /var/lib/wireroom/wireroom.db
dpkg -P wireroom
test ! -e /etc/wireroom
test ! -e /var/lib/wireroom
test ! -e /etc/systemd/system/multi-user.target.wants/wireroomd.service
'
""")
        say("unshare", "-m", "bash", script)


if __name__ == "__main__":
    unittest.main()
