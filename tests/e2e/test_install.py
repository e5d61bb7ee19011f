"""What `cmake --install` puts in place, and the unit it puts there."""
import os, pathlib, re, shutil, subprocess, tempfile, unittest

import harness


class Install(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="wireroom-"))
        cls.addClassCleanup(shutil.rmtree, cls.root, ignore_errors=True)
        cls.install()
        cache = (harness.BUILD / "CMakeCache.txt").read_text()
        cls.prefix = cls.root / re.search(r"CMAKE_INSTALL_PREFIX:PATH=/(.*)", cache)[1]

    @classmethod
    def install(cls):
        subprocess.run(["cmake", "--install", harness.BUILD], env={**os.environ, "DESTDIR": str(cls.root)}, check=True,
                       stdout=subprocess.DEVNULL)

    def find(self, pattern):
        return {path.name for path in self.root.glob(pattern)}

    def test_programs_stages_header_schema_and_manuals_are_installed(self):
        self.assertEqual(self.find("**/bin/*"), {"wireroomd", "wireroom"})
        self.assertLessEqual({"extract.so", "headline.so", "language.so", "neardup.so"}, self.find("**/wireroom/stages/*.so"))
        self.assertEqual(self.find("**/include/wireroom/*"), {"stage.h"})
        self.assertIn("event.schema.json", self.find("**/share/wireroom/*"))
        self.assertIn("starter.opml", self.find("**/share/wireroom/feeds/*"))
        manuals = self.find("**/man/man*/*")
        self.assertLessEqual({"wireroom.1", "wireroomd.8", "wireroom.yaml.5"}, manuals)
        for stage in ("extract", "headline", "language", "neardup"):
            self.assertIn(f"wireroom-{stage}.7", manuals)

    def test_service_account_and_configuration_are_installed(self):
        self.assertEqual(self.find("**/lib/systemd/system/*"), {"wireroomd.service"})
        self.assertEqual(self.find("**/lib/sysusers.d/*"), {"wireroom.conf"})
        self.assertEqual(self.find("**/lib/tmpfiles.d/*"), {"wireroom.conf"})
        self.assertIn("wireroom.yaml", self.find("**/etc/wireroom/*"))

    def test_an_operators_configuration_is_never_overwritten(self):
        (conf,) = self.root.glob("**/etc/wireroom/wireroom.yaml")
        conf.write_text("instance: mine\n")
        self.install()
        self.assertEqual(conf.read_text(), "instance: mine\n")
        self.assertTrue(conf.with_name("wireroom.yaml.new").exists())

    @unittest.skipUnless(shutil.which("systemd-analyze"), "systemd-analyze is not here")
    def test_the_unit_verifies_and_exposes_little(self):
        result = subprocess.run([harness.SOURCE / "systemd" / "check", harness.BUILD], capture_output=True, text=True)
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        self.assertRegex(result.stdout, r"exposure of wireroomd.service: [01]\.\d of 10")

    def test_the_unit_names_programs_that_are_installed(self):
        (unit,) = self.root.glob("**/wireroomd.service")
        for program in re.findall(r"^Exec(?:Start|StartPre|Reload)=(\S+)", unit.read_text(), re.M):
            self.assertTrue((self.root / program.lstrip("/")).exists(), program)


if __name__ == "__main__":
    harness.main()
